#!/usr/bin/env bash
# duelpy 1.0.0: in the Mallows environment an arm with a smaller number wins too rarely, and between
# neighbours of the ranking whoever is named first loses; the arm given out as the best is another one.
#
# Packages: duelpy 1.0.0, numpy 2.4.6, scipy 1.17.1, tqdm 4.70.1.
#
# Expected: `MallowsModel(num_arms, random_state, spread)` draws a ranking and has the probabilities
# that one arm is before another in rankings which become rarer by the factor `spread` for each
# exchange of neighbours. They depend on the distance of the two in the ranking alone;
# `get_best_arms` is the first of `get_arbitrary_ranking`.
#
# Happens: the formula of the paper is for the better arm first. It is used for every pair, and for the
# worse arm first it takes the distance as one less: between neighbours it is 0 / 0, NaN. A duel is a
# comparison with it, so that the arm named first loses. The best arm is the rank of arm 0.
#
# Seen, 5 arms, spread .5, first arm before second, by distance in the ranking 1, 2, 3, 4:
#   enumeration of all rankings        .667  .762  .838  .895
#   better arm has the larger number   .667  .762  .838  .895
#   better arm has the smaller number  nan   .667  .762  .838
# 1,000 duels of neighbours with NaN: 0 won by the better one named first, 0 by the worse one. In 13 of
# 20 environments the best arm is another one.
#
# Matters for: regret and rates of success of algorithms in this environment, of which
# `duelpy.experiments` is made. Numbers have nothing to do with ranks.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps duelpy==1.0.0
venv/bin/python -W ignore - <<'PY'
from itertools import permutations

import numpy as np
from duelpy.experiments.environments import MallowsModel

ARMS, SPREAD, DUELS = 5, 0.5, 1000

# P(first of two is before the second) by their distance in the ranking 0, 1, ..., by all rankings.
before, total = np.zeros((ARMS, ARMS)), 0.0
for order in permutations(range(ARMS)):
    exchanges = sum(order[i] > order[j] for i in range(ARMS) for j in range(i + 1, ARMS))
    total += SPREAD**exchanges
    for i in range(ARMS):
        for j in range(i + 1, ARMS):
            before[order[i], order[j]] += SPREAD**exchanges
before /= total
right = {distance: before[0, distance] for distance in range(1, ARMS)}
assert all(np.isclose(before[i, i + d], right[d]) for d in right for i in range(ARMS - d))
print("enumeration", {d: round(float(p), 3) for d, p in right.items()})

wrong_best = 0
for seed in range(20):
    model = MallowsModel(ARMS, np.random.RandomState(seed), SPREAD)
    ranking = model.get_arbitrary_ranking()
    wrong_best += model.get_best_arms() != [ranking[0]]
    for i in range(ARMS):
        for j in range(i + 1, ARMS):
            better, worse, distance = ranking[i], ranking[j], j - i
            found = model.preference_matrix[better, worse]
            if better > worse:
                assert np.isclose(found, right[distance])
            elif distance == 1:
                assert np.isnan(found)
                neighbours = model, better, worse
            else:
                assert np.isclose(found, right[distance - 1])
print(f"the best arm is another one in {wrong_best} of 20 environments")
assert wrong_best > 10

model, better, worse = neighbours
wins = [sum(model.duel(*pair) for _ in range(DUELS)) for pair in ((better, worse), (worse, better))]
print(f"{DUELS} duels of neighbours: {wins[0]} won by the better one named first, {wins[1]} by the worse one named first")
assert wins == [0, 0]
PY
