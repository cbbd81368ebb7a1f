#!/usr/bin/env bash
# duelpy 1.0.0: Active Ranking takes a place in the ranking for the number of an arm: a ranking that may
# be wrong once in a million runs is wrong in 30 %, with better estimates at hand.
#
# Packages: duelpy 1.0.0, numpy 1.23.5, scipy 1.10.1, tqdm 4.70.1.
#
# Expected: `ActiveRanking(feedback, failure_probability)` ranks all arms by Borda score, wrong with that
# probability at most. An arm goes into its place when its score is apart from those at the
# places before and behind, of the arms sorted by score. How the arms are numbered does not matter.
#
# Happens: arms are sorted, the worst first though "descending" is said, and then the scores at the
# borders are looked up by number of the arm, not in the sorted list: arm 2 is compared with arm 1
# whatever their places are. An arm that is out keeps its old score and is compared with all the same.
#
# Seen, four arms, each wins .8 against the next, .9 and .95 against those after it; 40 runs, wrong
#                                 the package    by its own scores in the end    rounds
#   best to worst, delta .15      .150           .000                            676
#   best to worst, delta 1e-6     .300           .000                            2,362
#   2nd, 4th, 1st, 3rd, 1e-6      .000           .000                            534
#
# Matters for: rankings from duels that are taken as sure.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.23.5 scipy==1.10.1 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps duelpy==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from duelpy.algorithms.active_ranking import ActiveRanking
from duelpy.feedback import MatrixFeedback

PREFERENCES = np.array([[0.5, 0.8, 0.9, 0.95], [0.2, 0.5, 0.8, 0.9], [0.1, 0.2, 0.5, 0.8], [0.05, 0.1, 0.2, 0.5]])
RUNS, LIMIT = 40, 6000
ORDER = [[0], [1], [2], [3]]


def runs(order, delta):
    """Shares of runs with a wrong ranking, by the package and by its own scores; arm i is the order[i]-th best."""
    wrong = wrong_scores = rounds = 0
    preferences = PREFERENCES[np.ix_(order, order)]
    borda = (preferences.sum(axis=1) - 0.5) / 3
    assert [order[arm] for arm in np.argsort(-borda)] == [0, 1, 2, 3] and np.diff(np.sort(borda)).min() > 0.2
    for seed in range(RUNS):
        feedback = MatrixFeedback(preferences, random_state=np.random.RandomState(seed))
        algorithm = ActiveRanking(feedback, random_state=np.random.RandomState(50 + seed), failure_probability=delta)
        count = 0
        while not algorithm.exploration_finished() and count < LIMIT:
            algorithm.explore()
            count += 1
        if count == LIMIT:
            continue
        wrong += [[order[arm] for arm in place] for place in algorithm.get_ranking()] != ORDER
        wrong_scores += [order[arm] for arm in np.argsort(-np.array(algorithm._estimated_score_arms))] != [0, 1, 2, 3]
        rounds += count
    return wrong / RUNS, wrong_scores / RUNS, rounds / RUNS


found = {}
for order in ([0, 1, 2, 3], [1, 3, 0, 2]):
    for delta in (0.15, 1e-6):
        found[tuple(order), delta] = runs(order, delta)
        print(f"arms in the order {order}, delta {delta}: wrong {found[tuple(order), delta][0]:.3f}, by its own scores {found[tuple(order), delta][1]:.3f}, rounds {found[tuple(order), delta][2]:.0f}")
assert found[(0, 1, 2, 3), 1e-6][0] > 0.1
assert all(scores == 0 for _, scores, _ in found.values())
assert found[(0, 1, 2, 3), 1e-6][2] > 2 * found[(1, 3, 0, 2), 1e-6][2]
PY
