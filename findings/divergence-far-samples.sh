#!/usr/bin/env bash
# divergence 1.1.0: from some distance on, divergences of two samples fall as the
# samples move further apart.
#
# Packages: divergence 1.1.0, numpy 2.4.6.
#
# Expected: the continuous divergences of two samples are integrals of two kernel
# densities. Total variation is documented to lie in [0, 1], squared Hellinger to be
# 2 (1 - BC) and at most 2, both to be symmetric. For unit normals m apart they are
# 2 Phi(m/2) - 1 and 2 (1 - exp(-m^2/8)), and Jeffreys' divergence is m^2: all rise
# with m, the first two to 1 and 2.
#
# Happens: the integral runs over the grid of one sample's density alone (of the one
# with more grid points, the first if both have as many) and only where the second
# density is not 0; the mass of the other is not seen. Up to overlap of the grids the
# numbers rise, from there they fall, to one half of the truth for the bounded ones and
# to 0 for Jeffreys and chi squared: 50 apart is "the same". Swapping the samples gives
# another number. Nothing is said; the discrete versions raise where supports differ.
#
# Seen, 4,000 numbers each, unit normals m apart:
#           total variation   Hellinger squared   Jeffreys
#   m = 1   0.385  (0.383)    0.238  (0.235)      1.01  (1)
#   m = 3   0.755  (0.866)    1.137  (1.351)      5.86  (9)
#   m = 5   0.550  (0.988)    1.053  (1.912)      1.47  (25)
#   m = 50  0.500  (1.000)    1.000  (2.000)      0.00  (2500)
#
# Matters for: watching drift of activations, losses or rewards: a large shift raises
# no alarm. `knn_kl_divergence` keeps rising, though to 9.9 instead of 1250 at 50.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check divergence==1.1.0 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
from math import erf, exp, sqrt

import divergence
import numpy as np

rng = np.random.default_rng(0)
first, second = rng.normal(size=4000), rng.normal(size=4000)
found = {}
for apart in (1, 3, 5, 50):
    pair = first, second + apart
    right = erf(apart / 2 / sqrt(2)), 2 * (1 - exp(-(apart**2) / 8)), apart**2
    measures = divergence.total_variation_distance, divergence.squared_hellinger_distance, divergence.jeffreys_divergence
    found[apart] = [measure(*pair) for measure in measures]
    print(f"m = {apart}:", *(f"{value:.3f} ({truth:.3f})" for value, truth in zip(found[apart], right)))
    print("   nearest neighbours, Kullback-Leibler:", f"{divergence.knn_kl_divergence(*pair):.2f} ({apart**2 / 2})")
assert abs(found[1][0] - erf(0.5 / sqrt(2))) < 0.05
assert all(far < near for far, near in zip(found[50], found[3]))
assert abs(found[50][0] - 0.5) < 0.01 and abs(found[50][1] - 1) < 0.01 and found[50][2] < 0.01
one, other = divergence.squared_hellinger_distance(first, 2 * second), divergence.squared_hellinger_distance(2 * second, first)
print(f"spread 1 against 2: {one:.3f}, and the other way round {other:.3f}")
assert abs(one - other) > 0.02
PY
