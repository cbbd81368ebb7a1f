#!/usr/bin/env bash
# mab-algo 1.0.0: what an exploring step earns is credited to the arm before it.
#
# Packages: mab-algo 1.0.0.
#
# Expected: `EpsilonGreedy.step(reward)` takes "the reward received for taking the previous action" and returns the
# next one, that is, each reward counts for the action that was returned before it.
#
# Happens: with probability epsilon a random action is returned, and not noted as the one taken. Its reward goes to the
# last greedy action.
#
# Seen, epsilon .1, `WeightedAverage(.1)`, arms that always pay 0.5 and 1, started at the first, 20,000 steps:
#                            package        rewards where they belong
#   estimates                .5, 0          .5, 1
#   second arm chosen        5 %            94 %
# The better arm's estimate never leaves 0: it is taken by exploring alone, and the other arm gets the credit.
# With epsilon 1 all rewards of both arms go to the first one.
#
# Matters for: `EpsilonGreedy` at any epsilon but 0.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mab-algo==1.0.0
venv/bin/python - <<'PY'
import random
from importlib.metadata import version

from mab_algo import EpsilonGreedy, WeightedAverage

ARMS, PAYS, STEPS = ["first", "second"], {"first": 0.5, "second": 1.0}, 20000
print("mab-algo", version("mab-algo"))


class Noted(EpsilonGreedy):
    """The package's algorithm, with every returned action noted as taken."""

    def step(self, reward=0):
        self.chosen_action = super().step(reward)
        return self.chosen_action


def play(algorithm, epsilon):
    """Estimates at the end and the share of the second arm, where the first is taken first."""
    random.seed(0)
    bandit = algorithm(ARMS, WeightedAverage(step_size=0.1), epsilon)
    arm = bandit.step()
    while arm != "first":
        bandit = algorithm(ARMS, WeightedAverage(step_size=0.1), epsilon)
        arm = bandit.step()
    taken = 0
    for _ in range(STEPS):
        arm = bandit.step(PAYS[arm])
        taken += arm == "second"
    return [round(q, 2) for q in bandit.averager.estimated_Qvalues], taken / STEPS


found, share = play(EpsilonGreedy, 0.1)
right, due = play(Noted, 0.1)
print("package estimates", found, f"second arm {share:.3f}; noted {right} {due:.3f}")
assert found[1] == 0 and share < 0.07 and right == [0.5, 1.0] and due > 0.93
found, _ = play(EpsilonGreedy, 1.0)
print("epsilon 1, estimates", found)
assert found[1] == 0 and found[0] > 0.5
PY
