#!/usr/bin/env bash
# frouros 0.9.0: the mean and variance that Bayesian online change detection predicts are
# weighted with the run lengths of one step before.
#
# Packages: frouros 0.9.0, numpy 2.1.3, scipy 1.14.1, matplotlib 3.9.4, requests 2.32.5.
#
# Expected: after `update(value)` the detector's `predicted_mean` is the mean of the
# predictive distribution, as in the paper that it cites: the mean under each run length,
# weighted with the probability of the run length. It is the expectation over all ways to
# place changes, of the next value after the update, or, as in the code that this was
# adapted from, of the value before it.
#
# Happens: neither. The run lengths' probabilities are those from before the value, the
# means under them those from after it. Run length k is thus given the mean of the
# last k values, the new one among them, where k ended before it: the oldest value
# of each run is lost, and after the first value the prediction is still the prior's. The
# run lengths themselves are right.
#
# Seen, hazard 0.1, prior N(0, 1), noise 1, values 5 -5 1 2 0.5 -1:
#   value   predicted   before it   after it
#       5      0.0000      0.0000     2.2500
#      -5     -2.2500      2.2500    -2.2499
#       1      0.4499     -2.2499     0.1471
#       2      0.8996      0.1471     0.8903
#     0.5      0.7062      0.8903     0.7310
#      -1      0.2345      0.7310     0.1732
#
# Matters for: predicting, or removing a level that changes, with this attribute.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.1.3 scipy==1.14.1 matplotlib==3.9.4 requests==2.32.5 tqdm==4.67.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps frouros==0.9.0
venv/bin/python -W ignore - <<'PY'
from itertools import product

import numpy as np
from frouros.detectors.concept_drift import BOCD, BOCDConfig
from scipy.stats import norm

HAZARD, VALUES = 0.1, [5, -5, 1, 2, 0.5, -1]


def predicted(values):
    """Mean of the next value and probabilities of the run lengths, over every pattern of changes."""
    total, mean_sum, runs = 0.0, 0.0, np.zeros(len(values) + 1)
    for pattern in product([False, True], repeat=len(values)):
        weight, mean, precision, run = 1.0, 0.0, 1.0, 0
        for value, change in zip(values, pattern):
            weight *= norm.pdf(value, mean, np.sqrt(1 / precision + 1)) * (HAZARD if change else 1 - HAZARD)
            mean, precision, run = (mean * precision + value) / (precision + 1), precision + 1, run + 1
            if change:
                mean, precision, run = 0.0, 1.0, 0
        total, mean_sum = total + weight, mean_sum + weight * mean
        runs[run] += weight
    return mean_sum / total, runs / total


detector = BOCD(BOCDConfig(hazard=HAZARD))
print("value   predicted   before it   after it")
for t, value in enumerate(VALUES, 1):
    detector.update(value=value)
    (before, _), (after, runs) = predicted(VALUES[: t - 1]), predicted(VALUES[:t])
    print(f"{value:5g} {detector.predicted_mean:11.4f} {before:11.4f} {after:10.4f}")
    assert np.abs(np.exp(detector.log_r[t, : t + 1]) - runs).max() < 1e-9
    assert t == 1 or abs(detector.predicted_mean - before) > 0.005
    assert t == 2 or abs(detector.predicted_mean - after) > 0.005
PY
