#!/usr/bin/env bash
# jmarkov 0.3.13: a wait that ends with probability 0.2 at each step has a mean of 2.25 instead
# of 5, and its probabilities sum to 4.
#
# Packages: jmarkov 0.3.13, numpy 2.4.6, scipy 1.17.1.
#
# Expected: a discrete phase-type distribution (alpha, T) is the number of steps until the chain
# T is left: P(N = n) = alpha T^(n-1) (1 - T 1), mean alpha (I - T)^-1 1. One phase with T =
# 0.8 is geometric. Phase-type durations are those of hidden semi-Markov models.
#
# Happens: `pmf(n)` returns alpha T^n 1, which is P(N > n). `expected_value` returns
# alpha (I + T^-1) 1: the matrix is inverted before it is subtracted from the identity. It
# grows where waits become shorter.
#
# Seen:
#   T                         pmf(1), pmf(2)   found        sum     mean   found
#   0.8                        0.200 0.160   0.800 0.640     4      5.00    2.25
#   0.1                        0.900 0.090   0.100 0.010     0.11   1.11   11.00
#   two steps of 0.5 each      0.000 0.250   1.000 0.750     3      4.00    1.00
#
# Matters for: all use of this class. The continuous one, `ctph`, is right in its mean.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps jmarkov==0.3.13
venv/bin/python - <<'PY'
import numpy as np
from jmarkov.phase.ctph import ctph
from jmarkov.phase.dtph import dtph

END = 400
for rows in ([[0.8]], [[0.1]], [[0.5, 0.5], [0, 0.5]]):
    matrix = np.array(rows)
    start = np.eye(len(matrix))[0]
    ends = [start @ np.linalg.matrix_power(matrix, n - 1) @ (1 - matrix.sum(1)) for n in range(1, END)]
    mean = sum(n * p for n, p in enumerate(ends, 1))
    wait = dtph(start, matrix)
    found = [float(wait.pmf(n)) for n in range(1, END)]
    print(f"T {rows}: pmf right {np.round(ends[:2], 3)}  found {np.round(found[:2], 3)}, sums {sum(ends):.2f} and {sum(found):.2f}")
    print(f"  mean right {mean:.2f}  found {wait.expected_value():.2f}")
    assert abs(sum(ends) - 1) < 1e-9
    assert np.allclose(found, [1 - sum(ends[: n + 1]) for n in range(END - 1)]), "the probability of a longer wait"
    assert abs(wait.expected_value() - (1 + (start @ np.linalg.inv(matrix)).sum())) < 1e-9
    assert abs(wait.expected_value() - mean) > 1
    assert abs(ctph(start, matrix - np.eye(len(matrix))).mean() - mean) < 1e-9, "the continuous wait of the same mean"
PY
