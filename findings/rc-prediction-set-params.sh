#!/usr/bin/env bash
# rc-prediction 0.1.3: hyperparameters that are set are reported and not used: a search over them compares one
# model with itself.
#
# Packages: rc-prediction 0.1.3, scikit-learn 1.9.1, scipy 1.17.1, numpy 2.4.6.
#
# Expected: `ESN` "follows a scikit-learn-style API", with `get_params` and `set_params` in the base class.
# As there, `set_params(spectral_radius=0.1)` and `fit` is a model with this radius.
#
# Happens: reservoir and readout are made when the object is, from the arguments of that moment. Setting changes
# numbers that nobody reads again. `get_params` and the object's attributes show the new ones.
#
# Seen, 30 units, error of telling the input of one step ago, parameters given
#                             as arguments    by set_params before fit
#   none                      0.474           0.474
#   spectral_radius 0.1       0.740           0.474
#   leaking_rate 1.0          0.016           0.474
#   ridge 10                  0.862           0.474
#   n_units 5                 0.828           0.474, with 30 states
#
# Matters for: every search by set_params, scikit-learn's way: all candidates are the first one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rc-prediction==0.1.3
venv/bin/python -W ignore - <<'PY'
import numpy as np
from rc_prediction import ESN

STEPS, DEFAULTS = 600, {"n_units": 30, "random_state": 0}
x = np.random.default_rng(0).uniform(-1, 1, (STEPS, 1))
y = np.vstack([np.zeros((1, 1)), x[:-1]])


def error(model):
    """Root mean square over the deviation, on the training data after the warm-up."""
    model.fit(x, y)
    states = model.reservoir
    states.reset()
    told = model.readout.predict(states.run(x))[model.warmup :]
    return float(np.sqrt(((told - y[model.warmup :]) ** 2).mean()) / y.std()), states.state.size


def made(**settings):
    model = ESN(**{**DEFAULTS, **settings})
    model.reservoir.initialize(1)
    return model


plain, _ = error(made())
for settings in ({}, {"spectral_radius": 0.1}, {"leaking_rate": 1.0}, {"ridge": 10.0}, {"n_units": 5}):
    given, units = error(made(**settings))
    model = made().set_params(**settings)
    found, kept = error(model)
    print(f"{settings}: as arguments {given:.4f} ({units} units), set before fit {found:.4f} ({kept} units)")
    assert all(model.get_params()[name] == value for name, value in settings.items())
    assert found == plain and kept == DEFAULTS["n_units"]
    assert units == settings.get("n_units", kept) and (not settings or abs(given - plain) > 0.01)
PY
