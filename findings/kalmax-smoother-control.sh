#!/usr/bin/env bash
# kalmax 0.3.0: the smoother pairs each step with the control before it: smoothed means go wrong
# where controls change, and time-varying matrices with them.
#
# Packages: kalmax 0.3.0, jax 0.10.2, numpy 2.4.6.
#
# Expected: the state at t is F times the state at t-1 plus B times the control of t plus noise,
# for the filter and the smoother; a smoothed mean is that of the state given all observations
# and controls.
#
# Happens: going back from t to t-1 the smoother predicts with the control (and F, B and Q, if
# they vary) of t-1 instead of t. Without controls, or with the same at all times, it is right.
# The last control is not used at all.
#
# Seen, two states, 7 steps, controls drawn at random, largest differences of means from the
# exact ones (by the joint normal distribution):
#                          filter     smoother
#   no control             3e-15      4e-15
#   the same at all times  6e-15      6e-15
#   random controls        3e-15      1.3
#   F varies               6e-16      0.17
#
# Matters for: smoothed paths of what is steered, where the filter alone looks right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps kalmax==0.3.0
venv/bin/python -W ignore - <<'PY'
import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
import numpy as np
from kalmax import KalmanFilter

STEPS, START, SPREAD = 7, np.array([0.5, -1.0]), np.array([[1.0, 0.3], [0.3, 2.0]])
NOISE, LOOK, ERROR, STEER = np.array([[0.3, 0.1], [0.1, 0.4]]), np.array([[1.0, 0.5]]), np.array([[0.6]]), np.array([[0.5], [1.0]])
STILL = np.array([[1.0, 0.7], [-0.2, 0.9]])


def exact(moves, controls, seen):
    """Means of all states given the observations until then, and given all."""
    mean, means, covariance = START, [], np.zeros((2 * STEPS,) * 2)
    spread = SPREAD
    for t in range(STEPS):
        mean, spread = moves[t] @ mean + STEER @ controls[t], moves[t] @ spread @ moves[t].T + NOISE
        means.append(mean)
        block = spread
        for u in range(t, STEPS):
            covariance[2 * t : 2 * t + 2, 2 * u : 2 * u + 2] = block
            covariance[2 * u : 2 * u + 2, 2 * t : 2 * t + 2] = block.T
            block = block @ moves[u + 1].T if u + 1 < STEPS else block
    prior, looks = np.concatenate(means), np.kron(np.eye(STEPS), LOOK)

    def given(count):
        part = looks[:count]
        gain = covariance @ part.T @ np.linalg.inv(part @ covariance @ part.T + ERROR * np.eye(count))
        return (prior + gain @ (seen.ravel()[:count] - part @ prior)).reshape(STEPS, 2)

    return np.array([given(t + 1)[t] for t in range(STEPS)]), given(STEPS)


rng = np.random.default_rng(0)
seen, controls = rng.normal(size=(STEPS, 1)) * 2, rng.normal(size=(STEPS, 1))
same, varying = np.stack([STILL] * STEPS), np.stack([STILL * scale for scale in rng.uniform(0.3, 1.2, STEPS)])
none = np.zeros((STEPS, 1))
for name, moves, steered in (
    ("no control", same, none),
    ("the same at all times", same, none + 0.7),
    ("random controls", same, controls),
    ("F varies", varying, none),
):
    model = KalmanFilter(2, 1, dim_U=1, mu0=jnp.array(START), sigma0=jnp.array(SPREAD), B=jnp.array(STEER), Q=jnp.array(NOISE), H=jnp.array(LOOK), R=jnp.array(ERROR))
    means, covariances = model.filter(jnp.array(seen), U=jnp.array(steered), F=jnp.array(moves))
    smoothed, _ = model.smooth(means, covariances, U=jnp.array(steered), F=jnp.array(moves))
    filtered, right = exact(moves, steered, seen)
    first, second = np.abs(means - filtered).max(), np.abs(smoothed - right).max()
    print(f"{name:22} filter {first:.1e}  smoother {second:.2g}")
    assert first < 1e-9
    assert second > 0.1 if name in ("random controls", "F varies") else second < 1e-9
PY
