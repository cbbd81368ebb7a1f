#!/usr/bin/env bash
# finstoch 0.10.0: the length of a step is the whole time by the number of points: in two points a year lasts half a
# year, in thirteen it lasts eleven months.
#
# Packages: finstoch 0.10.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2, python-dateutil 2.9.0.
#
# Expected: from `start_date` to `end_date` in steps of the `granularity`; "exact" draws from the closed-form
# transition density, so that the last point has its distribution whatever the step.
#
# Happens: n points have n - 1 steps between them, and each step has the length T / n. All processes have it from
# their base class.
#
# Seen, 2024-01-01 to 2025-01-01, volatility 1, mean reversion 1 from 5 to 0, "exact", 100,000 paths, at the end
#                      Brownian: variance of the log     Ornstein-Uhlenbeck: mean
#   yearly             .50                               3.04
#   quarterly          .80                               2.25
#   monthly            .92                               1.99
#   right              1                                 1.84
#
# Matters for: prices of options by these paths, and whatever is calibrated elsewhere; the coarser the more.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2 python-dateutil==2.9.0.post0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps finstoch==0.10.0
venv/bin/python - <<'PY'
from importlib.metadata import version
from math import exp

import numpy as np
from FinStoch import GeometricBrownianMotion, OrnsteinUhlenbeck

print("finstoch", version("finstoch"), "numpy", np.__version__)
for name, granularity, points in (("yearly", "YS", 2), ("quarterly", "QS", 5), ("monthly", "MS", 13), ("daily", "D", 367)):
    common = {"sigma": 1.0, "num_paths": 100_000 if points < 20 else 10_000, "start_date": "2024-01-01", "end_date": "2025-01-01", "granularity": granularity}
    brownian = GeometricBrownianMotion(S0=1.0, mu=0.0, **common)
    reverting = OrnsteinUhlenbeck(S0=5.0, mu=0.0, theta=1.0, **common)
    assert brownian.T == 1 and brownian.num_steps == points == len(brownian.t)
    variance = np.log(brownian.simulate(seed=0, method="exact")[:, -1]).var()
    mean = reverting.simulate(seed=1, method="exact")[:, -1].mean()
    told = (points - 1) / points
    print(f"{name:9s} {points} points, dt {brownian.dt:.4f}: variance of the log {variance:.3f} (right 1, as found {told:.3f}), mean {mean:.3f} (right {5 * exp(-1):.3f}, as found {5 * exp(-told):.3f})")
    assert abs(variance / told - 1) < 0.06 and abs(mean - 5 * exp(-told)) < 0.05
    assert points > 13 or (variance < 0.95 and mean > 1.95)
PY
