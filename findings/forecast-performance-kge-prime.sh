#!/usr/bin/env bash
# forecast-performance 1.0.0: the modified Kling-Gupta efficiency compares variability upside down: half
# of the right variation scores 0 instead of .5, and three halves of it better than they are.
#
# Packages: forecast-performance 1.0.0, numpy 2.2.6, scipy 1.15.3, pandas 2.2.3, matplotlib 3.9.4.
#
# Expected: KGE' is 1 - sqrt((r - 1)^2 + (beta - 1)^2 + (gamma - 1)^2): correlation, ratio of the means,
# and ratio of the coefficients of variation, of the simulation to the observation (Kling, Fuchs and
# Paulin 2012).
#
# Happens: the last ratio is that of the observation to the simulation. The other two are as they should
# be, and so is the plain KGE.
#
# Seen, perfect correlation and mean, variation of the simulation as a multiple of the observed one:
#   multiple    .1       .5       1       1.5      3
#   right       .10      .50      1       .50      -1
#   found       -8.00    .00      1       .67      .33
#
# Matters for: calibration by this score, which is drawn to models that vary too much.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.2.6 scipy==1.15.3 pandas==2.2.3 matplotlib==3.9.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps forecast-performance==1.0.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
from forecast_performance import kge, kge_prime

observed = pd.Series(10 + np.random.default_rng(0).normal(size=1000))
deviation = observed - observed.mean()
for multiple, shown in ((0.1, -8.0), (0.5, 0.0), (1.0, 1.0), (1.5, 2 / 3), (3.0, 1 / 3)):
    simulated = observed.mean() + multiple * deviation
    variation = (simulated.std() / simulated.mean()) / (observed.std() / observed.mean())
    correlation, means = np.corrcoef(simulated, observed)[0, 1], simulated.mean() / observed.mean()
    right = 1 - np.sqrt((correlation - 1) ** 2 + (means - 1) ** 2 + (variation - 1) ** 2)
    found = float(kge_prime(simulated, observed))
    print(f"multiple {multiple}: right {right:.2f}, found {found:.2f}, plain {float(kge(simulated, observed)):.2f}")
    assert np.isclose(variation, multiple) and np.isclose(kge(simulated, observed), 1 - abs(multiple - 1), atol=1e-6)
    assert np.isclose(found, shown, atol=1e-6) and np.isclose(right, 1 - abs(multiple - 1), atol=1e-6)
PY
