#!/usr/bin/env bash
# masced-bandits 1.0.1: EXP3S has its two parameters exchanged: it draws all arms alike, whatever they pay.
#
# Packages: masced-bandits 1.0.1, numpy 2.4.6.
#
# Expected: Exp3.S of Auer et al. (2002), which the class follows line by line. For a horizon T and K arms the paper
# has alpha = 1 / T, the share of all weight that each weight gets at every step, and
# gamma = min(1, sqrt(K ln(K T) / T)), the share of exploration and K times the rate of learning.
#
# Happens: gamma is 1 / T and alpha is the square root. What is learned at a step is multiplied by
# exp(reward / (K T p)), next to nothing, and a share of e alpha is spread evenly at once.
#
# Seen, arms that pay 1 with .1 and .9, share of steps on the better one (and its probability at the end)
#   horizon      package          as in the paper
#       500      .49 (.5001)      .88 (.86)
#     2,000      .50 (.5003)      .93 (.94)
#    10,000      raises, as the weights, that are never normalised, grow by e alpha a step and become infinite
#
# Matters for: the policy of the package for rewards that change; comparisons with it are with chance.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps masced-bandits==1.0.1
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version
from math import e, log, sqrt

import numpy as np
from masced_bandits.bandit_options import initialize_arguments
from masced_bandits.bandits import init_bandit

PAYS = (0.1, 0.9)
K = len(PAYS)
print("masced-bandits", version("masced-bandits"), "numpy", np.__version__)


def package(horizon, rng):
    initialize_arguments(list(range(K)), 0)
    np.random.seed(0)
    bandit, arm, better = init_bandit(name="EXP3S", horizon=horizon), 0, 0
    for _ in range(horizon):
        arm = bandit.get_next_arm(float(rng.random() < PAYS[arm]))
        better += arm == 1
    return better / horizon, bandit.distribution[1], (bandit.alpha, bandit.gamma)


def paper(horizon, rng):
    alpha, gamma = 1 / horizon, min(1, sqrt(K * log(K * horizon) / horizon))
    weights, better = np.ones(K), 0
    for _ in range(horizon):
        shares = (1 - gamma) * weights / weights.sum() + gamma / K
        arm = int(rng.random() < shares[1])
        better += arm
        gain = np.zeros(K)
        gain[arm] = (rng.random() < PAYS[arm]) / shares[arm]
        weights = weights * np.exp(gamma * gain / K) + e * alpha / K * weights.sum()
        weights /= weights.sum()
    return better / horizon, shares[1], (alpha, gamma)


for horizon in (500, 2_000):
    found, right = (run(horizon, np.random.default_rng(1)) for run in (package, paper))
    for name, (share, last, (alpha, gamma)) in (("package", found), ("paper", right)):
        print(f"horizon {horizon:6,}, {name:8s} better arm in {share:.3f}, probability at the end {last:.4f}; alpha {alpha:.4f}, gamma {gamma:.4f}")
    assert abs(found[0] - 0.5) < 0.05 and abs(found[1] - 0.5) < 0.01 and right[0] > 0.75
    assert np.allclose(found[2], right[2][::-1])
try:
    package(10_000, np.random.default_rng(1))
except ValueError as problem:
    print("horizon 10,000, package:", problem)
else:
    raise SystemExit("10,000 steps go through")
PY
