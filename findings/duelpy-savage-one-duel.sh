#!/usr/bin/env bash
# duelpy 1.0.0: SAVAGE decides between two arms after one duel, or eleven, however sure it is to be:
# with a failure probability of 0.001 it gives out a wrong arm in a quarter of the cases.
#
# Packages: duelpy 1.0.0, numpy 1.23.5, scipy 1.10.1, tqdm 4.70.1.
#
# Expected: `Savage(feedback, failure_probability)` ends when it knows a Copeland winner, wrong with that
# probability at most. With N pairs the radius after t duels is sqrt(log(pi^2 N t^2 / 3 delta) / 2t), or
# sqrt(log(2 N T / delta) / 2t) with a horizon T.
#
# Happens: the factor is handed over upside down: `HoeffdingConfidenceRadius` divides it by delta, and
# where the quotient is less than 1 the radius is 0, "still too uncertain". With three pairs it is so
# from the second duel on for delta = .1, from the eleventh for .001, with a horizon from the first.
#
# Seen, three arms with preferences of .6, 500 runs
#                             wrong     duels, mean
#   delta = .1                .396      2.6
#   delta = .001              .248      23.9
#   delta = .1, T = 100,000   .396      2.6
#   delta = .1, right radius  .000      2,447     (20 runs)
#
# Matters for: comparisons with this algorithm: it explores nothing and looks cheap.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.23.5 scipy==1.10.1 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps duelpy==1.0.0
venv/bin/python -W ignore - <<'PY'
import math

import numpy as np
from duelpy.algorithms import Savage
from duelpy.feedback import MatrixFeedback
from duelpy.stats import PreferenceEstimate

PREFERENCES = np.array([[0.5, 0.6, 0.6], [0.4, 0.5, 0.6], [0.4, 0.4, 0.5]])
ARMS, PAIRS, BEST = 3, 3, 0


def right_radius(delta):
    """Radius such that no estimate, after any number of duels, is farther off with probability 1 - delta."""
    return lambda duels: math.sqrt(math.log(math.pi**2 * PAIRS * duels**2 / (3 * delta)) / (2 * duels)) if duels else 1.0


def runs(count, delta, horizon=None, radius=None):
    wrong = duels = 0
    for seed in range(count):
        feedback = MatrixFeedback(PREFERENCES, random_state=np.random.RandomState(seed))
        algorithm = Savage(feedback, failure_probability=delta, time_horizon=horizon)
        if radius is not None:
            algorithm.preference_estimate = PreferenceEstimate(ARMS, radius)
        while not algorithm.exploration_finished():
            algorithm.explore()
        wrong += algorithm.get_copeland_winner() != BEST
        duels += algorithm.wrapped_feedback.duels_conducted
    return wrong / count, duels / count


found = {
    "delta .1": runs(500, 0.1),
    "delta .001": runs(500, 0.001),
    "delta .1, T 100,000": runs(500, 0.1, horizon=100_000),
    "delta .1, right radius": runs(20, 0.1, radius=right_radius(0.1)),
}
for name, (wrong, duels) in found.items():
    print(f"{name:24} wrong {wrong:.3f}, duels {duels:.1f}")
assert found["delta .1, right radius"][0] <= 0.1 and found["delta .1, right radius"][1] > 1000
assert all(wrong > 0.2 and duels < 30 for name, (wrong, duels) in found.items() if "right" not in name)

feedback = MatrixFeedback(PREFERENCES, random_state=np.random.RandomState(0))
package = Savage(feedback, failure_probability=0.1).preference_estimate.confidence_radius
print("radius after 2, 10, 100 duels:", [package(n) for n in (2, 10, 100)], "right", [round(right_radius(0.1)(n), 2) for n in (2, 10, 100)])
assert package(2) == package(10) == package(100) == 0
PY
