#!/usr/bin/env bash
# infopy-estimators 0.1.3: pointwise mutual information takes labels for positions: with
# labels -1 and 1 every sample is treated as one of label 1.
#
# Packages: infopy-estimators 0.1.3, scikit-learn 1.8.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `DDMIEstimator().estimate(x, y, pointwise=True)` gives log2 p(x, y) / p(x) p(y)
# for each sample. What the labels are called is of no account, and the mean over the
# samples is the mutual information that the same call gives without `pointwise`.
#
# Happens: the table of these values has a column for each label in sorted order, and is
# read at the column numbered as the label itself. For labels 0, 1, 2… it is the same; -1
# is the last column, which is that of 1; with 1 and 2 it raises IndexError. Labels of x
# are looked up.
#
# Seen, eight pairs, mutual information .159:
#   y of 0 and 1    0.83 0.83 -0.91 0.36 0.36 0.36 0.36 -0.91     mean  .159
#   y of -1 and 1   -0.91 -0.91 -0.91 0.36 0.36 0.36 0.36 0.36    mean -.117
#   y of 1 and 2    IndexError
#
# Matters for: classes called -1 and 1, as margin losses, signs of returns and spins are.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check scikit-learn==1.8.0 numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps infopy-estimators==0.1.3
venv/bin/python - <<'PY'
from collections import Counter
from math import log2

import numpy as np
from infopy.estimators import DDMIEstimator

x = np.array([0, 0, 0, 1, 1, 1, 1, 1])
y = np.array([0, 0, 1, 1, 1, 1, 1, 0])
joint, alone_x, alone_y = Counter(zip(x, y)), Counter(x), Counter(y)
right = np.array([log2(len(x) * joint[a, b] / (alone_x[a] * alone_y[b])) for a, b in zip(x, y)])

for names in ([0, 1], [-1, 1]):
    labels = np.array(names)[y]
    whole = DDMIEstimator().estimate(x, labels)
    found = DDMIEstimator().estimate(x, labels, pointwise=True)
    print(f"y of {names[0]} and {names[1]}  ", *(f"{value:.2f}" for value in found), f"  mean {found.mean():.3f}, without pointwise {whole:.3f}")
    assert np.isclose(whole, right.mean())
    assert np.allclose(found, right) == (names == [0, 1])
assert found.mean() < 0 < whole
assert np.allclose(found, [log2(len(x) * joint[a, 1] / (alone_x[a] * alone_y[1])) for a in x]), "not all of label 1"
try:
    DDMIEstimator().estimate(x, y + 1, pointwise=True)
except IndexError as error:
    print("y of 1 and 2   IndexError:", error)
else:
    raise AssertionError("no IndexError")
PY
