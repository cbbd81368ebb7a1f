#!/usr/bin/env bash
# pydlm 0.1.1.13: a forecast for forty steps is as sure as one for a single step, and a gap of
# twenty observations as one of one.
#
# Packages: pydlm 0.1.1.13, numpy 2.4.6, matplotlib 3.11.2.
#
# Expected: in the dynamic linear models of West and Harrison, which the package follows, each
# step ahead adds the innovation of the next step to the variance of the state. With a discount d
# and noise v, after many observations, the state has variance (1 - d) v, the innovation
# v (1 - d)^2 / d, and a forecast of k steps v ((1 - d) + k (1 - d)^2 / d + 1).
#
# Happens: the innovation is added for the first step of a forecast or of a gap. From the second on
# only the transition is applied, so that a level's variance stays what it was.
#
# Seen, a level with discount .7 and noise 1, 60 series of 120 observations drawn from that model,
# forecasts of 1, 10 and 40 steps:
#                                       1       10      40
#   variance over noise: right          1.43    2.59    6.44
#                        package        1.43    1.43    1.43
#   95 % intervals contain              .95     .84     .66
#   middle of a gap, smoothed variance over that without one:
#     gap of 1      right 1.21    package 1.01
#     gap of 20     right 4.67    package .96
#
# Matters for: `predictN` and `plot` with their intervals, and series with missing values.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pydlm==0.1.1.13
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import logging

import numpy as np
from pydlm import dlm, trend

logging.disable(logging.CRITICAL)
DISCOUNT, LENGTH, AHEAD, SERIES = 0.7, 120, 40, 60
STEP = (1 - DISCOUNT) ** 2 / DISCOUNT


def fitted(seen):
    model = dlm(seen) + trend(degree=0, discount=DISCOUNT, name="level", w=1.0)
    model.fitForwardFilter()
    return model


def ahead(model):
    """Means, variances and the noise that the model has come to."""
    means, variances = (np.ravel(part).astype(float) for part in model.predictN(N=AHEAD, date=model.n - 1))
    return means, variances, float(np.ravel(model.getVar("forwardFilter"))[-1]) / (2 - DISCOUNT)


rng = np.random.default_rng(0)
inside, ratios = [], []
for _ in range(SERIES):
    level = np.cumsum(rng.normal(size=LENGTH + AHEAD) * np.sqrt(STEP))
    numbers = level + rng.normal(size=LENGTH + AHEAD)
    means, variances, noise = ahead(fitted(numbers[:LENGTH].tolist()))
    inside.append(np.abs(numbers[LENGTH:] - means) < 1.96 * np.sqrt(variances))
    ratios.append(variances / noise)
inside, ratios = np.mean(inside, axis=0), np.mean(ratios, axis=0)
right = (1 - DISCOUNT) + np.arange(1, AHEAD + 1) * STEP + 1
for step in (1, 10, 40):
    near = slice(max(step - 5, 0), step) if step > 1 else slice(0, 1)
    print(f"{step:2} steps: variance over noise right {right[step - 1]:.2f}, package {ratios[step - 1]:.2f}; share inside of 95 % intervals, last five steps, {inside[near].mean():.2f}")
assert abs(ratios[0] - right[0]) < 0.02 and np.allclose(ratios, ratios[0])
assert inside[0] > 0.88 and inside[35:].mean() < 0.8

numbers = np.cumsum(rng.normal(size=LENGTH) * np.sqrt(STEP)) + rng.normal(size=LENGTH)


def in_gap(size):
    """The smoothed variance of the level in the middle of a gap, over that before it."""
    seen = numbers.tolist()
    seen[60 : 60 + size] = [None] * size
    model = fitted(seen)
    model.fitBackwardSmoother()
    spread = [float(cov[0, 0]) for cov in model.getLatentCov(filterType="backwardSmoother")]
    return spread[60 + size // 2] / spread[30]


def exact(size):
    """The same by the joint normal distribution of levels and numbers."""
    moved = 100 + STEP * np.minimum.outer(np.arange(LENGTH), np.arange(LENGTH))
    kept = [t for t in range(LENGTH) if not 60 <= t < 60 + size]
    gain = moved[:, kept] @ np.linalg.inv(moved[np.ix_(kept, kept)] + np.eye(len(kept)))
    spread = np.diag(moved - gain @ moved[kept])
    return spread[60 + size // 2] / spread[30]


for size in (1, 20):
    print(f"gap of {size:2}: smoothed variance over that without a gap: right {exact(size):.2f}, package {in_gap(size):.2f}")
assert exact(20) > exact(1) + 1 and abs(in_gap(20) - in_gap(1)) < 0.15
PY
