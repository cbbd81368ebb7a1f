#!/usr/bin/env bash
# duelpy 1.0.0: a table of preferences that is to be right to .05 has 0.6 where 0.9 is right: an entry
# that is known from its two neighbours is taken from a third place.
#
# Packages: duelpy 1.0.0, numpy 1.23.5, scipy 1.10.1, tqdm 4.70.1.
#
# Expected: `ApproximateProbability(feedback, order_arms, epsilon)` estimates all preferences to
# epsilon, for arms whose order is known. Down a column and along a row of the ordered table the
# probabilities rise. Where the neighbour below and the neighbour at the side have the same value, what
# lies between them has it too and need not be played.
#
# Happens: the two neighbours are compared, and then the preference of the other arm and its neighbour in
# the ranking is put in, another entry of the table. It is near one half where the two are close.
#
# Seen, four arms, of which 0 and 1 beat 2 and 3 with .9; first row of the table, arm 0 against 0, 1, 2, 3:
#   right    .5  .6  .9  .9
#   found    .5  .6  .6  .9     in 3 of 3 runs, after 283,912 duels
#
# Matters for: rankings with groups of arms that are alike, which is where the rule saves duels.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.23.5 scipy==1.10.1 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps duelpy==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from duelpy.algorithms.approximate_probability import ApproximateProbability
from duelpy.feedback import MatrixFeedback

ARMS, EPSILON = 4, 0.05
RIGHT = np.array([[0.5, 0.6, 0.9, 0.9], [0.4, 0.5, 0.9, 0.9], [0.1, 0.1, 0.5, 0.6], [0.1, 0.1, 0.4, 0.5]])

# The table is consistent, rises along its order, and satisfies the two assumptions that are asked for.
assert np.allclose(RIGHT + RIGHT.T, 1)
for i in range(ARMS):
    for j in range(i + 1, ARMS):
        for k in range(j + 1, ARMS):
            assert max(RIGHT[i, j], RIGHT[j, k]) <= RIGHT[i, k] <= RIGHT[i, j] + RIGHT[j, k] - 0.5 + 1e-12

for seed in range(3):
    feedback = MatrixFeedback(RIGHT, random_state=np.random.RandomState(seed))
    algorithm = ApproximateProbability(feedback, order_arms=[0, 1, 2, 3], epsilon=EPSILON)
    algorithm.run()
    found = algorithm.get_preference_matrix().preferences
    duels = algorithm.wrapped_feedback.duels_conducted
    print(f"seed {seed}: arm 0 against all {np.round(found[0], 2).tolist()}, right {RIGHT[0].tolist()}, {duels} duels")
    wrong = np.argwhere(np.abs(found - RIGHT) > EPSILON + 1e-9).tolist()
    assert wrong == [[0, 2], [2, 0]]
    assert np.isclose(found[0, 2], 0.6) and np.isclose(found[2, 0], found[3, 2])
PY
