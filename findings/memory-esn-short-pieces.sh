#!/usr/bin/env bash
# memory-esn 0.1.1: a fractional echo state network that goes on in pieces shorter than its
# memory forgets what came before the last piece.
#
# Packages: memory-esn 0.1.1, scikit-learn 1.8.0, scipy 1.17.1, numpy 2.4.6.
#
# Expected: `predict(piece, continuation=True)` goes on where the last call ended: the filter
# of fractional differences, which looks back over K steps, has the K steps before the piece.
#
# Happens: the history that is kept is the last K steps of the piece, and not of the series.
# After a piece of 10 steps, the filter has 10 to look back on; one at a time, it has one.
# With `skip_initial=True`, the default, such a call raises; with False it answers.
#
# Seen, K = 50, `skip_initial=False`, 100 predictions after a fit to 300 steps, largest
# difference from predicting them at once (their standard deviation is 0.29):
#   pieces of   100     50      25      10      1
#   off by      0.000   0.000   0.016   0.044   0.169
#
# Matters for: forecasting step by step, for which one goes on at all. The first piece is
# right; the long memory, which the network is made for, is gone after it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps memory-esn==0.1.1
venv/bin/python - <<'PY'
import numpy as np
from memory_esn import fESN

K, FIT, AHEAD = 50, 300, 100
rng = np.random.default_rng(0)
series = np.cumsum(rng.normal(size=FIT + AHEAD + 1)) * 0.2
x, y = series[:-1], series[1:]


def predictions(length, skip_initial=False):
    """The predictions of the last steps, in pieces of this length, after a new fit."""
    model = fESN(n_reservoir=30, d=0.4, K=K, random_state=0, skip_initial=skip_initial)
    model.fit(x[:FIT], y[:FIT], washout=50)
    starts = range(FIT, FIT + AHEAD, length)
    return np.concatenate([model.predict(x[s : s + length], continuation=True) for s in starts])[:, 0]


whole = predictions(AHEAD)
print(f"standard deviation {whole.std():.2f}")
for length in (100, 50, 25, 10, 1):
    off = np.abs(predictions(length) - whole)
    print(f"pieces of {length:3}: off by {off.max():.3f}, the first piece by {off[:length].max():.3f}")
    assert off[:length].max() < 1e-9
    assert (off.max() < 1e-9) == (length >= K) and (length >= K or off.max() > 0.002)
try:
    predictions(10, skip_initial=True)
except ValueError as error:
    print("skip_initial=True:", error)
else:
    raise AssertionError
PY
