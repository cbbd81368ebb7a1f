#!/usr/bin/env bash
# sprt 0.0.1: with an alternative below the null hypothesis every sequence is rejected at its first
# observation, also one that could not speak more clearly for the null.
#
# Packages: sprt 0.0.1, numpy 2.4.6, pandas 3.1.1, matplotlib 3.11.2.
#
# Expected: `SPRTBinomial(h0, h1, alpha, beta, values)` and its normal and Poisson kin are Wald's test of one
# value against another: the log-likelihood ratio is compared with log (beta / (1 - alpha)) and
# log ((1 - beta) / alpha). That h1 is above h0 is said nowhere, and Wald's test does not need it.
#
# Happens: bounds are divided by the log odds of h1 less those of h0, negative then, and the inequalities
# stay. The lower bound lies above the upper one, and what is above the upper one is a rejection.
#
# Seen, alpha .05, beta .2; each test is asked again after every observation until it decides, 150 tests
#                                                     package             log-likelihood ratio
#   10 failures, is the rate .3 or .1?                reject, after 1     accept, after 2
#   false alarms, and mean number of observations
#     rate .1 against .3                              .027, 14.5          .027, 14.5
#     rate .3 against .1                              1.000, 1.0          .027, 10.8
#     normal, 1 against 0                             1.000, 1.0          .060, 4.5
#     Poisson, 2 against 1                            1.000, 1.0          .020, 5.4
#
# Matters for: tests for an improvement: fewer failures, a lower loss.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==3.1.1 matplotlib==3.11.2 setuptools==65.5.0 wheel==0.48.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation sprt==0.0.1
venv/bin/python -W ignore - <<'PY'
import contextlib
import io
from math import log

import numpy as np
from sprt import SPRTBinomial, SPRTNormal, SPRTPoisson

ALPHA, BETA, TESTS, LENGTH = 0.05, 0.2, 150, 120
RATIOS = {  # the logarithm of the ratio of one observation's likelihoods
    SPRTBinomial: lambda x, h0, h1: x * log(h1 / h0) + (1 - x) * log((1 - h1) / (1 - h0)),
    SPRTNormal: lambda x, h0, h1: ((x - h0) ** 2 - (x - h1) ** 2) / 2,
    SPRTPoisson: lambda x, h0, h1: x * log(h1 / h0) - (h1 - h0),
}


def package(kind, h0, h1, values):
    """The decision and when it was made: the test is asked again after each observation."""
    for count in range(1, len(values) + 1):
        with contextlib.redirect_stdout(io.StringIO()):
            test = kind(alpha=ALPHA, beta=BETA, h0=h0, h1=h1, values=list(values[:count]), variance=1)
        if test.decision != "Continue":
            return test.decision, count
    return "Continue", len(values)


def wald(kind, h0, h1, values):
    total = 0.0
    for count, x in enumerate(values, 1):
        total += RATIOS[kind](x, h0, h1)
        if total > log((1 - BETA) / ALPHA):
            return "Reject", count
        if total < log(BETA / (1 - ALPHA)):
            return "Accept", count
    return "Continue", len(values)


rng = np.random.default_rng(0)
draws = {SPRTBinomial: lambda p: rng.binomial(1, p, LENGTH), SPRTNormal: lambda m: rng.normal(m, 1, LENGTH), SPRTPoisson: lambda m: rng.poisson(m, LENGTH)}
assert package(SPRTBinomial, 0.1, 0.3, [1] * 10) == wald(SPRTBinomial, 0.1, 0.3, [1] * 10)
failures = [1] * 10
print("10 failures, .3 against .1: package", package(SPRTBinomial, 0.3, 0.1, failures), "ratio", wald(SPRTBinomial, 0.3, 0.1, failures))
assert package(SPRTBinomial, 0.3, 0.1, failures) == ("Reject", 1) and wald(SPRTBinomial, 0.3, 0.1, failures)[0] == "Accept"
for kind, h0, h1 in ((SPRTBinomial, 0.1, 0.3), (SPRTBinomial, 0.3, 0.1), (SPRTNormal, 0, 1), (SPRTNormal, 1, 0), (SPRTPoisson, 1, 2), (SPRTPoisson, 2, 1)):
    sequences = [draws[kind](h0) for _ in range(TESTS)]
    seen, right = [[test(kind, h0, h1, values) for values in sequences] for test in (package, wald)]
    alarms = [np.mean([decision == "Reject" for decision, _ in decisions]) for decisions in (seen, right)]
    lengths = [np.mean([count for _, count in decisions]) for decisions in (seen, right)]
    print(f"{kind.__name__}, {h0} against {h1}, {h0} is true: rejected, package {alarms[0]:.3f}, ratio {alarms[1]:.3f}; observations {lengths[0]:.1f}, {lengths[1]:.1f}")
    assert alarms[1] < 0.1
    if h1 > h0:
        assert seen == right
    else:
        assert alarms[0] > 0.85 and lengths[0] < 2
PY
