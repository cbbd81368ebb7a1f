#!/usr/bin/env bash
# pyrcn 0.1.0: a normalised regression normalises what it predicts by itself: a row alone is
# predicted as 0, and the intercept is gone.
#
# Packages: pyrcn 0.1.0, torch 2.13.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3.
#
# Expected: `IncrementalRegression(normalize=True)` "performs a preprocessing normalization":
# features are scaled by the means and deviations of the training data. Without a penalty
# that changes no prediction; a row's prediction does not depend on the rows beside it.
#
# Happens: `predict` fits the scaler again, to the rows that it is given. A row alone becomes
# zeros. The column of ones for the intercept is scaled as well, to zeros, in training too.
#
# Seen, y = 10 + x1 - 2 x2 + x3 / 2 without noise, 200 rows, alpha 1e-8; largest error:
#                       training data    its first 3 rows     its first row alone
#   normalize=False     0.00             0.00                 0.00
#   normalize=True      8.17             10.55                9.92
#
# Matters for: readouts used step by step, or on test data with other means than the training data.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyrcn==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pyrcn.linear_model import IncrementalRegression

draw = np.random.default_rng(0)
x = draw.normal(3, 2, size=(200, 3))
y = (10 + x @ [1.0, -2.0, 0.5])[:, None]
scaled = (x - x.mean(0)) / x.std(0)
design = np.column_stack([scaled, np.ones(len(x))])
assert np.allclose(design @ np.linalg.lstsq(design, y, rcond=None)[0], y), "scaling changes no prediction"

errors = {}
for normalize in (False, True):
    model = IncrementalRegression(alpha=1e-8, normalize=normalize).fit(x, y)
    errors[normalize] = [float(np.abs(model.predict(x[:rows]) - y[:rows]).max()) for rows in (200, 3, 1)]
    print(f"normalize={normalize}: errors for 200, 3 and 1 rows {[f'{error:.2f}' for error in errors[normalize]]}; row 0 alone {model.predict(x[:1]).item():.2f}, in company {model.predict(x)[0].item():.2f}")
    if normalize:
        assert model.predict(x[:1]) == 0
assert max(errors[False]) < 1e-6 and min(errors[True]) > 5
PY
