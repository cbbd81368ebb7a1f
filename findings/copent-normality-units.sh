#!/usr/bin/env bash
# copent 0.5.7: how far from normal data are depends on their unit.
#
# Packages: copent 0.5.7, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `mvnt` is the copula entropy of the data less that of a normal distribution
# with the same covariance (Ma 2022). Copulas do not know units: that of a normal
# distribution has the entropy ½ log det of the correlation matrix. For normal data the
# difference is 0 but for the error of the estimate.
#
# Happens: the determinant is that of the covariance matrix. With variances of 1 it is the
# same; else the sum of the logarithms of all standard deviations comes on top.
#
# Seen, 1,000 pairs, correlation .5, the same numbers in three units:
#   metres, deviation 1   normal  0.061   with correlations 0.081
#   kilometres            normal 13.876   with correlations 0.081
#   decimetres            normal -4.545   with correlations 0.081
#
# Matters for: comparing variables or data sets by this statistic, the only way to use
# it, as it has no p-value. Divide each column by its standard deviation first.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check copent==0.5.7 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from copent import copent, mvnt

pairs = np.random.default_rng(0).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 1_000)
right = -0.5 * np.log(np.linalg.det(np.corrcoef(pairs.T))) - copent(pairs)
for name, unit in (("metres", 1.0), ("kilometres", 0.001), ("decimetres", 10.0)):
    found = mvnt(unit * pairs)
    print(f"{name:10}  {found:7.3f}   with correlations {right:.3f}")
    deviations = np.std(unit * pairs, axis=0, ddof=1)
    assert np.isclose(found, right - np.log(deviations).sum()), "not the deviations' logarithms on top"
assert abs(right) < 0.1
divided = mvnt(pairs / np.std(pairs, axis=0, ddof=1))
assert np.isclose(divided, right)
PY
