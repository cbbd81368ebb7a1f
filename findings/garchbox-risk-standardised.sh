#!/usr/bin/env bash
# garchbox 0.1.0: the value at risk of a fitted model is that of standardised residuals: with returns
# of about 1 % a day it is -1.9, and no return is ever below it.
#
# Packages: garchbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2.
#
# Expected: `ValueAtRisk(results, alpha)` takes "fitted model results". `historical` is the quantile
# of the last 250 returns, `filtered_historical` sigma_t times the quantile of the standardised
# residuals before t, and `monte_carlo` draws from the variance after the last return. One
# return in 1 / alpha is below.
#
# Happens: the returns are looked for as `results.resids`, which results of a fit do not have, then
# as `results.resid`, which they have: these are divided by sigma already. The historical quantile
# has no unit; filtering divides by sigma once more; and the variance of the next day has the
# square of a standardised residual beside sigma^2.
#
# Seen, 2,000 returns of a GARCH model with a standard deviation of .01, alpha = .05:
#                       found                       right, by hand from the same fit
#                       last       share below      last       share below
#   parametric          -.0173     .051
#   historical          -1.886     0                -.0185     .057
#   filtered            -1.797     0                -.0174     .065
#   monte_carlo         -.122                       -.0170
#
# Matters for: every limit that comes from these; `ExpectedShortfall` takes its returns the same way.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps garchbox==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from archbox.models.garch import GARCH
from archbox.risk.var import ValueAtRisk

ALPHA, LENGTH, WINDOW, FIRST = 0.05, 2000, 250, 50
rng = np.random.default_rng(0)
unit, variance = np.zeros(LENGTH), 1.0
for t in range(LENGTH):
    unit[t] = np.sqrt(variance) * rng.normal()
    variance = 0.05 + 0.05 * unit[t] ** 2 + 0.9 * variance
returns = 0.01 * unit
result = GARCH(returns, p=1, q=1, mean="zero").fit(disp=False)
sigma, (omega, alpha, beta) = result.conditional_volatility, result.params
risk = ValueAtRisk(result, alpha=ALPHA)

right = {"historical": np.full(LENGTH, np.nan), "filtered_historical": np.full(LENGTH, np.nan)}
for t in range(WINDOW, LENGTH):
    right["historical"][t] = np.quantile(returns[t - WINDOW : t], ALPHA)
for t in range(FIRST, LENGTH):
    right["filtered_historical"][t] = sigma[t] * np.quantile(returns[:t] / sigma[:t], ALPHA)


def below(limits):
    return np.mean(returns[~np.isnan(limits)] < limits[~np.isnan(limits)])


print(f"parametric {risk.parametric()[-1]:.4f}, below {below(risk.parametric()):.3f}")
assert abs(below(risk.parametric()) - ALPHA) < 0.02
for name, wanted in right.items():
    found = getattr(risk, name)()
    print(f"{name}: found {found[-1]:.3f}, below {below(found):.3f}; right {wanted[-1]:.4f}, below {below(wanted):.3f}")
    assert below(found) == 0 and found[-1] < 50 * wanted[-1] and abs(below(wanted) - ALPHA) < 0.02
    standardised = returns / sigma
    by_hand = np.quantile(standardised[-1 - WINDOW : -1], ALPHA) if name == "historical" else sigma[-1] * np.quantile((standardised / sigma)[:-1], ALPHA)
    assert np.isclose(found[-1], by_hand)
draws = risk.monte_carlo(n_sims=4000, seed=0)[0]
next_sigma = np.sqrt(omega + alpha * returns[-1] ** 2 + beta * sigma[-1] ** 2)
print(f"monte_carlo: found {draws:.3f}, right {-1.645 * next_sigma:.4f}")
assert draws < 5 * -1.645 * next_sigma
PY
