#!/usr/bin/env bash
# conformal-finance 0.1.1: the adaptive predictor adapts to the intervals that it is given, not to
# those that it gives out: 90 % intervals cover 99 %, whatever comes.
#
# Packages: conformal-finance 0.1.1, numpy 2.4.6, scipy 1.17.1, pandas 3.1.1,
# scikit-learn 1.9.1, statsmodels 0.15.0.
#
# Expected: `ACIConformalPredictor` follows Gibbs and Candes (2021): after each step the level
# alpha goes up by gamma times alpha if the interval that was given out contained the number,
# and down by gamma times 1 - alpha if not, so that a share of alpha is left out in the long
# run. `update` takes the number and the "base model's" interval, `predict` widens that one.
#
# Happens: `update` asks whether the base interval contains the number. If that one covers less
# than 1 - alpha the level falls to its floor and stays there, however wide the intervals given
# out have become; if it covers more, the level rises to its ceiling. Distances to the base
# interval are cut at 0, so that an interval that is too wide is never made narrower.
#
# Seen, 4,000 normal numbers, alpha .1, coverage of the last 3,000:
#   base intervals cover      .30    .50    .80    .90    .99
#   given out (right: .90)    .990   .990   .987   .900   .992
#   the method by hand        .901   .901   .901   .901   .901
#
# Matters for: base models that are not calibrated already, for which one takes the method.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 scikit-learn==1.9.1 statsmodels==0.15.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps conformal-finance==0.1.1
venv/bin/python -W ignore - <<'PY'
from statistics import NormalDist

import numpy as np
import pandas as pd
from conformal_finance.conformal.aci import ACIConformalPredictor

ALPHA, GAMMA, COUNT, FROM = 0.1, 0.01, 4_000, 1_000
numbers = np.random.default_rng(0).normal(size=COUNT)


def by_hand(half):
    """The method: signed distances to the base interval, the level moved by what was given out."""
    level, distances, inside = ALPHA, [], []
    for number in numbers:
        widened = np.quantile(distances, min(max(1 - level, 0), 1), method="higher") if distances else 0.0
        inside.append(abs(number) <= half + widened or level <= 0)
        level += GAMMA * (ALPHA - (not inside[-1]))
        distances.append(abs(number) - half)
    return np.mean(inside[FROM:])


def package(half):
    predictor, inside = ACIConformalPredictor(ALPHA, GAMMA), []
    base = pd.DataFrame({"lower": [-half], "upper": [half]})
    for number in numbers:
        ends = predictor.predict([0.0], base).iloc[0]
        inside.append(ends["lower"] <= number <= ends["upper"])
        predictor.update(number, -half, half)
    return np.mean(inside[FROM:])


for covered in (0.3, 0.5, 0.8, 0.9, 0.99):
    half = NormalDist().inv_cdf(0.5 + covered / 2)
    right, found = by_hand(half), package(half)
    print(f"base intervals cover {covered}: by hand {right:.3f}, package {found:.3f}")
    assert abs(right - (1 - ALPHA)) < 0.01
    assert found > 0.975 if covered != 0.9 else abs(found - 0.9) < 0.02
PY
