#!/usr/bin/env bash
# finstoch 0.10.0: several jumps in one step count as one: with a jump a month in monthly steps the mean of a
# price that should keep it rises to 1.84 in a year.
#
# Packages: finstoch 0.10.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2, python-dateutil 2.9.0.
#
# Expected: Merton's jump diffusion with "exact Poisson jumps", as its page says: in a step there are N jumps, which
# add up, and the drift makes up for their mean, so that the mean of S is S0 exp(mu t) whatever the jumps are.
#
# Happens: N is drawn, and where it is above 0 one jump is added. The drift makes up for all of them. Bates' model
# has the same lines.
#
# Seen, jumps of -0.2 +- 0.1 in the log, mu = 0, volatility .1, monthly points, 400,000 paths, at the last one
#                                                    package     all jumps     exact
#   a jump a month, mean price                       1.84        1.00          1
#     deviation of the log price                     .44         .75           .75
#   two jumps a year, mean price                     1.02        1.00          1
#   a jump a month by Bates, mean price              1.84                      1
#
# Matters for: prices of options, risk of loss: the rarer the points, the fewer the jumps.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2 python-dateutil==2.9.0.post0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps finstoch==0.10.0
venv/bin/python - <<'PY'
from importlib.metadata import version
from math import exp, sqrt

import numpy as np
from FinStoch import BatesModel, MertonJumpDiffusion

PATHS, JUMP, SPREAD, SIGMA = 400_000, -0.2, 0.1, 0.1
print("finstoch", version("finstoch"), "numpy", np.__version__)
common = {"S0": 1.0, "mu": 0.0, "num_paths": PATHS, "start_date": "2024-01-01", "end_date": "2025-01-01", "granularity": "MS", "mu_j": JUMP, "sigma_j": SPREAD}
K = exp(JUMP + SPREAD**2 / 2) - 1


def all_jumps(rate, dt, steps):
    """The last log prices with every jump counted, in the simulator's own steps."""
    rng, log = np.random.default_rng(1), np.zeros(PATHS)
    for _ in range(steps):
        jumps = rng.poisson(rate * dt, PATHS)
        log += (-(SIGMA**2) / 2 - rate * K) * dt + SIGMA * sqrt(dt) * rng.normal(size=PATHS) + jumps * JUMP + SPREAD * np.sqrt(jumps) * rng.normal(size=PATHS)
    return log


for rate in (2.0, 12.0):
    merton = MertonJumpDiffusion(sigma=SIGMA, lambda_j=rate, **common)
    dt, steps = merton.dt, merton.num_steps - 1
    found, right = np.log(merton.simulate(seed=0, method="exact")[:, -1]), all_jumps(rate, dt, steps)
    deviation = sqrt((SIGMA**2 + rate * (JUMP**2 + SPREAD**2)) * dt * steps)
    single = ((1 + (1 - exp(-rate * dt)) * K) * exp(-rate * K * dt)) ** steps
    print(f"{rate:4.0f} jumps a year: mean price, package {np.exp(found).mean():.3f}, all jumps {np.exp(right).mean():.3f}, exact 1, with one jump at most a step {single:.3f}; deviation of the log, package {found.std():.3f}, all jumps {right.std():.3f}, exact {deviation:.3f}")
    assert abs(np.exp(right).mean() - 1) < 0.02 and abs(right.std() / deviation - 1) < 0.01 and abs(np.exp(found).mean() / single - 1) < 0.01
assert np.exp(found).mean() > 1.3 and found.std() < 0.8 * deviation

bates = BatesModel(sigma=0.01, v0=SIGMA**2, theta=SIGMA**2, kappa=1.0, rho=0.0, lambda_j=12.0, **common)
mean = bates.simulate(seed=0)[0][:, -1].mean()
print(f"Bates, 12 jumps a year: mean price {mean:.3f}")
assert abs(mean / single - 1) < 0.02
PY
