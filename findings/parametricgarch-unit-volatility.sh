#!/usr/bin/env bash
# parametricGarch 0.0.6: volatility and value at risk are those of residuals of variance one, whatever the returns.
#
# Packages: parametricGarch 0.0.6, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, arch 8.0.0, statsmodels 0.14.6.
#
# Expected: after `bootstrap()`, `estimate_risk()` gives the volatility and the value at risk of the asset, "using the
# bootstrapped model". Returns four times as large have four times the risk, and the next day's follows the last days'.
#
# Happens: a bootstrap sample is one of standardised residuals, and is never put through the model again. Each new
# model is fitted to independent numbers of variance 1, and forecasts 1.
#
# Seen, GARCH(1,1) of 1,000 returns, next day's volatility and quantile at 5 %
#   returns                  known           forecast of the fitted model   after the bootstrap
#   as they are              1.00, -1.64      .99                          .99, -1.57
#   all times 4              3.99, -6.56     3.95                          .99, -1.57
#   the last one -8          2.72, -4.47     2.59                         1.00, -1.56
#
# Matters for: every number of `estimate_risk` and of `bootstrap_samples`: they tell nothing of the asset.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 \
    statsmodels==0.14.6 arch==8.0.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps parametricGarch==0.0.6
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version
from statistics import NormalDist

import numpy as np
import pandas as pd
from parametricGarch import Garch

print("parametricGarch", version("parametricGarch"), "arch", version("arch"), "numpy", np.__version__)
OMEGA, ALPHA, BETA = 0.05, 0.1, 0.85
QUANTILE = NormalDist().inv_cdf(0.05)


def returns(shock, count=1_000):
    """A GARCH path with variance 1 in the long run, whose last number is given, and its next day's volatility."""
    rng, variance, path = np.random.default_rng(0), 1.0, []
    for day in range(count):
        path.append(shock if day == count - 1 and shock else np.sqrt(variance) * rng.standard_normal())
        variance = OMEGA + ALPHA * path[-1] ** 2 + BETA * variance
    return np.array(path), np.sqrt(variance)


for name, scale, shock in (("as they are", 1, None), ("times 4", 4, None), ("after a fall of 8", 1, -8.0)):
    path, known = returns(shock)
    np.random.seed(0)
    model = Garch(pd.Series(scale * path))
    model.bootstrap(40)
    risk = model.estimate_risk()
    volatility, at_risk = risk["Mean Volatility"], risk["Mean VaR"]
    forecast = float(np.sqrt(model.forecast_variance.iloc[-1, 0]))
    print(f"{name:18}: known {scale * known:5.2f} {QUANTILE * scale * known:6.2f}; fitted {forecast:5.2f}; "
          f"bootstrap {volatility:5.2f} {at_risk:6.2f}")
    assert abs(forecast / (scale * known) - 1) < 0.15
    assert abs(volatility - 1) < 0.05 and abs(at_risk - QUANTILE) < 0.15
    assert scale * known < 1.2 or scale * known > 2
PY
