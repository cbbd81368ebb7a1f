#!/usr/bin/env bash
# pykalman 0.11.2: the square-root unscented filter is another one than the plain filter as soon
# as a noise is correlated or two numbers are observed at a time.
#
# Packages: pykalman 0.11.2, numpy 2.4.6, scipy 1.17.1, scikit-base 0.13.1, packaging 26.4.
#
# Expected: `pykalman.sqrt.AdditiveUnscentedKalmanFilter` carries square roots of covariances for
# numerical stability, and gives what `AdditiveUnscentedKalmanFilter` gives; for linear functions
# both are the Kalman filter and smoother.
#
# Happens: covariances are kept as S with S' S, but used as S S' in places. The noises come in as
# upper triangular factors whose columns, not rows, are taken for deviations, so that their
# covariance becomes S S'; the gain solves with S S' instead of S' S, and what is subtracted from
# the covariance is gain times S instead of gain times S'. With diagonal noises and one number
# observed it makes no difference.
#
# Seen, two states, linear, 7 steps, largest difference of a filtered mean from the exact one
# (by the joint normal distribution):
#                                          plain      square root
#   one number, noises diagonal            4e-15      5e-15
#   one number, state noise correlated     5e-15      0.053
#   two numbers, noises diagonal           5e-15      0.62
#   two numbers, noises correlated         1e-14      0.15
#
# Matters for: everyone who takes the square-root filter because it is the safer one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pykalman==0.11.2 numpy==2.4.6 scipy==1.17.1 scikit-base==0.13.1 packaging==26.4
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pykalman import AdditiveUnscentedKalmanFilter as Plain
from pykalman.sqrt import AdditiveUnscentedKalmanFilter as SquareRoot

STEPS, STATES = 7, 2
MOVE, START, SPREAD = np.array([[1.0, 0.7], [-0.2, 0.9]]), np.array([0.5, -1.0]), np.array([[1.0, 0.3], [0.3, 2.0]])


def exact(noise, look, error, seen):
    """Mean and covariance of each state given what has been seen until then."""
    covariance, means = np.zeros((STEPS * STATES,) * 2), []
    mean, spread = START, SPREAD
    for t in range(STEPS):
        means.append(mean)
        block = spread
        for u in range(t, STEPS):
            covariance[2 * t : 2 * t + 2, 2 * u : 2 * u + 2] = block
            covariance[2 * u : 2 * u + 2, 2 * t : 2 * t + 2] = block.T
            block = block @ MOVE.T
        mean, spread = MOVE @ mean, MOVE @ spread @ MOVE.T + noise
    mean, size = np.concatenate(means), len(error)
    looks, errors = np.kron(np.eye(STEPS), look), np.kron(np.eye(STEPS), error)
    filtered, covariances = [], []
    for t in range(STEPS):
        until, now = slice(0, size * (t + 1)), slice(2 * t, 2 * t + 2)
        part = looks[until]
        gain = covariance @ part.T @ np.linalg.inv(part @ covariance @ part.T + errors[until, until])
        filtered.append((mean + gain @ (seen.ravel()[until] - part @ mean))[now])
        covariances.append((covariance - gain @ part @ covariance)[now, now])
    return np.array(filtered), np.array(covariances)


rng = np.random.default_rng(0)
one, two = np.array([[1.0, 0.5]]), np.array([[1.0, 0.5], [0.3, -1.0]])
together, apart = np.array([[0.3, 0.1], [0.1, 0.4]]), np.diag([0.3, 0.4])
cases = {
    "one number, noises diagonal": (apart, one, np.array([[0.6]])),
    "one number, state noise correlated": (together, one, np.array([[0.6]])),
    "two numbers, noises diagonal": (apart, two, np.diag([0.6, 0.5])),
    "two numbers, noises correlated": (together, two, np.array([[0.6, 0.2], [0.2, 0.5]])),
}
for name, (noise, look, error) in cases.items():
    seen = rng.normal(size=(STEPS, len(look))) * 2
    right = exact(noise, look, error, seen)
    gaps = []
    for kind in (Plain, SquareRoot):
        model = kind(lambda x: MOVE @ x, lambda x: look @ x, noise, error, START, SPREAD, random_state=0)
        gaps.append([np.abs(found - meant).max() for found, meant in zip(model.filter(seen), right)])
    print(f"{name:36} means: plain {gaps[0][0]:.1e}, square root {gaps[1][0]:.2g}; covariances: {gaps[0][1]:.1e}, {gaps[1][1]:.2g}")
    assert max(gaps[0]) < 1e-9
    assert max(gaps[1]) < 1e-9 if name == "one number, noises diagonal" else min(gaps[1]) > 0.01
PY
