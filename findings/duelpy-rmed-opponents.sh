#!/usr/bin/env bash
# duelpy 1.0.0: RMED1, whose regret is to grow with the logarithm of the time, plays its worst arm in
# a quarter of all duels, for ever: when the best arm is up, its challenger is drawn from all.
#
# Packages: duelpy 1.0.0, numpy 1.23.5, scipy 1.10.1, tqdm 4.70.1.
#
# Expected: `Rmed1` keeps the arms whose empirical divergence is at most log t + f(K) above the least.
# The divergence of an arm is summed over those that beat it so far, n KL(q, 1/2); an arm that is not
# beaten has 0, and one that loses with 0.2 leaves after some 20 duels with it. Regret is O(log T).
#
# Happens: the set of opponents is cut to its first member (`np.argwhere(...)[0]`), which for the
# first arm is itself, so that the set is empty; and one set, that of the arm that is up, is used for
# the divergences of all arms. When arm 0, the best, is up, all divergences are 0: every arm is
# the best one, the challenger is drawn from all, and all arms that are out come back.
#
# Seen, four arms in order, preferences of .6, .7, .8; means of 5 runs, regret of a duel of i and j as
# q(0, i) + q(0, j) - 1
#   T                     2,000    8,000    32,000
#   package     regret    349      1,432    5,757    the worst arm is in 25 to 27 % of the duels
#   as above    regret    87       96       107      in 2.7, .7 and .2 %
#
# Matters for: comparisons of duelling bandits: an algorithm known as optimal looks like chance.
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
from duelpy.algorithms import Rmed1
from duelpy.feedback import MatrixFeedback

PREFERENCES = np.array([[0.5, 0.6, 0.7, 0.8], [0.4, 0.5, 0.6, 0.7], [0.3, 0.4, 0.5, 0.6], [0.2, 0.3, 0.4, 0.5]])
ARMS, RUNS = 4, 5


def package(horizon, seed):
    """Duels of each pair by the package."""
    feedback = MatrixFeedback(PREFERENCES, random_state=np.random.RandomState(seed))
    algorithm = Rmed1(feedback, time_horizon=horizon, random_state=np.random.RandomState(100 + seed))
    algorithm.run()
    count = algorithm.preference_estimate.get_num_samples
    return np.array([[count(i, j) for j in range(ARMS)] for i in range(ARMS)], dtype=float)


def right(horizon, seed):
    """The same by the algorithm as its documentation has it."""
    rng = np.random.RandomState(seed)
    wins, duels, time = np.zeros((ARMS, ARMS)), np.zeros((ARMS, ARMS)), 0

    def duel(i, j):
        nonlocal time
        time += 1
        duels[i, j] += 1
        if i != j:
            duels[j, i] += 1
            wins[(i, j) if rng.random_sample() < PREFERENCES[i, j] else (j, i)] += 1

    for i in range(ARMS):
        for j in range(i):
            duel(i, j)
    current = list(range(ARMS))
    while time < horizon:
        coming = set()
        remaining = set(current)
        for i in current:
            q = wins / np.maximum(duels, 1)
            np.fill_diagonal(q, 0.5)
            p = np.clip(q, 1e-12, 1 - 1e-12)
            terms = duels * (p * np.log(2 * p) + (1 - p) * np.log(2 * (1 - p)))
            divergence = np.where((q <= 0.5) & ~np.eye(ARMS, dtype=bool), terms, 0).sum(axis=1)
            best = int(np.argmin(divergence))
            beaten_by = [j for j in range(ARMS) if j != i and q[i, j] <= 0.5]
            duel(i, best if not beaten_by or best in beaten_by else min(beaten_by, key=lambda j: q[i, j]))
            remaining.discard(i)
            limit = divergence[best] + math.log(time) + 0.3 * ARMS**1.01
            coming |= {j for j in range(ARMS) if j not in remaining and divergence[j] <= limit}
        current = sorted(coming)
    return duels


def summary(duels):
    """Regret, and the share of duels in which the worst arm is."""
    pairs = np.triu(duels)
    lost = PREFERENCES[0][:, None] + PREFERENCES[0][None, :] - 1
    return (pairs * lost).sum(), (pairs[-1].sum() + pairs[:, -1].sum() - pairs[-1, -1]) / pairs.sum()


found = {}
for name, algorithm in (("package", package), ("right", right)):
    for horizon in (2000, 8000, 32_000):
        found[name, horizon] = np.mean([summary(algorithm(horizon, seed)) for seed in range(RUNS)], axis=0)
        print(f"{name:8} T {horizon:6}: regret {found[name, horizon][0]:.0f}, worst arm in {found[name, horizon][1]:.4f}")
assert found["package", 32_000][0] > 12 * found["package", 2000][0]
assert found["right", 32_000][0] < 3 * found["right", 2000][0]
assert found["package", 32_000][1] > 0.2 and found["right", 32_000][1] < 0.01
PY
