#!/usr/bin/env bash
# kalman-estimation 0.6.0: a grid search gives back the last candidate, whatever its criterion is.
#
# Packages: kalman-estimation 0.6.0, filterpy 1.4.5, torch 2.13.0, numpy 2.4.6, scipy 1.17.1,
# matplotlib 3.11.2.
#
# Expected: `grid_search2(signals, lag_range, uc, criterion)` gives back the lag with the least AIC or BIC,
# and all values; `grid_search1` and `grid_search3` lag and update coefficient with the least error.
#
# Happens: the least value is kept, but the candidate is overwritten in every round.
#
# Seen, 400 numbers of an autoregression of order 1
#   lags tried         BIC, for each                         given back    least BIC
#   1, 2, 3, 4, 5      -.115 -.103 -.084 -.073 -.062         5             1
#   5, 4, 3, 2, 1      -.059 -.074 -.088 -.103 -.116         1             1
#   3, 1, 2            -.086 -.114 -.102                     2             1
#   grid_search1 over lags 1, 2 and coefficients .001, .01   2, .01
#
# Matters for: whoever takes the order that comes back: it is the last of the list.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps filterpy==1.4.5 kalman-estimation==0.6.0
venv/bin/python -W ignore - <<'PY'
import contextlib
import io

import numpy as np
from kalman_estimation import grid_search1, grid_search2, grid_search3

COUNT = 400


def autoregression(coefficients, rng):
    series = np.zeros((COUNT, 1))
    for t in range(2, COUNT):
        series[t] = sum(c * series[t - i - 1] for i, c in enumerate(coefficients)) + rng.normal()
    return series


def bayes(series, lag):
    """BIC of least squares, by the package's formula."""
    past = np.hstack([series[lag - i - 1 : COUNT - i - 1] for i in range(lag)])
    rest = series[lag:] - past @ np.linalg.lstsq(past, series[lag:], rcond=None)[0]
    return float(np.log((rest**2).mean()) + np.log(COUNT) * lag / COUNT)


def quiet(search, *arguments):
    np.random.seed(0)
    with contextlib.redirect_stdout(io.StringIO()):
        return search(*arguments)


rng = np.random.default_rng(0)
first = autoregression([0.8], rng)
for series, order, lags in ((first, 1, [1, 2, 3, 4, 5]), (first, 1, [5, 4, 3, 2, 1]), (first, 1, [3, 1, 2])):
    best, (tried, values) = quiet(grid_search2, series, lags, 1e-3)
    least, own = tried[int(np.argmin(values))], min(lags, key=lambda lag: bayes(series, lag))
    print(f"order {order}, lags {lags}: BIC {[round(float(value), 3) for value in values]}, given back {best}, least of these {least}, by least squares {own}")
    assert best == lags[-1] and least == own == order
pair, (coefficient, _) = quiet(grid_search1, first, [1, 2], [1e-3, 1e-2]), quiet(grid_search3, first, 1, [1e-4, 1e-3, 0.1])
print("lag and update coefficient given back", pair, "update coefficient", coefficient)
assert pair == (2, 1e-2) and coefficient == 0.1
PY
