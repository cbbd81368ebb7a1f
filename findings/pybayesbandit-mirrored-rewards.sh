#!/usr/bin/env bash
# pybayesbandit 0.0.4: planning by simulation rewards an arm as often as it should not: an arm with a mean of
# .9 wins one pull in ten, and rollouts cannot tell a good arm from a bad one.
#
# Packages: pybayesbandit 0.0.4, numpy 2.4.6.
#
# Expected: for Beta-Bernoulli beliefs `BetaBernoulliMDP.transition` gives each next belief with its
# probability, and `sample` draws one of them: success with alpha / (alpha + beta). Means are then a
# martingale: by d pulls with a random arm after the first the value of an arm is its mean plus d - 1 times
# the mean of all.
#
# Happens: `sample` says success when a uniform number is not below the mean. What is believed to be good gets
# worse in every simulation, and what is bad better. `RolloutPolicy` and `BetaBernoulliUCTPolicy` plan
# with it; value iteration, which uses `transition`, does not.
#
# Seen                                                       package        right
#   success of an arm with belief (9, 1), 20,000 samples     .101           .900
#   rollout values, beliefs (9, 1), (1, 1), 20 pulls left    12.13, 12.03   14.20, 13.80   (exact for both)
#   bandit of .3 and .7, 40 pulls, 30 rollouts a choice,
#     regret, mean of 40 games                               4.3            3.2
#
# Matters for: comparisons of planning with Thompson sampling and UCB: planning is at a disadvantage.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pybayesbandit==0.0.4
venv/bin/python -W ignore - <<'PY'
from functools import cache
from types import SimpleNamespace

import numpy as np
from pybayesbandit.bandits.bernoulli import BernoulliBandit
from pybayesbandit.learners.rollout import RolloutPolicy
from pybayesbandit.mdp.beta_bernoulli import BetaBernoulliMDP

PULLS, TRIALS, GAMES = 40, 30, 40


class Right(BetaBernoulliMDP):
    """Draws from the package's own transition probabilities."""

    def sample(self, belief, action):
        (failure, worse), (_, better) = self.transition(belief, action)
        return worse if np.random.random() < failure else better


@cache
def value(belief, arm, pulls, mirrored):
    """The value of an arm and random ones after it, exactly."""
    alpha, beta = belief[arm]
    mean = alpha / (alpha + beta)
    total = mean
    for gain, chance in ((1, 1 - mean if mirrored else mean), (0, mean if mirrored else 1 - mean)):
        after = tuple((a + gain, b + 1 - gain) if i == arm else (a, b) for i, (a, b) in enumerate(belief))
        if pulls > 1:
            total += chance * sum(value(after, other, pulls - 1, mirrored) for other in range(len(belief))) / len(belief)
    return total


def policy(world, pulls, trials):
    planner = RolloutPolicy(2, pulls, SimpleNamespace(trials=trials))
    planner.mdp = world(2)
    return planner


np.random.seed(0)
belief = ((9, 1), (1, 1))
shares = {world: np.mean([world(2).sample(belief, 0)[0][0] - 9 for _ in range(20000)]) for world in (BetaBernoulliMDP, Right)}
print(f"success of an arm with belief (9, 1): package {shares[BetaBernoulliMDP]:.3f}, by its own transition probabilities {shares[Right]:.3f}")
assert abs(shares[BetaBernoulliMDP] - 0.1) < 0.01 and abs(shares[Right] - 0.9) < 0.01

for world, mirrored in ((BetaBernoulliMDP, True), (Right, False)):
    seen = [policy(world, 20, 3000)._q_value(belief, arm, 20) for arm in (0, 1)]
    exact = [value(belief, arm, 20, mirrored) for arm in (0, 1)]
    print(f"{world.__name__}: rollout values {seen[0]:.2f}, {seen[1]:.2f}; exact, successes {'mirrored' if mirrored else 'as believed'}, {exact[0]:.2f}, {exact[1]:.2f}")
    assert np.allclose(seen, exact, atol=0.15)
assert np.allclose([value(belief, arm, 20, False) for arm in (0, 1)], [0.9 + 19 * 0.7, 0.5 + 19 * 0.7])  # the martingale

regrets = {}
for world in (BetaBernoulliMDP, Right):
    games = []
    for _ in range(GAMES):
        planner, bandit, regret = policy(world, PULLS, TRIALS), BernoulliBandit([0.3, 0.7]), 0.0
        for _ in range(PULLS):
            arm = planner()
            planner.update(arm, bandit(arm))
            regret += bandit.regret(arm)
        games.append(regret)
    regrets[world] = np.mean(games), np.std(games) / GAMES**0.5
    print(f"{world.__name__}: regret {regrets[world][0]:.2f} +- {regrets[world][1]:.2f}, always a random arm {0.2 * PULLS:.1f}")
assert regrets[BetaBernoulliMDP][0] > regrets[Right][0] + 0.5
PY
