#!/usr/bin/env bash
# skidmarks 0.0.6: the serial test for randomness counts only pairs that occur: 0101... is as
# random as can be.
#
# Packages: skidmarks 0.0.6, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `serial_test` compares how often each pair of neighbours occurs with what is
# expected, a quarter for each of the four pairs of two letters; a low p-value says
# that the sequence is not random.
#
# Happens: pairs that never occur are in no cell, and the expectation is the mean of the others.
# The fewer kinds of pairs there are, the better the fit. (The test counts overlapping
# pairs, whose statistic is not quite chi-square; that is not what is seen here.)
#
# Seen, p-values of 100 letters by `serial_test`, with four cells, and by `wald_wolfowitz`, which
# looks for too few runs only:
#   0101...              0.92      2.5e-21   1.00     two kinds of pairs
#   50 zeros, 50 ones    7.8e-11   1.8e-20   3e-23    three
#   coins                0.99      0.99      0.58     four
#
# Matters for: generators and models that repeat themselves, the first thing to test for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps skidmarks==0.0.6
venv/bin/python - <<'PY'
import random
from collections import Counter

from scipy.stats import chisquare
from skidmarks import serial_test, wald_wolfowitz

random.seed(0)
coins = "".join(random.choice("01") for _ in range(100))
for name, letters in (("0101...", "01" * 50), ("0011...", "0011" * 25), ("coins", coins), ("0...01...1", "0" * 50 + "1" * 50)):
    pairs = Counter(zip(letters, letters[1:]))
    right = chisquare([pairs[a, b] for a in "01" for b in "01"]).pvalue
    found = float(serial_test(letters)["p"])
    print(f"{name:<12} serial_test {found:.2g}, four cells {right:.2g}, wald_wolfowitz {float(wald_wolfowitz(letters)['p']):.2g}; pairs that occur {len(pairs)}")
    if len(pairs) == 4:
        assert abs(found - right) < 1e-9
    if name == "0101...":
        assert found > 0.9 and right < 1e-15
PY
