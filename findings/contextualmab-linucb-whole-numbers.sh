#!/usr/bin/env bash
# contextualMAB 0.3: LinUCB cuts predictions and confidence to whole numbers: nothing is learned from clicks.
#
# Packages: contextualMAB 0.3, numpy 1.26.4 (2.4 refuses to make a number of the 1 x 1 matrix that the package cuts).
#
# Expected: "LinUCB", the disjoint model of the paper on news articles: the arm with the largest
# x' theta + alpha sqrt(x' A^-1 x), where each arm has its own A and theta.
#
# Happens: both terms go through int(). For rewards of 0 and 1 predictions are below 1, so that every arm that is
# predicted has 0, and with alpha of 1 or less so has every confidence: all arms tie, and one is drawn. A is besides
# made with as many rows as there are arms, so that other numbers of features raise.
#
# Seen, three arms and three kinds of contexts, the right arm of each pays with .9, the others with .1, 3,000 steps:
# share of right arms in the last 1,000
#                  package   as described
#   alpha 0.5      .33       1.00
#   alpha 1.0      .34       1.00
#   alpha 2.0      .34       1.00
#
# Matters for: recommending and routing with rewards of 0 and 1, for which the paper and this class were made.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps contextualMAB==0.3
venv/bin/python -W ignore - <<'PY'
import random
from importlib.metadata import version

import numpy as np
from contextualMAB.linUCB import linUCB

KINDS, STEPS = 3, 3000
print("contextualMAB", version("contextualMAB"), "numpy", np.__version__)


class Right:
    """LinUCB for the same calls, with its numbers as they are."""

    def __init__(self, arms, features, alpha):
        self.alpha, self.a, self.b = alpha, np.stack([np.eye(features)] * arms), np.zeros((arms, features))

    def action(self, x):
        inverse = np.linalg.inv(self.a)
        bounds = [x @ i @ b + self.alpha * np.sqrt(x @ i @ x) for i, b in zip(inverse, self.b)]
        self.x, self.arm = x, int(np.argmax(bounds))
        return self.arm

    def update(self, reward):
        self.a[self.arm] += np.outer(self.x, self.x)
        self.b[self.arm] += reward * self.x


def share(make, alpha):
    random.seed(0)
    rng, bandit, hits = np.random.default_rng(0), make(KINDS, KINDS, alpha), []
    for _ in range(STEPS):
        kind = rng.integers(KINDS)
        arm = bandit.action(np.eye(KINDS)[kind])
        hits.append(arm == kind)
        bandit.update(int(rng.random() < (0.9 if arm == kind else 0.1)))
    return np.mean(hits[-1000:]), bandit


for alpha in (0.5, 1.0, 2.0):
    (package, bandit), (right, _) = share(linUCB, alpha), share(Right, alpha)
    theta = np.array([np.linalg.solve(a, b).ravel() for a, b in zip(bandit.A_matrix, bandit.b_vector)])
    print(f"alpha {alpha}: right arms {package:.3f}, as described {right:.3f}; its own theta by the end", theta.round(2).tolist())
    assert 0.2 < package < 0.45 and right > 0.85
    assert (theta.argmax(0) == np.arange(KINDS)).all()  # what it has learned is right, and not used
try:
    linUCB(2, 5, 1.0)
except ValueError as problem:
    print("two arms, five features:", problem)
else:
    raise SystemExit("five features for two arms go through")
PY
