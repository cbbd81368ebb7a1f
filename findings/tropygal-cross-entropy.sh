#!/usr/bin/env bash
# tropygal 0.1.4: a cross entropy is one nat too high: a sample lies one nat from a second
# sample of the same distribution.
#
# Packages: tropygal 0.1.4, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `cross_entropy(data, data_base, k)` goes by "the Euclidean distance of particle i
# in sample 1 to its kth neighbor in sample 2" and tends to -∫ f0 ln f. For two samples of one
# distribution that is its entropy, and the difference from `entropy` is a divergence of 0.
#
# Happens: the neighbour that is taken is number k + 1, as is right within one sample, where
# each point is its own nearest neighbour. The formula stays that of k, and the estimate is
# 1/k too high, by default 1. (It is divided by M - 1 instead of M too.)
#
# Seen, 5,000 points each, nats:
#   normal, k = 1        entropy 1.423 (right 1.419)  cross entropy 2.453
#   normal, k = 2        entropy 1.424                cross entropy 1.944
#   normal, k = 5        entropy 1.418                cross entropy 1.633
#   divergence of normals with means 0 and 1, right 0.5: 1.494
#
# Matters for: divergences between samples, and model choice where k differs.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps tropygal==0.1.4
venv/bin/python - <<'PY'
import numpy as np
from scipy.spatial import KDTree
from scipy.special import psi
from tropygal import cross_entropy, entropy

POINTS = 5_000
rng = np.random.default_rng(0)
first, second, moved = rng.normal(size=POINTS), rng.normal(size=POINTS), rng.normal(1, size=POINTS)
right = 0.5 * np.log(2 * np.pi * np.e)


def by_hand(data, base, k):
    """The estimate as documented: the k-th neighbour in the other sample, M points, a ball of size 2."""
    distance = KDTree(base[:, None]).query(data[:, None], k=[k])[0]
    return np.log(2 * len(base) * distance).mean() - psi(k)


for k in (1, 2, 5):
    own, across, hand = entropy(first, k=k), cross_entropy(first, second, k=k), by_hand(first, second, k)
    print(f"k = {k}: right {right:.3f}  entropy {own:.3f}  cross entropy {across:.3f}  as documented {hand:.3f}")
    assert abs(own - right) < 0.05 and abs(hand - right) < 0.05
    assert abs(across - 1 / k - right) < 0.05
    assert np.isclose(across, by_hand(first, second, k + 1) + psi(k + 1) - psi(k) + np.log(1 - 1 / POINTS))
apart = cross_entropy(first, moved) - entropy(first)
print(f"divergence of normals with means 0 and 1: right 0.5  tropygal {apart:.3f}")
assert abs(apart - 1.5) < 0.1
PY
