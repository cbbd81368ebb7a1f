#!/usr/bin/env bash
# pyreco 2.0.1: the penalty that ridge regression is given when it is made is not used: it is 1
# whatever is asked for.
#
# Packages: pyreco 2.0.1, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, networkx 3.6.1,
# matplotlib 3.11.2, joblib 1.5.3, tqdm 4.67.1.
#
# Expected: `RidgeSK(alpha=...)` solves least squares with the penalty alpha times the squared
# weights, (A'A + alpha I)^-1 A'b, as the class of scikit-learn that it stands on.
#
# Happens: the constructor sets `self.alpha = 1.0` and drops its argument. Only `set_alpha`,
# called afterwards, has an effect.
#
# Seen, 50 equations in 5 unknowns, first weight:
#   alpha        right      RidgeSK(alpha)     set_alpha(alpha)
#   0.000001     0.0584         0.0599              0.0584
#   1            0.0599         0.0599              0.0599
#   1000         0.0073         0.0599              0.0073
#
# Matters for: readouts of reservoirs: their states are so alike that the penalty decides.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 networkx==3.6.1 matplotlib==3.11.2 joblib==1.5.3 tqdm==4.67.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyreco==2.0.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pyreco.optimizers import RidgeSK

draw = np.random.default_rng(0)
a = draw.normal(size=(50, 5))
b = a @ draw.normal(size=(5, 1)) + draw.normal(size=(50, 1))


def right(alpha):
    return np.linalg.solve(a.T @ a + alpha * np.eye(5), a.T @ b).ravel()


for alpha in (1e-6, 1.0, 1000.0):
    given = RidgeSK(alpha=alpha).solve(a, b).ravel()
    later = RidgeSK()
    later.set_alpha(alpha)
    late = later.solve(a, b).ravel()
    print(f"alpha {alpha:10.6f}: right {right(alpha)[0]:.4f}, given {given[0]:.4f}, set later {late[0]:.4f}")
    assert np.allclose(given, right(1.0)) and np.allclose(late, right(alpha))
assert np.abs(right(1000.0) - right(1.0)).max() > 0.3
PY
