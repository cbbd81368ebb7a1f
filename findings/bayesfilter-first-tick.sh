#!/usr/bin/env bash
# bayesfilter 0.2.0: `run` moves the initial state on by one step before the first observation and
# gives it the time of the start: whoever is at 0 at time 0 is at 10 at time 0.
#
# Packages: bayesfilter 0.2.0, numpy 2.4.6.
#
# Expected: `run(observations, times_s, rate_hz)` filters at a fixed rate, "start at the start of
# times_s". The initial state is that of the start, as in `run_synchronous`, which returns
# it for times_s[0] and predicts from there to times_s[1] by their difference.
#
# Happens: at every tick, the first one too, the state is predicted by 1 / rate before what was
# observed is taken in. No time has passed at the first tick. All states are a step
# early, the noise of one step too many is in them, and `RTS` smooths what is left of it.
#
# Seen, position and velocity 0 and 10, known exactly, no noise, nothing observed but the positions
# at the times 0, 1, 2, 3 with variance 100:
#   right                            0.0      10.0     20.0     30.0
#   run_synchronous                  0.0      10.0     20.0     30.0
#   run, 1 Hz                        10.0     20.0     30.0     40.0
#   RTS.smooth, 1 Hz                 10.0     20.0     30.0     40.0
# A random walk of variance 1 from a known 0, seen at times 0 and 1 as 3 and 3, variance 1:
#   right mean and variance at 1     1.5000  .5000   (what is known at 0 is known)
#   run, 1 Hz                        2.4000  .6000
#
# Matters for: low rates most; forecasts from the last state are right if it has been observed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bayesfilter==0.2.0
venv/bin/python - 2> /dev/null <<'PY'
import numpy as np
from bayesfilter.distributions import Gaussian
from bayesfilter.filtering import BayesianFilter
from bayesfilter.model import StateTransitionModel
from bayesfilter.observation import Observation
from bayesfilter.smoothing import RTS


def filter_of(move, noise, mean, covariance):
    model = StateTransitionModel(lambda state, step: move(step) @ state, noise, lambda state, step: move(step))
    return BayesianFilter(model, Gaussian(mean, covariance))


def positions(values, variance, size):
    row = np.eye(1, size)
    return [Observation(np.array([value]), np.array([[variance]]), lambda state: row @ state, lambda state: row) for value in values]


def moving(step):
    return np.array([[1.0, step], [0.0, 1.0]])


def walker():
    return filter_of(moving, 1e-12 * np.eye(2), np.array([0.0, 10.0]), 1e-9 * np.eye(2))


times = np.arange(4.0)
right = 10 * times
seen = positions(right, 100.0, 2)
states, ticks = walker().run(seen, times, rate_hz=1.0, use_jacobian=True)
found = {
    "run_synchronous": walker().run_synchronous(seen[1:], times, use_jacobian=True),
    "run, 1 Hz": states[:4],
    "RTS.smooth, 1 Hz": RTS(walker()).smooth(seen, times, 1.0, use_jacobian=True)[:4],
}
assert np.array_equal(ticks[:4], times)
print("right", right)
for name, states in found.items():
    found[name] = np.array([state.mean()[0] for state in states])
    print(name, found[name].round(3))
assert np.allclose(found["run_synchronous"], right, atol=1e-3)
assert np.allclose(found["run, 1 Hz"], right + 10, atol=1e-3) and np.allclose(found["RTS.smooth, 1 Hz"], right + 10, atol=1e-3)

# A random walk from a known 0: x0 = 0, x1 normal with variance 1, seen as 3 each time.
precision = np.array([[1e9 + 1 + 1, -1.0], [-1.0, 1 + 1]])  # of x0 and x1: prior, step, observations
joint = np.linalg.inv(precision)
expected = (joint @ np.array([3.0, 3.0]))[1], joint[1, 1]
walk = filter_of(lambda step: np.eye(1), np.eye(1), np.zeros(1), 1e-9 * np.eye(1))
last = walk.run(positions([3.0, 3.0], 1.0, 1), [0.0, 1.0], rate_hz=1.0, use_jacobian=True)[0][1]
print(f"walk at 1: right {expected[0]:.4f} {expected[1]:.4f}, run {last.mean()[0]:.4f} {last.covariance()[0, 0]:.4f}")
assert np.allclose(expected, (1.5, 0.5)) and abs(last.mean()[0] - 2.4) < 1e-3 and abs(last.covariance()[0, 0] - 0.6) < 1e-3
PY
