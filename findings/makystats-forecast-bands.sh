#!/usr/bin/env bash
# makystats 0.1.3: intervals of ARMA forecasts are those of the first step at every step: 64 % instead of 95 %.
#
# Packages: makystats 0.1.3, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, statsmodels 0.14.6.
#
# Expected: `forecast(steps, conf_int=True)` gives 95 % intervals. The error of h steps of an ARMA process has variance
# sigma^2 (1 + psi_1^2 + ... + psi_(h-1)^2); psi_k = phi^k for AR(1).
#
# Happens: the bands are mean +- 1.96 times the spread of a single innovation. What was added on the way is left out.
# So is `var(h=...)` of `arma_garch`, the "quantile of y_(T+h)", from the spread of the last innovation alone. (Levels
# of differenced series are said to be approximate; nothing is differenced here.)
#
# Seen, AR(1) with phi = .9, 2,000 numbers
#   step   spread, package   right   simulated   futures inside a 95 % interval
#    1     1.00              1.00    1.00        .95
#    2     1.00              1.35    1.35        .85
#    5     1.00              1.86    1.85        .71
#   10     1.00              2.16    2.16        .64
# `arma_garch`, value at risk at 5 %: 4.7 % of the futures are below it after one step, 22 % after ten.
#
# Matters for: every forecast beyond the first step of a series that depends on its past.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 statsmodels==0.14.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps makystats==0.1.3
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from makystats import arma, arma_garch
from scipy.signal import lfilter
from scipy.stats import norm

PHI, COUNT, STEPS, FUTURES = 0.9, 2_000, 10, 100_000
print("makystats", version("makystats"), "numpy", np.__version__)
rng = np.random.default_rng(0)
series = lfilter([1], [1, -PHI], rng.standard_normal(COUNT))
model = arma(series, mean="AR", ar=1, trend="n").fit(verbose=False)
phi, sigma = float(model.params["AR(1)"]), float(np.sqrt(model.params["sigma2"]))
print(f"fitted: phi {phi:.3f}, sigma {sigma:.3f}")
assert abs(phi - PHI) < 0.03 and abs(sigma - 1) < 0.05
bands = model.forecast(steps=STEPS, conf_int=True)
# Futures of the fitted model from the last number.
paths, last = np.empty((FUTURES, STEPS)), np.full(FUTURES, series[-1])
for step in range(STEPS):
    last = paths[:, step] = phi * last + sigma * rng.standard_normal(FUTURES)
for step in (1, 2, 5, 10):
    row = bands.iloc[step - 1]
    spread = sigma * np.sqrt(sum(phi ** (2 * k) for k in range(step)))
    inside = np.mean((row["lower"] <= paths[:, step - 1]) & (paths[:, step - 1] <= row["upper"]))
    print(f"step {step:2}: spread {row['sigma']:.3f}, right {spread:.3f}, simulated {paths[:, step - 1].std():.3f}; "
          f"interval holds {inside:.3f} of the futures")
    assert np.isclose(row["mean"], series[-1] * phi**step) and np.isclose(row["sigma"], sigma, rtol=0.01)
    assert np.isclose(spread, paths[:, step - 1].std(), rtol=0.01)
    assert np.isclose(inside, 2 * norm.cdf(1.96 * sigma / spread) - 1, atol=0.01)
assert inside < 0.65

model = arma_garch(series, mean="AR", ar=1, vol="GARCH", p=1, q=1, trend="n")
model.fit(verbose=False)
for steps in (1, 10):
    risk = model.var(alpha=0.05, h=steps)["var"]
    below = np.mean(paths[:, steps - 1] < risk)
    print(f"value at risk at 5 %, step {steps}: {risk:.3f}, {below:.3f} of the futures are below it")
    assert abs(below - (0.05 if steps == 1 else 0.22)) < 0.03
PY
