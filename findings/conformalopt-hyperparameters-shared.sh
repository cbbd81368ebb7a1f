#!/usr/bin/env bash
# conformalopt 0.1.0: after one scalar quantile tracker has been made, every linear one in the
# same program is a scalar one.
#
# Packages: conformalopt 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 3.1.1, statsmodels 0.15.0,
# matplotlib 3.11.2, tqdm 4.70.1.
#
# Expected: `ConformalPredictor(quantile_tracker="linear")` tunes its order and its bias: "if
# none are passed in, all appropriate hyperparameters will be tuned". Two predictors have
# nothing to do with each other.
#
# Happens: the default of `hypers` is one dictionary for all calls, and a scalar tracker writes
# its order 0 and its bias 1 into it. The linear trackers made later find these as given, and
# tune neither. A dictionary that is passed in is written to in the same way.
#
# Seen, absolute values of an autoregression (.9), 150 to tune, 300 to predict:
#   linear tracker, first in the program    open: lr, order, bias   order 1, mean 2.76
#   scalar tracker                          open: lr                order 0, mean 3.19
#   linear tracker once more                open: lr                order 0, mean 3.19
#
# Matters for: comparing the two, for which the package writes its results side by side: they
# come out equal, if the scalar one is first.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 statsmodels==0.15.0 matplotlib==3.11.2 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps conformalopt==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - 2>/dev/null <<'PY'
import numpy as np
from conformalopt import ConformalPredictor

rng = np.random.default_rng(0)
state, scores = 0.0, []
for _ in range(450):
    state = 0.9 * state + rng.normal()
    scores.append(abs(state))
GRID = {"lr": [1e-3, 1e-1, 1.0], "bias": [1.0, 5.0]}


def run(kind):
    predictor = ConformalPredictor(quantile_tracker=kind)
    still_open = sorted(name for name, value in predictor.hypers.items() if value is None)
    predictor.fit(scores[:150], hyper_grid_overrides=GRID)
    for score in scores[150:]:
        predictor.step(predictor.predict(), score)
    return still_open, predictor.hypers["p_order_qt"], np.array(predictor.get_predictions())


first, scalar, second = run("linear"), run("scalar"), run("linear")
for name, (still_open, order, predictions) in (("linear", first), ("scalar", scalar), ("linear", second)):
    print(f"{name}: open {still_open}, order {order}, mean of the predictions {predictions.mean():.2f}")
assert first[0] == ["bias", "lr", "p_order_qt"] and second[0] == ["lr"]
assert first[1] > 0 and second[1] == 0
assert np.array_equal(second[2], scalar[2]) and not np.allclose(second[2], first[2])
mine = {"lr": 0.1}
ConformalPredictor(quantile_tracker="scalar", hypers=mine)
print("a dictionary passed in, {'lr': 0.1}, is now", mine)
assert mine == {"lr": 0.1, "p_order_qt": 0, "bias": 1}
PY
