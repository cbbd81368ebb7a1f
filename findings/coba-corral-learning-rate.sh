#!/usr/bin/env bash
# coba 8.1.0: Corral's learning rates shrink where the paper's grow: a learner that was bad and becomes good
# comes back more slowly.
#
# Packages: coba 8.1.0.
#
# Expected: `CorralLearner` "is an implementation of the Agarwal et al. (2017) Corral algorithm". There a
# learner whose probability falls under its threshold has its learning rate multiplied by e^(1 / ln T), more
# than 1, "increasing": it is not to starve, and its regret is paid for by what the higher rate earns.
#
# Happens: the factor is 1 / e^(1 / ln T). The description of `T` takes this for granted: "shrink towards 0".
# All else is as in the paper: with the factor turned round, that written here has the same rewards.
#
# Seen, two arms, each with a learner of its own; for 300 rounds the second pays in .9 of the cases and the
# first in .1, then the other way; 2,000 rounds, eta = .075, 20 runs:
#                                  coba     written here, shrinking    as in the paper
#   learning rates, first run      .051 .044    .051 .044                  .127 .145
#   rounds until the first leads   336          336                        265      (mean)
#   reward                         1,466        1,466                      1,531
#
# Matters for: experiments in which Corral is the baseline: it is there for learners that need time.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps coba==8.1.0
venv/bin/python - <<'PY'
import math
import random

from coba.learners import CorralLearner, FixedLearner

ETA, ROUNDS, SWITCH, RUNS, ARMS = 0.075, 2000, 300, 20, (0, 1)


def mirror_descent(weights, losses, rates):
    """One step with the log barrier: 1 / w' = 1 / w + rate (loss - x), with x such that all sum to 1."""
    low, high = min(losses), min(max(losses), *(loss + 1 / (w * rate) for w, loss, rate in zip(weights, losses, rates)))
    for _ in range(200):
        x = (low + high) / 2
        new = [1 / (1 / w + rate * (loss - x)) for w, loss, rate in zip(weights, losses, rates)]
        low, high = (low, x) if sum(new) > 1 else (x, high)
    return new


class Corral:
    """Algorithm 1 of the paper for learners of one arm each; `factor` for the rates of those that fall."""

    def __init__(self, factor):
        self.weights, self.mixed, self.rates, self.thresholds, self.factor = [0.5, 0.5], [0.5, 0.5], [ETA, ETA], [4.0, 4.0], factor

    def probability(self, arm):
        return self.mixed[arm]

    def learn(self, arm, reward):
        losses = [(1 - reward) / self.mixed[i] if i == arm else 0.0 for i in ARMS]
        self.weights = mirror_descent(self.weights, losses, self.rates)
        self.mixed = [(1 - 1 / ROUNDS) * w + 1 / ROUNDS / 2 for w in self.weights]
        for i in ARMS:
            if 1 / self.mixed[i] > self.thresholds[i]:
                self.thresholds[i] = 2 / self.mixed[i]
                self.rates[i] *= self.factor


class Package:
    def __init__(self):
        self.corral = CorralLearner([FixedLearner([1, 0]), FixedLearner([0, 1])], eta=ETA, T=ROUNDS)
        self.rates = self.corral._etas

    def probability(self, arm):
        return self.corral.score(None, list(ARMS), arm)

    def learn(self, arm, reward):
        self.corral.learn(None, arm, reward, self.probability(arm), (ARMS, (1.0, 1.0), ({}, {})))


def run(corral, seed):
    """Reward, and rounds after the switch until the first arm has more than half."""
    rng, total, back = random.Random(seed), 0.0, None
    for t in range(ROUNDS):
        first = corral.probability(0)
        if back is None and t > SWITCH and first > 0.5:
            back = t - SWITCH
        arm = 0 if rng.random() < first else 1
        reward = float(rng.random() < (0.9 if arm == (1 if t < SWITCH else 0) else 0.1))
        total += reward
        corral.learn(arm, reward)
    return total, ROUNDS if back is None else back, corral.rates


grow = math.exp(1 / math.log(ROUNDS))
found = {}
for name, make in (("coba", Package), ("shrinking", lambda: Corral(1 / grow)), ("paper", lambda: Corral(grow))):
    results = [run(make(), seed) for seed in range(RUNS)]
    found[name] = (sum(r[0] for r in results) / RUNS, sum(r[1] for r in results) / RUNS, results[0][2])
    print(f"{name:10} reward {found[name][0]:.0f}, back after {found[name][1]:.0f}, rates {[round(rate, 3) for rate in found[name][2]]}")
assert abs(found["coba"][0] - found["shrinking"][0]) < 3 and abs(found["coba"][1] - found["shrinking"][1]) < 3
assert max(found["coba"][2]) < ETA < min(found["paper"][2])
assert found["paper"][0] > found["coba"][0] + 30 and found["paper"][1] < found["coba"][1] - 30
PY
