#!/usr/bin/env bash
# aleatory 1.2.4: a Hawkes process is thinned from the intensity before each event: at a rate of 1 with .8 more for
# each event 170 or 91 are drawn where 230 and 246 are right, and a seed has no effect.
#
# Packages: aleatory 1.2.4, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2, statsmodels 0.14.6,
# ipywidgets 8.1.8.
#
# Expected: "Ogata's thinning method": candidates come at a rate that the intensity does not exceed until the next
# one. After an event that is the intensity with the event's own alpha. All processes take a generator `rng`.
#
# Happens: the intensity at an event is worked out before the event is in the list, and is the rate of the next
# candidate. Where the intensity is higher than that the candidate is accepted for certain, and is too rare. Draws
# are from `np.random`, whatever `rng` is.
#
# Seen, mu = 1, alpha = .8 beta, to T = 50, 400 paths (alpha / beta is the mean number of events set off by one)
#   beta       package     as described     exact mean
#   1          169         233              230
#   5           91         246              246
# and two paths from generators with the same seed are different.
#
# Matters for: whoever tests an estimator on these paths.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2 statsmodels==0.14.6 ipywidgets==8.1.8
venv/bin/pip install --quiet --disable-pip-version-check --no-deps aleatory==1.2.4
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version
from math import exp

import numpy as np
from aleatory.processes import HawkesProcess

MU, END, PATHS = 1.0, 50.0, 400
print("aleatory", version("aleatory"), "numpy", np.__version__)


def thinned(alpha, beta, rng):
    """The number of events, by thinning from the intensity just after the last event or candidate."""
    t, excited, events = 0.0, 0.0, 0
    while True:
        bound = MU + excited
        wait = rng.exponential(1 / bound)
        t, excited = t + wait, excited * exp(-beta * wait)
        if t > END:
            return events
        if rng.random() * bound <= MU + excited:
            events, excited = events + 1, excited + alpha


def mean(alpha, beta):
    """The mean number of events, from d rate / dt = beta MU + (alpha - beta) rate, rate = MU at 0."""
    c = beta - alpha
    return MU * beta / c * END - MU * alpha / c**2 * (1 - exp(-c * END))


for beta in (1.0, 5.0):
    alpha = 0.8 * beta
    np.random.seed(0)
    process = HawkesProcess(mu=MU, alpha=alpha, beta=beta)
    package = np.mean([len(path) for path in process.simulate(PATHS, T=END)])
    rng = np.random.default_rng(0)
    right, exact = np.mean([thinned(alpha, beta, rng) for _ in range(PATHS)]), mean(alpha, beta)
    print(f"beta {beta}: events, package {package:.1f}, thinning {right:.1f}, exact {exact:.1f}")
    assert abs(right / exact - 1) < 0.08 and package < 0.8 * exact

paths = [HawkesProcess(mu=MU, alpha=0.5, beta=1.0, rng=np.random.default_rng(7)).sample(T=20.0) for _ in range(2)]
print("two paths with the same generator begin", np.round(paths[0][:3], 3), np.round(paths[1][:3], 3))
assert paths[0] != paths[1]
PY
