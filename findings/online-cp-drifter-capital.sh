#!/usr/bin/env bash
# online-cp 0.4.0: a sleeper that wakes half of its capital a batch makes 50 of 1: every stream of
# uniform p-values is an alarm.
#
# Packages: online-cp 0.4.0, numpy 2.2.6, scipy 1.15.3, matplotlib 3.9.4, joblib 1.5.2.
#
# Expected: `SleeperDrifter(R, G, M)` wakes experts every M steps; R is the "fraction of sleeping
# capital allocated when a new batch wakes up". Moving capital changes none of it: the total is a
# martingale, and passes 20 with probability 1/20 at the most.
#
# Happens: what the experts get is R times M times the sleeping capital, and 1 - R M of it stays, or
# nothing where that is negative. For R below 1/M (by default .001 and 100) the fraction is R M;
# above it there is more capital than before.
#
# Seen, M = 100, uniform p-values, 200 runs of 150 steps:
#   R                                       .001    .005    .02     .5
#   share woken, R as documented            .001    .005    .02     .5
#   share woken, found                      .1      .5      2       50
#   mean of the largest value of a run      1.2     1.9     5.7     141
#   runs that pass 20                       0       .005    .05     1
#
# Matters for: alarms of a change; the share has to be asked for divided by M.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.2.6 scipy==1.15.3 matplotlib==3.9.4 joblib==1.5.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps online-cp==0.4.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from online_cp.martingale import SleeperDrifter

RUNS, STEPS, BATCH = 200, 150, 100
for share in (0.001, 0.005, 0.02, 0.5):
    largest, woken = [], 0.0
    for run in range(RUNS):
        rng, martingale = np.random.default_rng(run), SleeperDrifter(R=share, G=5, M=BATCH)
        for step in range(STEPS):
            martingale.update(rng.uniform())
            if step == BATCH - 1:
                assert martingale.M == 1.0  # nobody has bet yet
                woken = sum(np.exp(capital) for capital in martingale._experts.values())
        largest.append(martingale.martingale_values.max())
    largest = np.array(largest)
    print(f"R {share}: woken {woken:.3f}, largest {largest.mean():.2f}, runs that pass 20: {(largest >= 20).mean():.3f}")
    assert np.isclose(woken, share * BATCH)
    if share == 0.5:
        assert (largest >= 20).all()
    elif share == 0.02:
        assert largest.min() > 1.2
    else:
        assert (largest >= 20).mean() < 0.05
PY
