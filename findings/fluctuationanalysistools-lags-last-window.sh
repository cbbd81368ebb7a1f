#!/usr/bin/env bash
# fluctuationanalysistools 1.11.0: with time lags, detrended correlations are those of the last window alone.
#
# Packages: fluctuationanalysistools 1.11.0, numpy 2.4.6, scipy 1.17.1, tqdm 4.67.1; built with pandas 2.3.3,
# pybind11 3.0.1, setuptools 80.9.0 and setuptools-scm 8.2.0.
#
# Expected: `dpcca(arr, ..., max_lag=L)` gives P, R and F^2 of detrended partial cross-correlation analysis for each
# lag from -L to L: covariances of what is left in a window of S numbers without its trend, averaged over windows. At
# lag 0 they are those that come without `max_lag`.
#
# Happens: covariances are worked out for every window, and put into the result after the loop over windows: those of
# the last one are kept, at every lag.
#
# Seen, R at lag 0 of two series of 4,096 numbers, S = 64, steps of half a window
#                                          with lags   without   worked out here   with lags, others replaced
#   alike, but for the last 64 numbers     .05         .90       .90               .05
#   strangers, but for the last 64         .90         .03       .03               .90
# P, R and F^2 of all lags are the same to 1e-9 when all but the last 64 numbers are replaced.
#
# Matters for: whoever looks for the lag between two series: of 127 windows 126 do not count.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 tqdm==4.67.1 pandas==2.3.3 pybind11==3.0.1 setuptools==80.9.0 setuptools-scm==8.2.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation fluctuationanalysistools==1.11.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from StatTools.analysis.dpcca import dpcca

LENGTH, SIZE, LAG = 4_096, 64, 2
print("fluctuationanalysistools", version("fluctuationanalysistools"), "numpy", np.__version__)


def lag_zero(series):
    """R at lag 0: covariances without linear trends, averaged over windows that begin every half a window."""
    profiles, time = np.cumsum(series, axis=1), np.arange(SIZE)
    left = []
    for start in range(0, LENGTH - SIZE + 1, SIZE // 2):
        window = profiles[:, start : start + SIZE]
        left.append([w - np.polyval(np.polyfit(time, w, 1), time) for w in window])
    left = np.array(left)
    covariance = np.einsum("wit,wjt->ij", left, left)
    return covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])


rng = np.random.default_rng(5)
first, noise = rng.standard_normal((2, LENGTH))
related = np.stack([first, first + noise / 2])
strangers = rng.standard_normal((2, LENGTH))
mostly, hardly = related.copy(), strangers.copy()
mostly[:, -SIZE:], hardly[:, -SIZE:] = strangers[:, -SIZE:], related[:, -SIZE:]

for name, series in (("related but for the last window", mostly), ("strangers but for the last window", hardly)):
    lagged, plain = dpcca(series, 1, 0.5, [SIZE], max_lag=LAG), dpcca(series, 1, 0.5, [SIZE])
    replaced = series.copy()
    replaced[:, :-SIZE] = rng.standard_normal((2, LENGTH - SIZE))
    again = dpcca(replaced, 1, 0.5, [SIZE], max_lag=LAG)
    found, without, right = lagged[1][LAG, 0, 0, 1], plain[1][0, 0, 1], lag_zero(series)
    print(f"{name}: R at lag 0 {found:.3f}; without lags {without:.3f}; worked out here {right:.3f}; others replaced {again[1][LAG, 0, 0, 1]:.3f}")
    assert np.isclose(without, right) and abs(found - right) > 0.4
    assert all(np.allclose(a, b, rtol=1e-9, atol=1e-9, equal_nan=True) for a, b in zip(lagged[:3], again[:3]))
PY
