#!/usr/bin/env bash
# hmm4ds 0.0.6: an autoregressive model is simulated with its variance for a standard deviation: what
# it draws is not what it scores, and training on it finds the square of the variance.
#
# Packages: hmm4ds 0.0.6, numpy 2.4.6.
#
# Expected: `AutoRegressive(ar_coefficients, offset, variance, rng)` draws each number around its
# regression with the variance of the state, as `calculate` scores it and as `Gauss` draws.
#
# Happens: `random_out` gives the variance to `rng.normal`, whose second argument is the standard
# deviation. `calculate` and `reestimate` take it for what it is.
#
# Seen, x(t) = .5 x(t - 1) + noise, 100,000 numbers:
#   variance asked for                     .01       1       4
#   variance of the noise drawn            .0001    1       16
#   found by training on what was drawn    .0001    1       16
#   nats a number, what was drawn          -1.38    1.42    3.61
#   nats a number, of the variance         -.89     1.42    2.11
#
# Matters for: simulations of a model that was trained, and tests by what it should find again.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hmm4ds==0.0.6
venv/bin/python - <<'PY'
import numpy as np
from hmm.observe_float import AutoRegressive

STEPS, COEFFICIENT = 100_000, 0.5


def model(variance):
    made = AutoRegressive(np.array([[COEFFICIENT]]), np.zeros(1), np.array([variance]), np.random.default_rng(0), alpha=0.0, beta=0.0)
    made.initialize_out()
    return made


def nats(made, series):
    """Mean negative log-likelihood that the model itself gives."""
    made.observe([series])
    return -np.log(made.calculate()).mean()


for variance in (0.01, 1.0, 4.0):
    drawn = np.array([0.0] + [float(made) for made in map(model(variance).random_out, np.zeros(STEPS, dtype=int))])
    noise = (drawn[1:] - COEFFICIENT * drawn[:-1]).var()
    proper = np.zeros(STEPS + 1)
    steps = np.random.default_rng(1).normal(0, variance**0.5, STEPS)
    for t in range(STEPS):
        proper[t + 1] = COEFFICIENT * proper[t] + steps[t]
    made = model(variance)
    found, right = nats(made, drawn), nats(made, proper)
    made.observe([drawn])
    made.calculate()
    made.reestimate(np.ones((STEPS, 1)))
    trained = float(made.variance[0])
    print(f"variance {variance}: drawn {noise:.4g}, found by training {trained:.4g}; nats a number {found:.2f}, of the variance {right:.2f}")
    assert np.isclose(noise, variance**2, rtol=0.03) and np.isclose(trained, variance**2, rtol=0.03)
    assert np.isclose(right, 0.5 * np.log(2 * np.pi * np.e * variance), atol=0.02)
PY
