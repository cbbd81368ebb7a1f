#!/usr/bin/env bash
# forecastbox 0.1.0: blocked cross-validation compares forecasts of what follows the whole
# series with a block in the middle of it.
#
# Packages: forecastbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.9.
#
# Expected: `blocked_cv` leaves one block out at a time, and gives the error of the forecasts
# for it. A model that knows the series has none, as in `rolling_window_cv`.
#
# Happens: what comes before and after the block is joined and handed to the model, which
# forecasts what follows its last row, the end of the series. That is compared with the first
# steps of the block. Only the last block is forecast at its own place.
#
# Seen, the series 0, 1, 2, ... 119, last value plus 1 for each step, mean absolute error, five
# blocks, horizon 4:
#   rolling 0, blocked 67.2: by block 120, 96, 72, 48 and 0
#   the mean of all numbers instead: rolling 32.0, blocked 38.0, the better of the two
#
# Matters for: choosing a model with it: what wins is what does not follow the series.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.10.9
venv/bin/pip install --quiet --disable-pip-version-check --no-deps forecastbox==0.1.0
venv/bin/python - <<'PY'
import numpy as np
import pandas as pd
from forecastbox.cv.rolling_blocked import blocked_cv, rolling_window_cv

HORIZON = 4
series = pd.Series(np.arange(120.0))
exact = lambda train: train.iloc[-1] + np.arange(1.0, HORIZON + 1)
constant = lambda train: np.full(HORIZON, train.mean())
by_block = {}
for name, model in (("last value plus 1 a step", exact), ("mean of all", constant)):
    blocked = blocked_cv(series, model, n_blocks=5, horizon=HORIZON)
    rolling = rolling_window_cv(series, model, window=60, horizon=HORIZON)
    by_block[name] = [fold.metrics["mae"] for fold in blocked.folds]
    print(f"{name}: rolling {rolling.mean_metrics()['mae']:.1f}, blocked {blocked.mean_metrics()['mae']:.1f}, by block {np.round(by_block[name], 1)}")
assert by_block["last value plus 1 a step"] == [120.0, 96.0, 72.0, 48.0, 0.0]
assert np.mean(by_block["mean of all"]) < np.mean(by_block["last value plus 1 a step"])
PY
