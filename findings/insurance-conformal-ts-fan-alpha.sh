#!/usr/bin/env bash
# insurance-conformal-ts 0.2.0: the level that a fan of intervals is asked for is not used: 50 %
# intervals are the 90 % ones of the calibration.
#
# Packages: insurance-conformal-ts 0.2.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `MSCP.predict_fan(alpha=0.5)` and `predict_interval_sequence(y, h, alpha=0.5)` have an
# argument for the "miscoverage level. If None, uses the alpha from `calibrate()`".
#
# Happens: the argument is put into a variable that nothing reads. The quantiles are those that
# `calibrate` has computed for its own level; the scores from which others could be taken are
# there.
#
# Seen, 600 normal numbers around 20, calibrated with alpha = .1, one step ahead:
#   alpha asked for    width, right     found
#   .1                 3.26             3.26
#   .5                 1.35             3.26
#   .9                 .25              3.26
#   of 2,000 further numbers the 50 % interval contains 91 %
#
# Matters for: fans drawn with several levels, whose bands lie on each other, and for any level
# asked for after calibration.
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
from insurance_conformal_ts import MSCP


class Mean:
    """Forecasts the mean."""

    def fit(self, y, X=None):
        self.mean = float(np.mean(y))
        return self

    def predict(self, X=None):
        return np.array([self.mean])


rng = np.random.default_rng(0)
train, calibration, later = rng.normal(20, 1, 100), rng.normal(20, 1, 600), rng.normal(20, 1, 2000)
predictor = MSCP(Mean(), H=1).fit(train).calibrate(calibration, alpha=0.1)
scores = np.sort(np.abs(calibration[1:] - train.mean()))
found = {}
for alpha in (0.1, 0.5, 0.9):
    right = 2 * scores[math.ceil((1 - alpha) * (len(scores) + 1)) - 1]
    low, high = predictor.predict_fan(alpha=alpha)[1]
    lows, highs = predictor.predict_interval_sequence(later, h=1, alpha=alpha)
    assert (lows == low).all() and (highs == high).all()
    found[alpha] = (high - low, right, np.mean((low <= later) & (later <= high)))
    print(f"alpha {alpha}: width right {right:.2f}, found {high - low:.2f}, covers {found[alpha][2]:.2f}")
assert found[0.1][0] == found[0.5][0] == found[0.9][0]
assert abs(found[0.1][0] - found[0.1][1]) < 0.05 and found[0.5][1] < 1.6 and found[0.5][2] > 0.85
PY
