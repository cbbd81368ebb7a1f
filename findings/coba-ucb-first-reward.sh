#!/usr/bin/env bash
# coba 8.1.0: the bandit by upper confidence bounds forgets the first reward of every arm: 1 then 0 is a
# mean of 0, and 0 then 1 a mean of 1.
#
# Packages: coba 8.1.0.
#
# Expected: `BanditUCBLearner` "is an implementation of" UCB1-Tuned of Auer, Cesa-Bianchi and Fischer (2002): the
# arm with the largest mean of its rewards and bonus is chosen. The bonus of two arms with as many rewards is the
# same as long as their number is small: the bound of the variance is cut off at 1/4.
#
# Happens: the mean is moved by 1 / n with the number of rewards before the new one, so that the second takes
# the place of the first; the number goes on as if both were in. The first reward is in no variance either.
#
# Seen, two arms with two rewards each, probability of choosing the first arm:
#   rewards                              right    coba
#   1 0 and 0 1                          .50      0
#   0 1 and 1 0                          .50      1
#   1 1 and 0 1                          1        .50
#   drawn, with means .8 and .3          .845     .750    (all outcomes, each with its probability)
#
# Matters for: experiments with many arms and few rounds, in which UCB is the baseline.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps coba==8.1.0
venv/bin/python - <<'PY'
import math
from itertools import product

from coba.learners import BanditUCBLearner

ARMS = ("first", "second")


def bound(rewards, rounds):
    """Mean and bonus of UCB1-Tuned, from the paper."""
    mean = sum(rewards) / len(rewards)
    spread = sum(reward**2 for reward in rewards) / len(rewards) - mean**2 + math.sqrt(2 * math.log(rounds) / len(rewards))
    return mean + math.sqrt(math.log(rounds) / len(rewards) * min(0.25, spread))


def right(first, second):
    one, other = (bound(rewards, len(first) + len(second)) for rewards in (first, second))
    return 0.5 if math.isclose(one, other) else float(one > other)


def found(first, second):
    learner = BanditUCBLearner()
    for arm, rewards in zip(ARMS, (first, second)):
        for reward in rewards:
            learner.learn(None, arm, reward, 1.0)
    return learner.score(None, list(ARMS), "first")


for first, second, by_the_paper, by_coba in (((1, 0), (0, 1), 0.5, 0), ((0, 1), (1, 0), 0.5, 1), ((1, 1), (0, 1), 1, 0.5)):
    print(first, second, "right", right(first, second), "found", found(first, second))
    assert right(first, second) == by_the_paper and found(first, second) == by_coba


def mean_over_outcomes(chosen, better=0.8, worse=0.3):
    total = 0.0
    for outcome in product((0, 1), repeat=4):
        chance = math.prod(p if reward else 1 - p for reward, p in zip(outcome, (better, better, worse, worse)))
        total += chance * chosen(outcome[:2], outcome[2:])
    return total


exact, package = mean_over_outcomes(right), mean_over_outcomes(found)
second_alone = 0.8 * 0.7 + 0.5 * (0.8 * 0.3 + 0.2 * 0.7)
print(f"drawn: right {exact:.3f}, found {package:.3f}, by the second reward alone {second_alone:.3f}")
assert math.isclose(package, second_alone) and exact > package + 0.05
PY
