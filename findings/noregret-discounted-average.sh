#!/usr/bin/env bash
# noregret 0.0.0.dev3: the average of discounted regret minimisation is not discounted: strategies
# of the first tenth have a weight of .093 in it where .001 is right.
#
# Packages: noregret 0.0.0.dev3, numpy 2.4.6, scipy 1.17.1, ordered-set 4.1.0.
#
# Expected: `DiscountedRegretMatching` and `DiscountedCounterfactualRegretMinimization` are those of
# Brown and Sandholm (2019): after step t all that has been added up for the average is
# multiplied by (t / (t + 1))^gamma, so that strategy t has a weight of t^gamma. The class
# above them, with the same gamma, weighs by t^gamma.
#
# Happens: (t / (t + 1))^gamma is the weight of the strategy itself. It goes from 1/4 to 1 for
# gamma = 2: but for the first few all weigh the same.
#
# Seen, gamma = 2, two actions, the first one better for 100 steps and then the second for 900:
#                                               right      found
#   share of step 1,000 in the average          .0030      .0010
#   share of the first 100 steps                .0010      .0934
#   first action in the average strategy        .0011      .0953
# The same for `DiscountedRegretMatching(2, gamma=0)`, where all weigh the same: .1016, right
#
# Matters for: how fast averages come to the equilibrium, for which the method was made.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 ordered-set==4.1.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps noregret==0.0.0.dev3
venv/bin/python -W ignore - <<'PY'
import numpy as np
from noregret.regret_minimizers import DiscountedRegretMatching, RegretMatching

STEPS, TURN = 1000, 100


def run(learner):
    """The strategies one after another, the averages after each, and each step's weight in the last."""
    strategies, averages = [], [learner.average_strategy.copy()]
    for step in range(STEPS):
        strategies.append(learner.next_strategy().copy())
        learner.observe_utility(np.array([1.0, 0.0]) if step < TURN else np.array([0.0, 1.0]))
        averages.append(learner.average_strategy.copy())
    strategies, averages = np.array(strategies), np.array(averages)
    moved = np.linalg.norm(np.diff(averages, axis=0), axis=1)
    far = np.linalg.norm(strategies - averages[:-1], axis=1)
    return strategies, averages[-1], moved / np.where(far > 0, far, np.nan)


def weights(power):
    each = np.arange(1.0, STEPS + 1) ** power
    return each / each.sum()


for name, learner in (("gamma 2", DiscountedRegretMatching(2, alpha=1.5, beta=0, gamma=2)), ("gamma 0", DiscountedRegretMatching(2, alpha=1.5, beta=0, gamma=0)), ("plain, gamma 2", RegretMatching(2, gamma=2))):
    strategies, average, shares = run(learner)
    right = weights(0 if name == "gamma 0" else 2)
    step = (np.arange(1, STEPS + 1) / np.arange(2, STEPS + 2)) ** learner.gamma
    run_as = weights(2) if name.startswith("plain") else step / step.sum()
    assert np.allclose(average, run_as @ strategies)
    print(f"{name:15} last step: right {right[-1]:.4f}, found {shares[-1]:.4f}; first {TURN} steps: right {right[:TURN].sum():.4f}, found {run_as[:TURN].sum():.4f}; first action: right {right @ strategies[:, 0]:.4f}, found {average[0]:.4f}")
    if name == "gamma 2":
        assert shares[-1] < 0.5 * right[-1] and run_as[:TURN].sum() > 50 * right[:TURN].sum()
    else:
        assert np.allclose(average, right @ strategies)
PY
