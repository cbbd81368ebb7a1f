#!/usr/bin/env bash
# phawkes 0.1.0: of two events at the same time the one in the dimension named first causes the
# other: on days when two markets jump together, .85 of the jumps are the first one's, in either order.
#
# Packages: phawkes 0.1.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: the intensity at an event counts what came before it, `t_j^k < t` in the formula of the
# module. Events of one day, or one second, do not cause each other, and naming the dimensions in
# another order names the same coefficients in another order.
#
# Happens: events of all dimensions are sorted by time and taken one by one, each raising the
# intensity for the next one, also where no time has passed. Ties stay in the order of the
# dimensions.
#
# Seen, 400 days, 60 common events and 20 of each dimension alone, decay 1 a day; branching
# coefficients:
#                        formula    as given    in the other order
#   second by first      .00        .85         .00
#   first by second      .00        .00         .84
# The log-likelihood at the fitted coefficients is said to be -330.2; by the formula it is -480.8.
#
# Matters for: contagion between markets or regions from daily or rounded times.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps phawkes==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from phawkes import HawkesExpMLE
from scipy.optimize import minimize

END, DECAY = 400.0, 1.0
draw = np.random.default_rng(0)
days = np.arange(1.0, END)
common, own = draw.choice(days, 60, replace=False), draw.choice(days, (2, 20), replace=False)
events = [np.union1d(common, alone) for alone in own]


def likelihood(mu, alpha):
    """The formula: at each event only what came before it counts."""
    total = 0.0
    for i in range(2):
        for t in events[i]:
            before = [DECAY * np.exp(-DECAY * (t - times[times < t])).sum() for times in events]
            total += np.log(mu[i] + alpha[i] @ before)
        total -= mu[i] * END + alpha[i] @ [(1 - np.exp(-DECAY * (END - times))).sum() for times in events]
    return total


def loss(logs):
    return -likelihood(np.exp(logs[:2]), np.exp(logs[2:]).reshape(2, 2))


start = np.log([0.2, 0.2, 0.1, 0.1, 0.1, 0.1])
best = minimize(loss, start, method="L-BFGS-B", bounds=[(-15, 5)] * 6)
formula = np.exp(best.x[2:]).reshape(2, 2)
given = HawkesExpMLE(decay=DECAY).fit(events, END)
turned = HawkesExpMLE(decay=DECAY).fit(events[::-1], END).adjacency_[::-1, ::-1]
said, right = given.final_loglik_, likelihood(given.baseline_, given.adjacency_)
for name, (i, j) in (("second by first", (1, 0)), ("first by second", (0, 1))):
    print(f"{name}: formula {formula[i, j]:.2f}, as given {given.adjacency_[i, j]:.2f}, in the other order {turned[i, j]:.2f}")
print(f"log-likelihood said {said:.1f}, by the formula {right:.1f}")
assert formula.max() < 0.01 and right < -best.fun
assert given.adjacency_[1, 0] > 0.8 > 0.01 > given.adjacency_[0, 1]
assert turned[0, 1] > 0.8 > 0.01 > turned[1, 0] and said > right + 100
PY
