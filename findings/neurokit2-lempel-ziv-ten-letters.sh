#!/usr/bin/env bash
# neurokit2 0.3.0: Lempel-Ziv complexity reads letters from number 10 on as two letters, so
# with ordinal patterns of 4 or more values it is another quantity.
#
# Packages: neurokit2 0.3.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, scikit-learn 1.8.0,
# matplotlib 3.10.8, pywavelets 1.9.0, requests 2.32.5.
#
# Expected: `complexity_lempelziv` counts the components of the sequence's exhaustive history
# (Lempel and Ziv, 1976), normalised by its length: of the signal itself with
# `symbolize=None` "in case the input is already discrete", of its ordinal patterns with
# `permutation=True`, of which there are 24 with `dimension=4`. What the letters are called
# makes no difference.
#
# Happens: the letters' numbers are written one after the other into a string of digits, and the
# digits are counted. A sequence of 1 and 11 is a constant one, 12 cannot be told from 1
# and 2, and the length that the count is divided by is that of the digits. A minus sign
# is a letter too. Up to 10 letters, numbered from 0, all is right.
#
# Seen, components (by definition in brackets) and length:
#   200 letters of 0 to 9:       80 (80), 200
#   200 letters of 0 to 25:      100 (106), 329
#   200 letters 1 or 11:         2 (32), 301
#   ordinal patterns of a noisy sine, 400 values: dimension 3: normalised 0.7471 (0.7471)
#     dimension 4: 0.4471 (0.6498), dimension 5: 0.3939 (0.6594)
#
# Matters for: the permutation variant, normally used with 4 to 7 values, and symbolic
# sequences of larger alphabets. Number the letters by 0 to 9, or take another package.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 scikit-learn==1.8.0 \
  matplotlib==3.10.8 pywavelets==1.9.0 requests==2.32.5 "setuptools<82"
venv/bin/pip install --quiet --disable-pip-version-check --no-deps neurokit2==0.3.0
venv/bin/python -W ignore - <<'PY'
from math import factorial, log2

import neurokit2
import numpy as np


def components(letters):
    """Size of the exhaustive history: each component is the shortest that did not begin earlier."""
    count = start = 0
    while start < len(letters):
        length = 1
        while start + length <= len(letters) and any(letters[t : t + length] == letters[start : start + length] for t in range(start)):
            length += 1
        count, start = count + 1, start + length
    return count


rng = np.random.default_rng(0)
for name, signal in (("0 to 9", rng.integers(0, 10, 200)), ("0 to 25", rng.integers(0, 26, 200)), ("1 or 11", rng.choice([1, 11], 200))):
    value, info = neurokit2.complexity_lempelziv(signal, symbolize=None)
    found, right, digits = info["Complexity_Kolmogorov"], components(signal.tolist()), len("".join(map(str, signal)))
    print(f"letters {name}: {found} components ({right}), length {digits}")
    assert abs(value - found * log2(digits) / digits) < 1e-12
    assert (found == right and digits == 200) == (name == "0 to 9")

t = np.arange(400)
signal = np.sin(t / 6) + 0.4 * rng.normal(size=400)
for dimension in (3, 4, 5):
    orders = [tuple(np.argsort(signal[i : i + dimension])) for i in range(len(signal) - dimension + 1)]
    right = components(orders) * log2(len(orders)) / log2(factorial(dimension)) / len(orders)
    value, _ = neurokit2.complexity_lempelziv(signal, permutation=True, dimension=dimension)
    print(f"ordinal patterns, dimension {dimension}: {value:.4f} ({right:.4f})")
    assert (abs(value - right) < 1e-9) == (dimension == 3) and (dimension == 3 or value < 0.95 * right)
PY
