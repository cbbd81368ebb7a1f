#!/usr/bin/env bash
# echoes 1.0.2: the intercept that is fitted is not used: predictions of targets around 1000
# are numbers around 0.
#
# Packages: echoes 1.0.2, scikit-learn 1.8.0, scipy 1.17.1, numba 0.68.1, numpy 2.4.6.
#
# Expected: with `regression_method="ridge"` and `ridge_fit_intercept=True` "intercept is
# fit in Ridge regression", and predictions are those of this regression.
#
# Happens: the coefficients are kept and the intercept is dropped. Nothing stands in for it:
# the states are not centred, and there is no constant column.
#
# Seen, target 1000 + the input before, 50 units, 200 steps, without the first 20:
#             mean target   mean prediction   r2
#   right     1000.0        1000.0            1.00
#   echoes    1000.0        1.2               -1055670
# "right" is scikit-learn's own Ridge on the same states.
#
# Matters for: any target whose mean is not 0. The option makes the fit worse than without
# it, where the weights at least try to make up for the mean.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 numba==0.68.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps echoes==1.0.2
venv/bin/python - <<'PY'
import sys
from unittest.mock import MagicMock

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score

# plots, loaded beside it
sys.modules["echoes.plotting"] = MagicMock()
from echoes import ESNRegressor

TRANSIENT = 20
rng = np.random.default_rng(0)
X = rng.normal(size=(200, 1))
y = 1000 + np.roll(X, 1, axis=0)
options = dict(n_reservoir=50, random_state=0, n_transient=TRANSIENT, fit_only_states=True, store_states_pred=True)
model = ESNRegressor(regression_method="ridge", ridge_alpha=1e-3, ridge_fit_intercept=True, **options).fit(X, y)
seen = model.predict(X)[TRANSIENT:]
states, targets = model.states_pred_[TRANSIENT:], y[TRANSIENT:]
ridge = Ridge(alpha=1e-3).fit(states, targets)
for name, predictions in (("right", ridge.predict(states)), ("echoes", seen)):
    print(f"{name:7} {targets.mean():.1f} {predictions.mean():.1f} {r2_score(targets, predictions.reshape(-1, 1)):.2f}")
assert r2_score(targets, ridge.predict(states)) > 0.99
assert np.allclose(ridge.coef_, model.W_out_, rtol=1e-4, atol=1e-4)
assert np.allclose(seen.ravel(), (ridge.predict(states) - ridge.intercept_).ravel(), atol=1e-3)
assert abs(seen.mean()) < 2 and ridge.intercept_ > 900
PY
