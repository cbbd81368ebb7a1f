#!/usr/bin/env bash
# contextualMAB 0.3: an arm is changed only for the largest bound or draw that there ever was: UCB plays the first
# arm for ever, and Thompson sampling stops trying.
#
# Packages: contextualMAB 0.3, numpy 2.4.6.
#
# Expected: at each step UCB takes the arm with the largest upper bound of that step, and Thompson sampling the arm
# with the largest of that step's draws from the posteriors.
#
# Happens: the largest value is kept in the object and never set back. The bound of an arm without a trial is
# infinite, so the first arm sets a mark that nothing passes, and the others are never tried. In Thompson sampling
# an arm that was once drawn at 0.9 stays until some draw is larger: draws of a good arm get surer, not larger.
#
# Seen, arms that pay 1 with .2, .5 and .8, 1,000 steps, 200 runs, share of the steps on each arm
#                        package              as described
#   UCB                  1.00 .00 .00         .02 .06 .92
#   Thompson sampling    .26  .26 .49         .01 .02 .98
# and where no arm ever pays, the arm is changed in the last 500 steps in 12 of 200 runs.
#
# Matters for: everybody who takes these two as baselines: a contextual learner beats them for the wrong reason.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps contextualMAB==0.3
venv/bin/python - <<'PY'
import random
from importlib.metadata import version
from math import inf, log, sqrt

import numpy as np
from contextualMAB.Thompson import Thompson
from contextualMAB.UCB import UCB

PAYS, STEPS, RUNS = (0.2, 0.5, 0.8), 1000, 200
print("contextualMAB", version("contextualMAB"), "numpy", np.__version__)


class Right:
    """The same two rules, with the largest value of each step."""

    def __init__(self, kind):
        self.kind, self.won, self.tried, self.step = kind, [0] * 3, [0] * 3, 0

    def value(self, arm):
        won, tried = self.won[arm], self.tried[arm]
        if self.kind is Thompson:
            return random.betavariate(won + 1, tried - won + 1)
        return won / tried + sqrt(1.5 * log(self.step + 1) / tried) if tried else inf

    def action(self):
        self.step += 1
        self.arm = max(range(3), key=self.value)
        return self.arm

    def update(self, reward):
        self.won[self.arm] += reward
        self.tried[self.arm] += 1


def shares(make):
    taken = np.zeros(3)
    for seed in range(RUNS):
        random.seed(seed)
        pays = np.random.default_rng(seed).random((STEPS, 3)) < PAYS
        bandit = make()
        for t in range(STEPS):
            arm = bandit.action()
            taken[arm] += 1
            bandit.update(int(pays[t, arm]))
    return taken / taken.sum()


for kind in (UCB, Thompson):
    package, right = shares(lambda: kind(3)), shares(lambda: Right(kind))
    print(f"{kind.__name__:9s} package {package.round(2)} as described {right.round(2)}")
    assert right[2] > 0.85
    assert package[0] == 1 if kind is UCB else package[2] < 0.6

late = 0
for seed in range(RUNS):
    random.seed(seed)
    bandit, seen = Thompson(3), []
    for _ in range(STEPS):
        seen.append(bandit.action())
        bandit.update(0)  # no arm ever pays
    late += len(set(seen[STEPS // 2 :])) > 1
print(f"no arm pays: {late} of {RUNS} runs of the package change the arm in the last {STEPS // 2} steps")
assert late < RUNS / 8
PY
