#!/usr/bin/env bash
# duelpy 1.0.0: Beat the Mean finds the best arm, keeps it alone in its working set, and names
# another one as the winner in half of the cases.
#
# Packages: duelpy 1.0.0, numpy 1.23.5, scipy 1.10.1, tqdm 4.70.1.
#
# Expected: when an arm is removed its duels with the others no longer count: neither in how often an
# arm was compared, nor in how often it won, so that the rest is a share. The arm that is left in
# the end is the Condorcet winner, and that is what `get_condorcet_winner()` gives.
#
# Happens: of the counts of each arm those duels go that the removed arm began (a row of the
# table, in the place of a column), and wins against it stay. Estimates leave 0 to 1, and for the arm
# that is left the count ends near 0, on either side. The winner is then looked for among all arms,
# the removed ones too: where that count is negative or 0, one of them has the largest estimate.
#
# Seen, 30 runs, each arm wins .8 against the next, more against those after it; T = 100,000
#                 left in the working set    named as winner       estimate of the arm that is left
#   three arms    the best, 30 of 30         the best, 13 of 30    -1352 to 672
#   four arms     the best, 30 of 30         the best, 17 of 30    -1495 to 414
#
# Matters for: what is played after the exploration, for all the time that is left: `exploit` asks this.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.23.5 scipy==1.10.1 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps duelpy==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from duelpy.algorithms import BeatTheMeanBandit
from duelpy.feedback import MatrixFeedback

THREE = np.array([[0.5, 0.8, 0.9], [0.2, 0.5, 0.8], [0.1, 0.2, 0.5]])
FOUR = np.array([[0.5, 0.8, 0.9, 0.95], [0.2, 0.5, 0.8, 0.9], [0.1, 0.2, 0.5, 0.8], [0.05, 0.1, 0.2, 0.5]])
BEST, RUNS = 0, 30

for preferences in (THREE, FOUR):
    assert (preferences[BEST, 1:] > 0.5).all() and np.allclose(preferences + preferences.T, 1)
    left = named = right = 0
    estimates = []
    for seed in range(RUNS):
        feedback = MatrixFeedback(preferences, random_state=np.random.RandomState(seed))
        algorithm = BeatTheMeanBandit(feedback, time_horizon=100_000, random_state=np.random.RandomState(1000 + seed))
        while not algorithm.exploration_finished():
            algorithm.explore()
        history = algorithm.comparison_history
        left += np.flatnonzero(history.working_set).tolist() == [BEST]
        named += algorithm.get_condorcet_winner() == BEST
        estimates.append(history.probability_estimate[BEST])
        # All its own duels were with arms that have been removed, and it won more than half of them.
        right += bool(0.6 < history.wins[BEST].sum() / history.comparisons[BEST].sum() < 1)
    print(f"{len(preferences)} arms: left {left}, named {named} of {RUNS}; estimates {min(estimates):.0f} to {max(estimates):.0f}")
    assert left == right == RUNS and named < 0.75 * RUNS
    assert min(estimates) < -10 and max(estimates) > 10
PY
