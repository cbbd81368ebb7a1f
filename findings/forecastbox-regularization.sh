#!/usr/bin/env bash
# forecastbox 0.1.0: lasso weights of a combination of forecasts are those of least squares, and
# with the default settings neither lasso nor ridge nor an intercept has any effect.
#
# Packages: forecastbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.9.
#
# Expected: `OLSCombiner(regularization="lasso", alpha=...)` shrinks weights, to 0 for a
# large alpha; "ridge" shrinks them, too.
#
# Happens: "lasso" is accepted and nowhere asked for. By default weights are constrained to
# be no less than 0 and to sum to 1, and then `regularization`, `alpha` and `intercept` are
# not looked at.
#
# Seen, three forecasts of 60 numbers, alpha 0.01 and 1,000,000:
#   least squares         0.676 0.225 0.048
#   unconstrained ridge   0.675 0.225 0.048 and 0 0 0
#   unconstrained lasso   0.676 0.225 0.048 and 0.676 0.225 0.048
#   by default            0.709 0.226 0.065, for both values, for ridge, lasso and neither
#   intercept of numbers moved by 1: by default 0.0, unconstrained 1.0
#
# Matters for: combining more forecasts than the data can weigh; the choice of alpha looks robust.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.10.9
venv/bin/pip install --quiet --disable-pip-version-check --no-deps forecastbox==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from forecastbox.combination.ols import OLSCombiner

rng = np.random.default_rng(0)
actual = rng.normal(size=60)
forecasts = [0.8 * actual + 0.5 * rng.normal(size=60), actual + rng.normal(size=60), rng.normal(size=60)]
plain = np.linalg.lstsq(np.column_stack(forecasts), actual, rcond=None)[0]
print("least squares", plain.round(3))
for constrained in (False, True):
    for kind in (None, "ridge", "lasso"):
        weights = [OLSCombiner(constrained=constrained, regularization=kind, alpha=alpha).fit(forecasts, actual).weights_ for alpha in (0.01, 1e6)]
        print(f"constrained {constrained}, {kind}:", *(w.round(3) for w in weights))
        if constrained or kind != "ridge":
            assert (weights[0] == weights[1]).all()
        if kind == "lasso" and not constrained:
            # any minimiser of squares / 2n + alpha * sum of weights is 0 from the largest covariance on
            assert max(abs(np.dot(f, actual)) / 60 for f in forecasts) < 1e6 and np.allclose(weights[1], plain)
shifted = OLSCombiner(intercept=True).fit(forecasts, actual + 1)
free = OLSCombiner(intercept=True, constrained=False).fit(forecasts, actual + 1)
print(f"intercept of numbers moved by 1: by default {shifted.intercept_:.1f}, unconstrained {free.intercept_:.1f}")
assert shifted.intercept_ == 0 and abs(free.intercept_ - 1) < 0.2
PY
