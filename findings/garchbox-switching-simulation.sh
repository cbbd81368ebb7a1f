#!/usr/bin/env bash
# garchbox 0.1.0: a fitted regime model forecasts 0 and simulates standard normal numbers, whatever
# its means and deviations are.
#
# Packages: garchbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2.
#
# Expected: `simulate(n, params)` "simulates data from the model", and `forecast(horizon)` has
# "forecasted means": "weighted average of regime means", so its comment.
#
# Happens: regimes are drawn by the transition matrix, and the observations are
# `standard_normal(n)` beside them. The mean forecast is an array of zeros. None of the models
# (mean, mean and variance, autoregression, GARCH) has its own.
#
# Seen, means 10 and 50, deviations 1 and 5, fitted to 400 values:
#                              fitted            found
#   forecast of the mean       48, 46.4, 44.9    0, 0, 0
#   simulated, first regime    10.03 +- .99      .05 +- 1.00
#   simulated, second regime   49.81 +- 5.2      -.01 +- 1.00
#
# Matters for: tests of an estimator on simulated data, and any forecast.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps garchbox==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from archbox.regime.ms_ar import MarkovSwitchingAR
from archbox.regime.ms_garch import MarkovSwitchingGARCH
from archbox.regime.ms_mean import MarkovSwitchingMean, MarkovSwitchingMeanVar

rng = np.random.default_rng(0)
regimes = np.arange(400) // 20 % 2
y = np.where(regimes == 0, rng.normal(10, 1, 400), rng.normal(50, 5, 400))
model = MarkovSwitchingMeanVar(y)
result = model.fit(verbose=False)
means = np.array([result.regime_params[s]["mu"] for s in (0, 1)])
order = np.argsort(means)
print("fitted", {s: {k: round(float(v), 2) for k, v in result.regime_params[s].items()} for s in (0, 1)})
assert np.allclose(means[order], [10, 50], atol=1)
drawn, states, _ = model.simulate(5000, result.params, transition_matrix=result.transition_matrix, seed=0)
for state in order:
    part = drawn[states == state]
    print(f"regime of mean {means[state]:.1f}: simulated {part.mean():.2f} +- {part.std():.2f}")
    assert abs(part.mean()) < 0.15 and abs(part.std() - 1) < 0.1
forecast = model.forecast(3, params=result.params, last_probs=result.filtered_probs[-1])
right = forecast["regime_probs"] @ means
print("forecast", forecast["mean"], "right, from its own probabilities of regimes", right.round(1))
assert (forecast["mean"] == 0).all() and right.min() > 10
for other in (MarkovSwitchingMean, MarkovSwitchingAR, MarkovSwitchingGARCH):
    assert other.simulate is MarkovSwitchingMeanVar.simulate and other.forecast is MarkovSwitchingMeanVar.forecast
PY
