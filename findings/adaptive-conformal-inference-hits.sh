#!/usr/bin/env bash
# adaptive-conformal-inference 1.0.1: once the level has come to 0 every observation counts as a
# hit, wherever it lies: half of the hits are reported for intervals that contain nothing.
#
# Packages: adaptive-conformal-inference 1.0.1, numpy 2.4.6.
#
# Expected: `observe` returns for each round the interval, lower and upper, and whether it was a
# hit, and moves the level alpha by what has been hit. In the method (Gibbs and Candes 2021) the
# set at a level of 0 is everything, so that it is always hit.
#
# Happens: at a level of 0 the round counts as hit, but the interval that was issued is the one
# of the largest residual so far, not everything. The level thus goes up again by a hit that
# was none, and the reported rate is half right whatever comes.
#
# Seen, forecasts of 0, alpha .1, gamma .05, 100 residuals, 600 numbers:
#                                  hits reported   inside of the interval
#   independent normal             .897            .897
#   growing by |normal| a step     .498            .000
#
# Matters for: drifts, for which the method is made: the rate that is to be watched says
# nothing about the intervals that were given out.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps adaptive-conformal-inference==1.0.1
venv/bin/python - <<'PY'
import numpy as np
from aci import ACI


def rates(numbers):
    """How often a hit is reported, how often a number is inside, hits outside and the levels of these."""
    method, hits, inside, levels = ACI(alpha=0.1, gamma=0.05, lookback=100), [], [], []
    for number in numbers:
        lower, upper = method.issue(0.0)
        told = method.observe(number)
        assert (told["lower"], told["upper"]) == (lower, upper)
        hits.append(told["hit"])
        inside.append(lower <= number <= upper)
        levels.append(told["alpha_used"])
    outside = np.array(hits) & ~np.array(inside)
    return np.mean(hits), np.mean(inside), outside.mean(), np.array(levels)[outside]


rng = np.random.default_rng(0)
growing = np.cumsum(np.abs(rng.normal(size=600)))
independent = rng.normal(size=600)
for name, numbers in (("independent", independent), ("growing", growing)):
    hits, inside, outside, levels = rates(numbers)
    print(f"{name:12} hits {hits:.3f}  inside {inside:.3f}  hits outside {outside:.3f}")
    assert (levels == 0).all()
    if name == "growing":
        assert inside < 0.01 and hits > 0.4
    else:
        assert abs(hits - 0.9) < 0.02 and abs(inside - hits) < 0.01
PY
