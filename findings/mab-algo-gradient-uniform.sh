#!/usr/bin/env bash
# mab-algo 1.0.0: a gradient bandit never learns: every arm is as likely after any number of rewards.
#
# Packages: mab-algo 1.0.0.
#
# Expected: "selects an action based on a preference" that each reward changes by the step size, as in Sutton and
# Barto (2018), eq. 2.12: H(a) += step (R - mean) (1[a taken] - p(a)).
#
# Happens: the new preference is worked out and thrown away: `preferences[i] + (...)` stands there as a statement of
# its own, and the list stays all zeros.
#
# Seen, three arms that pay 0, 0 and 1, 2,000 steps:
#   probabilities at the end   package 1/3, 1/3, 1/3     eq. 2.12 with step .1   less than .01, less than .01, .99
#   reward a step              .34                        .97
#
# Matters for: everybody who uses `GradientBandit`; the other two algorithms learn.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mab-algo==1.0.0
venv/bin/python - <<'PY'
import random
from importlib.metadata import version
from math import exp

from mab_algo import GradientBandit, WeightedAverage

ARMS, STEPS, STEP = ["a", "b", "c"], 2000, 0.1
print("mab-algo", version("mab-algo"))


def pays(arm):
    return float(arm == "c")


random.seed(0)
bandit = GradientBandit(ARMS, WeightedAverage(step_size=0.1), step_size=STEP)
arm, total = bandit.step(), 0.0
for _ in range(STEPS):
    total += pays(arm)
    arm = bandit.step(pays(arm))
print("package: probabilities", [round(p, 3) for p in bandit.probabilities], f"reward a step {total / STEPS:.2f}")
assert bandit.probabilities == [1 / 3] * 3 and bandit.preferences == [0, 0, 0] and total / STEPS < 0.4

random.seed(0)
preferences, mean, total = [0.0] * 3, 0.0, 0.0
for step in range(1, STEPS + 1):
    weights = [exp(h) for h in preferences]
    shares = [w / sum(weights) for w in weights]
    taken = random.choices(range(3), shares)[0]
    reward = pays(ARMS[taken])
    preferences = [h + STEP * (reward - mean) * ((a == taken) - shares[a]) for a, h in enumerate(preferences)]
    mean += (reward - mean) / step
    total += reward
print("eq. 2.12: probabilities", [round(p, 3) for p in shares], f"reward a step {total / STEPS:.2f}")
assert shares[2] > 0.9 and total / STEPS > 0.9
PY
