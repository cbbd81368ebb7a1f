#!/usr/bin/env bash
# mabalgs 0.6.8: Thompson sampling does not count the first failure of an arm.
#
# Packages: mabalgs 0.6.8, numpy 2.4.6.
#
# Expected: the README calls Thompson sampling "fully Bayesian": expected rewards are drawn from their posterior. From
# a uniform prior that is Beta(1 + successes, 1 + failures) for each arm.
#
# Happens: trials and successes both begin at 1, so that failures begin at 0, which is then replaced by 1. The first
# failure takes the true count from 0 to 1, and nothing changes: an arm is drawn from Beta(1 + successes, failures).
#
# Seen, the parameters that the package draws with:
#   no trial                1, 1    (1, 1)
#   one failure             1, 1    (1, 2)
#   two failures            1, 2    (1, 3)
#   three of four           4, 1    (4, 2)
#   nine failures           1, 9    (1, 10)
#
# Matters for: rare successes, as clicks, where the first trial of nearly every arm fails.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation mabalgs==0.6.8
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from mab.algs import ThompsomSampling

print("mabalgs", version("mabalgs"), "numpy", np.__version__)
draw, asked = np.random.beta, []


def noted(successes, failures):
    asked.append((np.array(successes, float), np.array(failures, float)))
    return draw(successes, failures)


def parameters(outcomes):
    """What the one arm is drawn with after these outcomes."""
    bandit = ThompsomSampling(1)
    for success in outcomes:
        bandit.select()
        if success:
            bandit.reward(0)
    bandit.select()
    return asked[-1][0].item(), asked[-1][1].item()


np.random.beta = noted
for outcomes in ([], [0], [0, 0], [1, 1, 0, 1], [0] * 9, [1, 0, 0]):
    found = parameters(outcomes)
    right = 1 + sum(outcomes), 1 + len(outcomes) - sum(outcomes)
    print(outcomes, "package", found, "posterior", right)
    assert found == (right[0], max(1, right[1] - 1))
np.random.beta = draw
PY
