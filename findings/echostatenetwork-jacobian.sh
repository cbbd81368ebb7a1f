#!/usr/bin/env bash
# echostatenetwork 0.2.3: the Jacobian remembers the first input scale that it was asked with: after training on data
# in another unit it is ten times too large, after a change of `sigma_in` five times.
#
# Packages: echostatenetwork 0.2.3, scipy 1.17.1, matplotlib 3.11.2, numpy 2.4.6.
#
# Expected: `Jacobian` is the "analytical Jacobian of the one-step map", with sigma_in, the input weights and the
# data's norm in it: what differences of `step` give.
#
# Happens: the product of these three is kept from the first call on, and dropped only when the input weights are
# replaced. `sigma_in` may be set, and training once more sets the norm of the new data (it does train, though it
# prints that it skips), with the same input weights.
#
# Seen, 40 units, two series, largest entry of the Jacobian, and of differences of `step`
#                                              Jacobian    differences
#   after training                             2.05        2.05
#   sigma_in from 0.5 to 0.1                   2.07        0.41
#   trained again on ten times the data        20.5        2.05
#   a network that was not asked before        2.05        2.05
#
# Matters for: Lyapunov exponents and data assimilation with these Jacobians, and searches over sigma_in.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps echostatenetwork==0.2.3
venv/bin/python -W ignore - <<'PY'
import numpy as np
from echostatenetwork import EchoStateNetwork

UNITS, STEP = 40, 1e-5
t = 0.02 * np.arange(3000)
y = np.stack([np.sin(t), np.cos(1.3 * t)], 1)
point, state = np.array([[0.3], [0.5]]), np.random.default_rng(0).uniform(-0.3, 0.3, (UNITS, 1))


def made():
    times = {"t_train": 30.0, "t_val": 5.0, "t_test": 2.0, "upsample": 1, "dt": 0.02}
    settings = {"sigma_in": 0.5, "rho": 0.6, "tikh": 1e-6, "hyperparameters_to_optimize": [], "verbose": False}
    return EchoStateNetwork(y.T[:, :1], N_units=UNITS, **times, **settings)


def both(name, network, at):
    """Largest entry of the Jacobian, and of central differences."""
    found = np.asarray(network.Jacobian(at, state))
    moves = [STEP * move[:, None] for move in np.eye(2)]
    columns = [(network.step(at + move, state)[0] - network.step(at - move, state)[0]) / (2 * STEP) for move in moves]
    right = np.hstack(columns)
    print(f"{name:38} Jacobian {abs(found).max():.3f}, differences {abs(right).max():.3f}")
    return found, right


network, fresh = made(), made()
network.train(y, plot_training=False)
found, right = both("after training", network, point)
assert np.allclose(found, right, atol=1e-6)
network.sigma_in = 0.1
found, right = both("sigma_in from 0.5 to 0.1", network, point)
assert np.allclose(found, 5 * right, rtol=0.01, atol=0.01)
network.sigma_in = 0.5
network.train(10 * y, plot_training=False)
found, right = both("trained again on ten times the data", network, 10 * point)
assert np.allclose(found, 10 * right, rtol=1e-4, atol=1e-6)
fresh.train(10 * y, plot_training=False)
found, right = both("a network that was not asked before", fresh, 10 * point)
assert np.allclose(found, right, atol=1e-6)
PY
