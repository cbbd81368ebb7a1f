#!/usr/bin/env bash
# filterpy 2.0.0: residual resampling draws particles with other weights than it was
# given, and one with less than its share never.
#
# Packages: filterpy 2.0.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `residual_resample(weights)` is documented to take int(N w) copies of each
# particle and to draw the rest by "a standard resampling algorithm". Then, as for
# every resampling that a particle filter can use, particle i is drawn N w_i times on
# average: what is left of it, N w_i - int(N w_i), is what the rest is drawn by.
#
# Happens: what is left is taken as w_i - int(N w_i), without the N. Its sum is negative
# as soon as two particles have a copy, and the sums that are searched do not rise. A
# particle that has no copy yet may get none at all. `systematic_resample` is right.
#
# Seen, mean number of copies in 20,000 draws, seed 0:
#   wanted 1.2 1.05 0.75:        1.60 1.40 0.00
#   wanted 0.6 0.8 1.2 1.4:      0.00 0.00 1.70 2.30
#   systematic: within 0.01 of what is wanted in both
#
# Matters for: a particle filter with this scheme, whose estimates are biased at every
# step. Reported in the issues of the project (and of its fork bayesian-filters) in
# 2023, for the formula; still so in the release of 2026.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps filterpy==2.0.0
venv/bin/python - <<'PY'
import numpy as np
from filterpy.monte_carlo import residual_resample, systematic_resample

DRAWS = 20_000
CASES = {(0.4, 0.35, 0.25): (1.60, 1.40, 0), (0.15, 0.2, 0.3, 0.35): (0, 0, 1.70, 2.30)}


def mean_copies(resample, weights):
    return sum(np.bincount(resample(weights), minlength=len(weights)) for _ in range(DRAWS)) / DRAWS


np.random.seed(0)
for weights, seen in CASES.items():
    wanted = len(weights) * np.array(weights)
    residual, systematic = (mean_copies(draw, np.array(weights)) for draw in (residual_resample, systematic_resample))
    print("wanted", *(f"{w:.3g}" for w in wanted), " residual", *(f"{c:.2f}" for c in residual),
          " systematic", *(f"{c:.2f}" for c in systematic))
    assert np.abs(systematic - wanted).max() < 0.02
    assert np.abs(residual - seen).max() < 0.02 and np.abs(residual - wanted).max() > 0.3
PY
