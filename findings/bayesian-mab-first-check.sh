#!/usr/bin/env bash
# bayesian-mab 0.1.0: an arm wins if it was likely the best at every check so far; one early doubt and none ever wins.
#
# Packages: bayesian-mab 0.1.0, numpy 1.26.4, scipy 1.11.4, pandas 2.1.4, pydantic 2.5.2, names 0.3.0.
#
# Expected: "At any moment, we can check if we already have a winner" with `check_for_end(winner_prob_threshold)`:
# the arms' Beta posteriors as they are say whether one is better than each other with that probability. The README
# asks in every round.
#
# Happens: every comparison is kept, and the least probability of all checks is held against the threshold. The
# "current winner" that comes with it is the arm with the largest mean probability over all checks.
#
# Seen, threshold .8:
#   first check with 250 of 500 and 250 of 500, second with 900 of 1,000 and 300 of 1,000
#     P(first better) .5, then 1.0: no end; a fresh object with the same arms: the end
#   checks with 295 and 305, 290 and 310 of 600 (the second leads a little), then 700 and 560 of 1,000
#     P(first better) = 1.0 in the third check: no end, and the "current winner" is the second
# The probabilities themselves are right (numerical integral).
#
# For a fast installation `numba.jit` is a stand-in that compiles nothing; three functions use it, for their speed.
#
# Matters for: experiments that are looked at more than once, which the class is for: they do not end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
  numpy==1.26.4 scipy==1.11.4 pandas==2.1.4 pydantic==2.5.2 names==0.3.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bayesian-mab==0.1.0
mkdir numba
echo 'jit = lambda function: function' > numba/__init__.py
venv/bin/python -W ignore - <<'PY'
import logging
from importlib.metadata import version

from scipy.integrate import quad
from scipy.stats import beta

from bayesian_mab import BayesianArm, BayesianMAB

logging.disable(logging.CRITICAL)
print("bayesian-mab", version("bayesian-mab"), "numpy", version("numpy"))


def better(first, second):
    """P(first > second) of two posteriors, numerically."""
    mean, spread = first.mean(), first.std()
    return quad(lambda x: first.pdf(x) * second.cdf(x), max(0, mean - 12 * spread), min(1, mean + 12 * spread), epsabs=1e-13, limit=500)[0]


def check(game, counts):
    """Sets what the arms have seen, and asks for the end; also P(first better)."""
    for arm, (wins, trials) in zip(game.arms, counts):
        arm.a, arm.b = 1 + wins, 1 + trials - wins
        arm.reward_tracker.brute_rewards = [0] * trials
    ended, winner = game.check_for_end(winner_prob_threshold=0.8)
    said = game.finisher.history_tracker.finisher_results[-2].prob
    right = better(*(beta(arm.a, arm.b) for arm in game.arms))
    assert abs(said - right) < 1e-6
    print(counts, f"P(first better) {said:.6f}", "ended" if ended else "not ended", "winner", winner)
    return ended, winner, said


def new():
    return BayesianMAB(arms=[BayesianArm(index=0, arm_name="first"), BayesianArm(index=1, arm_name="second")])


game = new()
check(game, [(250, 500), (250, 500)])
ended, _, said = check(game, [(900, 1000), (300, 1000)])
assert said > 1 - 1e-9 and not ended
ended, winner, _ = check(new(), [(900, 1000), (300, 1000)])
assert ended and winner == "first"

game = new()
check(game, [(295, 600), (305, 600)])
check(game, [(290, 600), (310, 600)])
ended, winner, said = check(game, [(700, 1000), (560, 1000)])
assert said > 1 - 1e-9 and not ended and winner == "second"
PY
