#!/usr/bin/env bash
# bayesloop 2.0.0: with a change point the evidence is multiplied by the distance of the grid's points.
#
# Packages: bayesloop 2.0.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `log10_evidence` is that of the data, by which models are compared. A change point at a
# known step begins again from the prior: the evidence is the product of those of the two parts. A finer
# grid changes it as little as that of a model without a change.
#
# Happens: the prior that is put in at the change point is normalised to sum 1 and then multiplied by
# the distance of the grid's points, as a density; everywhere else it sums to 1.
#
# Seen, ten counts, a flat prior of the rate from 0 to 20, log10 of the evidence:
#   points   constant rate   change after 5   of the two parts   it was multiplied by
#       50         -11.696          -10.008             -9.601                  0.392
#      200         -11.703          -10.616             -9.614                 0.0995
#    2,000         -11.705          -11.618             -9.618                   0.01
#   20,000         -11.705          -12.618             -9.618                  0.001
# All steps together, unknown (`HyperStudy`): -11.437 with 200 points, where it is -10.435.
#
# Matters for: whether there was a change at all: with fine grids it is denied.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check bayesloop==2.0.0 numpy==2.4.6 scipy==1.17.1
MPLBACKEND=agg venv/bin/python -W ignore - <<'PY'
import bayesloop as bl
import numpy as np
from scipy.stats import poisson

FLAT = lambda rate: np.ones_like(rate)
COUNTS = np.array([2, 3, 1, 4, 2, 7, 8, 6, 9, 7])
CHANGE = 5


def evidence(model, points, kind=bl.Study):
    study = kind(silent=True)
    study.load_data(COUNTS, silent=True)
    study.set_observation_model(bl.om.Poisson("rate", bl.oint(0, 20, points), prior=FLAT), silent=True)
    study.set_transition_model(model, silent=True)
    study.fit(silent=True)
    return study.log10_evidence


def summed(counts, points):
    """The mean over the grid of the probability of all counts."""
    grid = bl.oint(0, 20, points)
    return np.log10(np.mean(np.prod([poisson.pmf(count, grid) for count in counts], axis=0)))


def parts(points, change):
    return summed(COUNTS[:change], points) + summed(COUNTS[change:], points)


for points in (50, 200, 2000, 20000):
    constant, found = evidence(bl.tm.Static(), points), evidence(bl.tm.ChangePoint("t", CHANGE - 1), points)
    right = parts(points, CHANGE)
    print(f"{points} points: constant {constant:.3f}, change {found:.3f}, right {right:.3f}, times {10 ** (found - right):.3g}")
    assert abs(constant - summed(COUNTS, points)) < 1e-9
    assert abs(found - right - np.log10(20 / (points + 1))) < 1e-6  # the distance of two points
found = evidence(bl.tm.ChangePoint("t", "all"), 200, bl.HyperStudy)
right = np.log10(np.mean([10 ** parts(200, change) for change in range(1, len(COUNTS))]))
print(f"any step: {found:.3f}, right {right:.3f}")
assert abs(found - right - np.log10(20 / 201)) < 1e-6
PY
