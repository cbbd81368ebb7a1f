#!/usr/bin/env bash
# ReliabilityDiagram 0.0.3: a perfect forecast has a Brier score of 0.01, no better than one
# that gives 18 % to what does not happen.
#
# Packages: ReliabilityDiagram 0.0.3, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0.
#
# Expected: `forecast_attributes` returns the Brier score and its parts: "Perfect forecasts
# will have a brier score of zero". The mean squared difference of probability and outcome.
#
# Happens: every probability counts as the middle of its bin. With the five bins of the
# default, 0 counts as 0.1 and 1 as 0.9, and all that falls into one bin scores the same. The
# decomposition is exact only when bins are the values that were forecast.
#
# Seen, an event above the climatology's median, 400 cases, 50 members:
#   forecast        Brier score, right   found   reliability, right   found
#   perfect                      0.000   0.010                0.000   0.010
#   18 % and 82 %                0.032   0.010                0.032   0.010
#   perfect, with 2, 10, 50 bins:  0.0625 0.0025 0.0001
#
# Matters for: comparing forecasts that are nearly always sure, and ensembles of unequal size.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ReliabilityDiagram==0.0.3
venv/bin/python -W ignore - <<'PY'
import numpy as np
from ReliabilityDiagram import ReliabilityDiagram

CASES, MEMBERS = 400, 50
rng = np.random.default_rng(0)
climatology = np.broadcast_to(np.linspace(-1, 1, 21), (CASES, 21))  # median 0
happens = rng.integers(0, 2, CASES).astype(bool)
observation = np.where(happens, 0.5, -0.5)


def ensemble(wrong):
    """So many of the members on the wrong side."""
    right_side = np.where(np.arange(MEMBERS) < wrong, -0.5, 0.5)
    return np.where(happens[:, None], right_side, -right_side)


def scores(wrong, **options):
    return ReliabilityDiagram(observation, ensemble(wrong), climatology, 0.5, 1, closed_ends="right", **options).forecast_attributes()[:2]


for name, wrong in (("perfect", 0), ("18 % and 82 %", 9)):
    probability = (ensemble(wrong) > 0).mean(1)
    right = np.square(probability - happens).mean()
    brier, reliability = scores(wrong)
    print(f"{name:14} Brier score right {right:.4f}  found {brier:.4f}; reliability found {reliability:.4f}")
    assert np.isclose(right, (wrong / MEMBERS) ** 2) and np.allclose([brier, reliability], 0.01)
many = [scores(0, nbins=bins)[0] for bins in (2, 10, 50)]
print("perfect, with 2, 10 and 50 bins:", *(f"{brier:.4f}" for brier in many))
assert np.allclose(many, [1 / 16, 1 / 400, 1 / 10_000])
PY
