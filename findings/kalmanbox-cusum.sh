#!/usr/bin/env bash
# kalmanbox 0.1.0: the CUSUM test rejects stable parameters six times in ten at the level
# of 5 %, and its p-value is all but 0 for all data.
#
# Packages: kalmanbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `cusum_test(residuals, alpha=0.05)` rejects residuals that are white noise, the
# hypothesis that it tests, in about 5 % of the cases, `p_value` is uniform then, and
# `reject` says whether it is below alpha.
#
# Happens: the largest cumulated sum, divided by the square root of the length, is held
# against 0.948. That is the constant a of Brown, Durbin and Evans, whose bounds are lines
# that open from a at the start to 3 a at the end. A constant bound at
# 0.948 is crossed by Brownian motion in 68 % of the cases, by the reflection principle. The
# p-value is read from Kolmogorov's distribution after another multiplication by the
# square root of the length, so it is all but 0, also where `reject` is False.
#
# Seen, 1,000 times white noise:
#   length 50:   rejected 62.0 %, median p-value 9.1e-55, below 0.05 in 100 %
#   length 200:  rejected 63.8 %, median p-value 8.1e-214, below 0.05 in 100 %
#   Brownian motion beyond 0.948: 67.7 %, beyond 2.241: 5.0 %
#   length 200, `cusumsq_test`: rejected 24 % (squares of normal noise vary by twice
#   their mean, which the bounds leave out)
#
# Matters for: the diagnostics of any model fitted with this package, all of which look
# unstable.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 kalmanbox==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from kalmanbox.diagnostics import cusum_test, cusumsq_test
from scipy.stats import norm

TIMES, BOUND = 1000, 0.948


def beyond(bound):
    """Probability that Brownian motion leaves (-bound, bound) by time 1: the reflected series of images."""
    k = np.arange(-20, 21)
    return 1 - ((-1.0) ** k * (norm.cdf((2 * k + 1) * bound) - norm.cdf((2 * k - 1) * bound))).sum()


print(f"Brownian motion beyond {BOUND}: {beyond(BOUND):.1%}, beyond 2.241: {beyond(2.241):.1%}")
rng = np.random.default_rng(0)
for length in (50, 200):
    answers = [cusum_test(rng.normal(size=length)) for _ in range(TIMES)]
    rejected, p = np.mean([a.reject for a in answers]), np.array([a.p_value for a in answers])
    print(f"length {length}: rejected {rejected:.1%}, median p-value {np.median(p):.1e}, below 0.05 in {np.mean(p < 0.05):.0%}")
    assert abs(rejected - beyond(BOUND)) < 0.06
    assert (p < 1e-3).all() and not all(a.reject for a in answers)
squares = np.mean([cusumsq_test(rng.normal(size=200)).reject for _ in range(TIMES)])
print(f"length 200, sum of squares: rejected {squares:.0%}")
assert 0.15 < squares < 0.33
PY
