#!/usr/bin/env bash
# smcs 0.2.0: all columns of a Sobol sequence but the first are the same.
#
# Packages: smcs 0.2.0, jax 0.9.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `sobol_sequence(n, dim)`, a "low-discrepancy sequence for numerical integration",
# fills the cube: the mean of x_2 x_3 comes near its integral, 1/4.
#
# Happens: there are two sets of direction numbers, one for the first column and one for all
# others. From the third column on, points lie on the diagonal. (The docstring says
# "simplified", the warning that one would need is not there.)
#
# Seen, 256 points, 4 columns:
#   scipy: mean of x_2 x_3 0.2481, largest difference between the two closest columns 0.9375
#   smcs:  mean of x_2 x_3 0.3324, largest difference between the two closest columns 0.0000
#
# Matters for: searches over three or more parameters, which try the diagonal only.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check smcs==0.2.0 jax==0.9.0 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from scipy.stats import qmc
from smcs import sobol_sequence

POINTS, COLUMNS = 256, 4


def numbers(points):
    """The mean of x_2 x_3, whose integral is 1/4, and the least distance between two columns."""
    apart = min(np.abs(points[:, i] - points[:, j]).max() for i in range(COLUMNS) for j in range(i))
    return (points[:, 1] * points[:, 2]).mean(), apart


found = numbers(np.asarray(sobol_sequence(POINTS, COLUMNS)))
right = numbers(qmc.Sobol(COLUMNS, scramble=False).random(POINTS))
for name, (mean, apart) in (("scipy", right), ("smcs", found)):
    print(f"{name:5}: mean of x_2 x_3 {mean:.4f} (integral 0.25), largest distance of the two closest columns {apart:.4f}")
assert abs(right[0] - 0.25) < 0.01 and right[1] > 0.5
assert found[1] == 0.0 and found[0] > 0.33
PY
