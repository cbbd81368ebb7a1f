#!/usr/bin/env bash
# chronobox 0.1.0: the test of Brock, Dechert and Scheinkman does not see dependence, not even
# in a sequence without any randomness, since its variance is some 300 times too large.
#
# Packages: chronobox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `bds_test` compares how often two windows of m numbers are close with how often
# they would be close if numbers were independent; by the paper that it cites, the difference
# is divided by an estimate of its standard deviation, so that the statistic is normal for
# independent numbers and p-values are uniform.
#
# Happens: in place of the variance of the paper, 4 (K - C^2)^2 for m = 2, where C is the
# chance that two numbers are close and K that two are close to the same third, it takes
# 4 m^2 C^2 (1 - C)^2. The statistic is 17 times too small, its p-value next to 1 for
# independent numbers, and what it is for is not found.
#
# Seen, m = 2, with the variance of the paper beside it:
#   100 times 200 independent normal numbers: p-values from 0.90 to 1.00,
#     by the paper 5 % of them below 0.05
#   400 steps of the logistic map at 3.99:    statistic 1.53, p-value 0.13; by the paper 128
#   400 steps of ARCH(1) at 0.8:              statistic 0.66, p-value 0.51; by the paper 10.3
#
# Matters for: residuals that pass this test, and any comparison of models by it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chronobox==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from chronobox.tests_stat.specification.bds import bds_test
from scipy.stats import norm


def by_the_paper(x):
    """Statistic for windows of two, at the same distance of 0.7 standard deviations."""
    n, close = len(x), np.abs(x[:, None] - x) < 0.7 * np.std(x)
    pairs = close[:-1, :-1] & close[1:, 1:]
    share = lambda matrix: (matrix.sum() - len(matrix)) / (len(matrix) * (len(matrix) - 1))
    alone = share(close)
    both = ((close.sum(axis=1) / n) ** 2).mean()
    return np.sqrt(n) * (share(pairs) - alone**2) / (2 * (both - alone**2))


rng = np.random.default_rng(0)
found, right = [], []
for _ in range(100):
    x = rng.normal(size=200)
    found.append(bds_test(x, max_dim=2).pvalue)
    right.append(2 * norm.sf(abs(by_the_paper(x))))
print(f"independent: p-values {min(found):.2f} to {max(found):.2f}, by the paper {np.mean(np.array(right) < 0.05):.0%} below 0.05")
assert min(found) > 0.7 and np.mean(np.array(right) < 0.05) < 0.15

logistic, arch = [0.3], [0.0]
for noise in rng.normal(size=399):
    logistic.append(3.99 * logistic[-1] * (1 - logistic[-1]))
    arch.append(noise * np.sqrt(0.2 + 0.8 * arch[-1] ** 2))
for name, x in (("logistic map", np.array(logistic)), ("ARCH(1)", np.array(arch))):
    answer, statistic = bds_test(x, max_dim=2), by_the_paper(x)
    print(f"{name}: statistic {answer.statistic:.2f}, p-value {answer.pvalue:.2f}; by the paper {statistic:.1f}, {2 * norm.sf(statistic):.0e}")
    assert not answer.reject_at_5pct and statistic > 5
PY
