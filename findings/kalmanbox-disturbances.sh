#!/usr/bin/env bash
# kalmanbox 0.1.0: the smoothed noise is not the observation less the smoothed level, and
# at missing observations the state is said not to have moved.
#
# Packages: kalmanbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `DisturbanceSmoother` returns the expectations of the disturbances given all
# data. They are tied to the smoothed states, which the package computes elsewhere:
# y = Z a + noise, and next state = T a + R disturbance, so the expectations satisfy both
# without an error. A missing observation has no noise, but the state goes on moving.
#
# Happens: in the noise the gain lacks the transition matrix. With T = 1 (local level) that
# is no difference; in a model with a trend or seasons it is. At a missing observation
# the state's disturbance is left at 0 with the prior's variance.
#
# Seen, 40 steps, largest difference:
#   local level, nothing missing:            noise 0.000, state 0.000
#   local level, steps 10, 11, 20 missing:   noise 0.000, state 0.898 (at those steps)
#   local linear trend, nothing missing:     noise 0.278 of up to 1.66, state 0.000
#   local linear trend, steps missing:       noise 0.285, state 0.191 (at those steps)
#
# Matters for: outliers and breaks found from these disturbances (which are divided by a
# wrong deviation besides). Take the differences of the
# smoothed states instead.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 kalmanbox==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from kalmanbox import LocalLevel, LocalLinearTrend
from kalmanbox.smoothers.disturbance import DisturbanceSmoother

STEPS, MISSING, VALUES = 40, [10, 11, 20], {"sigma2_obs": 1.0, "sigma2_level": 0.5, "sigma2_trend": 0.1}
rng = np.random.default_rng(0)
series = np.cumsum(np.cumsum(rng.normal(0, 0.3, STEPS))) + rng.normal(size=STEPS)


def apart(kind, missing):
    """Largest difference of the noise, of the state's disturbances, and the steps of the latter."""
    seen = series.copy()
    seen[missing] = np.nan
    model = kind(seen)
    results = model.smooth(np.array([VALUES[name] for name in model.param_names]))
    states, ssm = results.smoother_output.smoothed_state, results.ssm
    found = DisturbanceSmoother().smooth(seen, ssm)
    noise = seen - (states @ ssm.Z.T).ravel()
    moves = states[1:] - states[:-1] @ ssm.T.T
    off = np.abs(found.smoothed_state_disturbance[:-1] @ ssm.R.T - moves).max(1)
    return np.nanmax(np.abs(found.smoothed_obs_disturbance.ravel() - noise)), off.max(), np.flatnonzero(off > 1e-6).tolist()


for kind, noise_off in ((LocalLevel, 0.0), (LocalLinearTrend, 0.2)):
    for missing in ([], MISSING):
        noise, state, steps = apart(kind, missing)
        print(f"{kind.__name__}, missing {missing}: noise {noise:.3f}, state {state:.3f} at {steps}")
        assert noise > noise_off if noise_off else noise < 1e-6
        assert steps == missing and (not missing or state > 0.1)
PY
