#!/usr/bin/env bash
# insurance-conformal-ts 0.2.0: a controller of the coverage has the wrong sign: intervals that
# cover too little are made narrower, and what covers too much is made infinite.
#
# Packages: insurance-conformal-ts 0.2.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `ConformalPID` moves the level by proportional, integral and derivative terms of the
# coverage error until the coverage is as asked for. A comment in its code says it: too little
# coverage, decrease alpha and widen intervals. With a larger gain that is faster.
#
# Happens: the error is coverage less 1 - alpha, and it is subtracted from alpha: with too little
# coverage alpha grows. The quantile is taken at that level, so that intervals become narrower.
#
# Seen, forecasts of 0, noise whose deviation grows from 1 to 4 within 2,000 steps, 90 % asked for,
# a window of 200:
#   gain Kp                          0       .5      2
#   covered, of 2,000                .871    .863    1.000, all intervals infinite
#   with the sign of the comment     .871    DD      .894
# The first interval is infinite and covers: that is too much, and is answered with a lower alpha.
#
# Matters for: series whose noise grows, for which the controller is meant.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-conformal-ts==0.2.0
venv/bin/python -W ignore - <<'PY'
import math

import numpy as np
from insurance_conformal_ts import AbsoluteResidualScore, ConformalPID

STEPS, ALPHA, WINDOW = 2000, 0.1, 200
y = np.random.default_rng(0).normal(size=STEPS) * np.linspace(1, 4, STEPS)


class Zero:
    """Forecasts 0."""

    def fit(self, y, X=None):
        return self

    def predict(self, X=None):
        return np.zeros(1)


def package(gain):
    predictor = ConformalPID(Zero(), score=AbsoluteResidualScore(clip_lower=False), Kp=gain, Ki=0, Kd=0, window_size=WINDOW).fit(y[:1])
    low, high = predictor.predict_interval(y, alpha=ALPHA)
    return np.mean((low <= y) & (y <= high)), np.mean(np.isinf(high))


def by_hand(gain, sign):
    """Coverage with a level of alpha + sign * gain * (coverage so far - (1 - alpha))."""
    hits, scores = [], []
    for value in np.abs(y):
        error = np.mean(hits) - (1 - ALPHA) if hits else 0.0
        level = float(np.clip(ALPHA + sign * gain * error, 1e-6, 1 - 1e-6))
        rank = math.ceil((1 - level) * (len(scores[-WINDOW:]) + 1)) / max(len(scores[-WINDOW:]), 1)
        half = np.quantile(scores[-WINDOW:], rank) if scores and rank <= 1 else math.inf
        hits.append(value <= half)
        scores.append(value)
    return np.mean(hits)


found, right = {}, {}
for gain in (0.0, 0.5, 2.0):
    found[gain], infinite = package(gain)
    right[gain] = by_hand(gain, 1)
    print(f"gain {gain}: covered {found[gain]:.3f}, infinite {infinite:.3f}; with the sign of the comment {right[gain]:.3f}")
    assert np.isclose(found[gain], by_hand(gain, -1))
assert found[2.0] == infinite == 1
assert found[0.5] < found[0.0] < right[0.5] < 0.9 and found[0.0] < right[2.0] < 0.9
PY
