#!/usr/bin/env bash
# scikit-info 0.4.0: a divergence takes its two terms from different histograms: numbers from 0
# to 1 and from 0 to 10 diverge by 0 bits, or by less.
#
# Packages: scikit-info 0.4.0, numpy 2.4.6.
#
# Expected: `kullback_leibler(x, y, bins)` is the cross entropy less the entropy of x, as
# documented, of the two histograms: sum p ln(p / q), at least 0, and 0 only if they are equal.
#
# Happens: with a number of bins the cross entropy takes them over the range of x and y
# together, and the entropy of x over the range of x alone. Where x is narrower its entropy
# is that of finer bins, and log2 of the ratio of the widths is missing.
#
# Seen, 10,000 uniform numbers each, 10 bins, in bits:
#   x          y           right     found
#   0 to 1     0 to 10     3.317    -0.001
#   0 to 1     0 to 2      1.018     0.021
#   0 to 5     0 to 10     1.001     0.001
#   0 to 10    0 to 10     0.003     0.003
#   given edges instead of a number: right
#
# Matters for: comparing what a model generates with data: a model that has collapsed to a small
# range looks perfect.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation scikit-info==0.4.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from skinfo import metrics

COUNT, BINS = 10_000, 10
draw = np.random.default_rng(0)


def shares(numbers, edges):
    return np.histogram(numbers, edges)[0] / COUNT


for narrow, wide in ((1, 10), (1, 2), (5, 10), (10, 10)):
    x, y = draw.uniform(0, narrow, COUNT), draw.uniform(0, wide, COUNT)
    edges = np.histogram_bin_edges([x, y], BINS)
    p, q = shares(x, edges), shares(y, edges)
    seen = p > 0
    right = float((p[seen] * np.log2(p[seen] / q[seen])).sum())
    found = float(metrics.kullback_leibler(x, y, BINS))
    given = float(metrics.kullback_leibler(x, y, edges))
    print(f"0 to {narrow:2}  0 to {wide:2}  right {right:.3f}  found {found:.3f}  with edges {given:.3f}")
    assert abs(given - right) < 1e-6
    own = shares(x, np.histogram_bin_edges(x, BINS))
    assert abs(found - right - (own * np.log2(own)).sum() + (p[seen] * np.log2(p[seen])).sum()) < 1e-6
    assert (right > 0.9 and found < 0.05) if narrow < wide else abs(found - right) < 0.01
PY
