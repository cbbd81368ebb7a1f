#!/usr/bin/env bash
# pybayesbandit 0.0.4: tree search by UCT takes all T pulls to be left at every pull: the last one of 40 goes to
# an arm with a mean of .5 instead of .6.
#
# Packages: pybayesbandit 0.0.4, numpy 2.4.6.
#
# Expected: a finite-horizon policy. With one pull left nothing can be learned any more: the value of an arm is
# its mean, and the arm with the largest mean is right, for value iteration and every planner.
#
# Happens: `BetaBernoulliUCTPolicy` gives the search T, the length of the game, in the place of the pulls left.
# A leaf below k simulated pulls has T - k times the largest mean, so that trying an unknown arm pays. The
# look-ahead policy, which has the same leaves, gives the pulls that are left.
#
# Seen, T = 40, beliefs (12, 8) and (1, 1), value of each arm and what is chosen in 50 searches of 500 trials:
#                                  right         UCT             T = pulls left
#   1 pull left                    .60, .50      23.6, 25.2      .60, .50
#   chosen, means .60 and .50      first         second, 50      first, 50
# With drawn outcomes as the package's own transition probabilities say (they are mirrored) the same.
#
# Matters for: regret of planning against that of Thompson sampling; it explores to the end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pybayesbandit==0.0.4
venv/bin/python -W ignore - <<'PY'
from types import SimpleNamespace

import numpy as np
from pybayesbandit.learners.lookahead import LookaheadTreeSearchPolicy
from pybayesbandit.learners.uct import BetaBernoulliUCTPolicy
from pybayesbandit.mdp.beta_bernoulli import BetaBernoulliMDP

LENGTH, SEARCHES, BELIEF = 40, 50, ((12, 8), (1, 1))
MEANS = [a / (a + b) for a, b in BELIEF]


class Drawn(BetaBernoulliMDP):
    """Draws from the package's own transition probabilities."""

    def sample(self, belief, action):
        (failure, worse), (_, better) = self.transition(belief, action)
        return worse if np.random.random() < failure else better


def search(world, horizon):
    """The policy before its last pull: what it chooses and the values at the root."""
    policy = BetaBernoulliUCTPolicy(2, LENGTH, SimpleNamespace(trials=500, maxdepth=5, C=2))
    for pull in range(18):  # of the first arm: 11 successes and 7 failures
        policy.update(0, int(pull < 11))
    assert policy._belief == BELIEF
    policy.mdp, policy._step, policy.T = world(2), 1, horizon
    chosen = policy()
    return chosen, [arm.value for arm in next(iter(policy.uct.nodes)).succ]


ahead = LookaheadTreeSearchPolicy(2, LENGTH, SimpleNamespace(maxdepth=5))
ahead.belief, ahead.horizon = BELIEF, 1
assert ahead() == 0  # the other planner of the package, one pull left

np.random.seed(0)
for world in (BetaBernoulliMDP, Drawn):
    for horizon in (LENGTH, 1):
        seen = [search(world, horizon) for _ in range(SEARCHES)]
        second, values = sum(chosen for chosen, _ in seen), np.mean([values for _, values in seen], axis=0)
        print(f"{world.__name__}, T = {horizon}, one pull left: means {MEANS}, values {values.round(2)}, second arm chosen {second} of {SEARCHES}")
        if horizon == LENGTH:
            assert second == SEARCHES and values.min() > 20
        else:
            assert second == 0 and np.allclose(values, MEANS, atol=0.03)
PY
