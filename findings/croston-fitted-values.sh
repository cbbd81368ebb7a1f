#!/usr/bin/env bash
# croston 0.1.2.4: the fitted value of each demand knows this demand: where there is one at every
# step the smoothing weight is 1 and the error 0, where .06 is best and 4.6 possible.
#
# Packages: croston 0.1.2.4, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `croston_fittedvalues` are forecasts one step ahead, each from what was before. The smoothing
# weight is the one that makes their squared errors least. For independent demands the longest
# mean is best, a weight near 0.
#
# Happens: after the demand at a step has been smoothed in, the new forecast is written from this very
# step on instead of the next. Errors at demands are then those of a forecast that has seen them,
# the less the larger the weight. (The package follows one in R, whose indices begin at 1.)
#
# Seen, 15 series of 200 steps, demands of mean 20; means over the series:
#   share of steps with a demand            .8      .9      1
#   weight found                            .23     .62     1.00
#   weight best one step ahead              .07     .04     .06
#   root mean squared error, fitted values  9.00    7.02    .01
#   one step ahead, weight found            9.48    8.43    6.22
#   one step ahead, best weight             9.25    7.54    4.57
# An own demand raised by 100 raises its fitted value, where there is one at every step, from 19 to 119.
#
# Matters for: forecasts that follow the last demand, and errors in the sample that choose a method.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps croston==0.1.2.4
venv/bin/python -W ignore - <<'PY'
import numpy as np
from croston.croston import fit_croston

STEPS, SERIES = 200, 15


def ahead(series, weight):
    """Croston's forecasts of each step from the steps before it; NaN before the first demand."""
    forecasts, size, interval, last, count = [], None, None, -1, 0
    for step, demand in enumerate(series):
        forecasts.append(np.nan if size is None else size / interval)
        if demand:
            gap = step - last
            size = demand if size is None else size + weight * (demand - size)
            interval = gap if interval is None else interval + weight * (gap - interval)
            last = step
    return np.array(forecasts)


def error(series, weight):
    return np.sqrt(np.nanmean((series - ahead(series, weight)) ** 2))


grid = np.linspace(0, 1, 51)
for share in (0.8, 0.9, 1.0):
    rows = []
    for seed in range(SERIES):
        rng = np.random.default_rng(seed)
        series = np.where(rng.uniform(size=STEPS) < share, rng.poisson(20, size=STEPS), 0).astype(float)
        fit = fit_croston(series, 1, "original")
        found = float(fit["croston_model"]["a_demand"])
        by_weight = [error(series, weight) for weight in grid]
        inside = np.sqrt(np.mean((series - fit["croston_fittedvalues"]) ** 2))
        rows.append((found, grid[int(np.argmin(by_weight))], inside, error(series, found), min(by_weight)))
    found, best, inside, ahead_found, ahead_best = np.mean(rows, axis=0)
    print(f"share {share}: weight {found:.2f}, best {best:.2f}; error of fitted values {inside:.2f}, one step ahead {ahead_found:.2f}, with the best weight {ahead_best:.2f}")
    assert found > 2 * best and inside < ahead_best < ahead_found
assert found > 0.99 and inside < 0.05 and ahead_found > 1.3 * ahead_best

at = np.flatnonzero(series)[10]
raised = series.copy()
raised[at] += 100
before, after = (fit_croston(each, 1, "original")["croston_fittedvalues"][at] for each in (series, raised))
print(f"fitted value at a demand that is raised by 100: {before:.2f} becomes {after:.2f}")
assert after > before + 5
assert np.allclose(ahead(raised, 0.5)[: at + 1], ahead(series, 0.5)[: at + 1], equal_nan=True)
PY
