#!/usr/bin/env bash
# duelpy 1.0.0: Successive Elimination multiplies its scores by the number of the round where it should
# take a mean: it names a wrong winner in half of the cases, whatever failure probability it is given.
#
# Packages: duelpy 1.0.0, numpy 1.23.5, scipy 1.10.1, tqdm 4.70.1.
#
# Expected: `SuccessiveElimination(feedback, failure_probability)` names the Borda winner, wrong with that
# probability at most. By its documentation the score of an arm in round t is the running mean
# (t - 1) / t s + n / (n - 1) / t Z, so that it is between 0 and n / (n - 1); an arm leaves when another one's
# score is higher by n / (n - 1) sqrt(2 log(4 n t^2 / delta) / t).
#
# Happens: the code has `t - 1 / t` for (t - 1) / t. From the third round on the first duels are multiplied
# by the round each time, the limit falls, and whoever won one of the first two has won.
#
# Seen, four arms; the best one wins .7 against each, others .6 against those behind; `time_gate` so large
# that scores alone decide; 300 runs, and 10 with the mean as documented
#                    package                                    as documented
#   delta            .1          .001                           .1          .001
#   wrong winner     .500        .503                           .000        .000
#   rounds, mean     4.5         4.6                            1,828       2,545
#   largest score    3e11        3e11     (at most 1.33)        1.33        1.33
#
# Matters for: comparisons with this algorithm: it looks cheap, and what it finds is chance.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.23.5 scipy==1.10.1 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps duelpy==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from duelpy.algorithms import SuccessiveElimination
from duelpy.feedback import MatrixFeedback

PREFERENCES = np.array([[0.5, 0.7, 0.7, 0.7], [0.3, 0.5, 0.6, 0.6], [0.3, 0.4, 0.5, 0.6], [0.3, 0.4, 0.4, 0.5]])
ARMS, BEST = 4, 0
assert int(np.argmax(PREFERENCES.sum(axis=1))) == BEST


class Documented(SuccessiveElimination):
    """The score as the documentation of the method has it."""

    def _update_borda_score(self, bernoulli_variable, arm_working_set):
        t, old = self.round, self.borda_scores_array[arm_working_set]
        self.borda_scores_array[arm_working_set] = (t - 1) / t * old + ARMS / (ARMS - 1) / t * bernoulli_variable


def runs(kind, delta, count):
    """Share of wrong winners, mean number of rounds, largest score seen."""
    wrong, rounds, largest = 0, 0, 0.0
    for seed in range(count):
        feedback = MatrixFeedback(PREFERENCES, random_state=np.random.RandomState(seed))
        algorithm = kind(feedback, random_state=np.random.RandomState(1000 + seed), failure_probability=delta, time_gate=10**9)
        while not algorithm.exploration_finished():
            algorithm.explore()
            largest = max(largest, algorithm.borda_scores_array.max())
        wrong += algorithm.get_borda_winner() != BEST
        rounds += algorithm.round - 1
    return wrong / count, rounds / count, largest


found = {}
for kind, count in ((SuccessiveElimination, 300), (Documented, 10)):
    for delta in (0.1, 0.001):
        found[kind, delta] = runs(kind, delta, count)
        print(f"{kind.__name__:22} delta {delta}: wrong {found[kind, delta][0]:.3f}, rounds {found[kind, delta][1]:.1f}, largest score {found[kind, delta][2]:.2f}")
for delta in (0.1, 0.001):
    wrong, rounds, largest = found[SuccessiveElimination, delta]
    assert wrong > 0.35 and rounds < 10 and largest > 2 * ARMS / (ARMS - 1)
    wrong, rounds, largest = found[Documented, delta]
    assert wrong == 0 and rounds > 300 and largest <= ARMS / (ARMS - 1) + 1e-9
PY
