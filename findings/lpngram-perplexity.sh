#!/usr/bin/env bash
# lpngram 0.2: perplexity multiplies in the shorter contexts once more: a fair coin has a perplexity of 2, 4,
# 8 or 16 with contexts of up to 0, 1, 2 or 3.
#
# Packages: lpngram 0.2; it needs nothing else.
#
# Expected: `NgramModel(sequences, pre_order=n)` and `.train(method)` learn what follows a context. `perplexity`
# is "simply 2.0 to the cross-entropy", which for a fair coin is 2 with any order, and for letters that
# always follow in the same order about 1 from order 1 on.
#
# Happens: the score of a letter is the sum of its log-probabilities after all contexts of 0 to n letters, a
# relative likelihood, as it says. Entropy and perplexity are made of this sum, as if it were the logarithm
# of a probability: longer contexts, which know more, make it worse.
#
# Seen, 50 sequences of 200, Laplace smoothing, perplexity of the first one (with the length's part)
#   contexts up to              0         1         2         3
#   fair coin, package          2.01      4.02      8.03      16.07
#     longest context alone     2.01      2.01      2.00      2.01
#   abcdabcd..., package        4.01      4.02      4.03      4.04
#     longest context alone     4.01      1.00      1.01      1.01
#   the probabilities of all sequences of 3 letters sum to
#                               1.000     .125      .016      .003
#
# Matters for: comparing orders, or this model with others.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps lpngram==0.2
venv/bin/python -W ignore - <<'PY'
import math
import random
from itertools import product

import lpngram

LENGTH, COUNT = 200, 50


def longest(sequences, order, sequence):
    """Perplexity with the longest context alone, Laplace smoothing, and the package's part for the length."""
    padded = [["$$$"] * order + list(row) for row in sequences]
    counts, letters = {}, set()
    for row in padded:
        for i in range(order, len(row)):
            counts.setdefault(tuple(row[i - order : i]), {}).setdefault(row[i], 0)
            counts[tuple(row[i - order : i])][row[i]] += 1
            letters.add(row[i])
    row, total = ["$$$"] * order + list(sequence), math.log(len(sequences) / (2 * len(sequences)))
    for i in range(order, len(row)):
        seen = counts.get(tuple(row[i - order : i]), {})
        total += math.log((seen.get(row[i], 0) + 1) / (sum(seen.values()) + len(letters)))
    return math.exp(-total / len(sequence))


def train(sequences, order):
    model = lpngram.NgramModel(sequences, pre_order=order)
    model.train(method="laplace")
    return model


random.seed(0)
sets = {"fair coin": [random.choices("ab", k=LENGTH) for _ in range(COUNT)], "abcdabcd...": [list("abcd" * (LENGTH // 4)) for _ in range(COUNT)]}
for name, sequences in sets.items():
    package = [train(sequences, order).perplexity(sequences[0]) for order in range(4)]
    right = [longest(sequences, order, sequences[0]) for order in range(4)]
    print(f"{name}, contexts up to 0 .. 3: package", [round(value, 2) for value in package], "longest context", [round(value, 2) for value in right])
    assert abs(package[0] - right[0]) < 0.01
    if name == "fair coin":
        assert all(1.9 < value < 2.1 for value in right) and all(0.95 < value / 2 ** (order + 1) < 1.1 for order, value in enumerate(package))
    else:
        assert all(value < 1.1 for value in right[1:]) and all(value > 3.5 for value in package)

sums = [sum(math.exp(train(sets["fair coin"], order).score(word, use_length=False)) for word in product("ab", repeat=3)) for order in range(4)]
print("probabilities of all sequences of 3 letters sum to", [round(total, 3) for total in sums])
assert abs(sums[0] - 1) < 0.01 and sums[1] < 0.2 and sums[3] < 0.01
PY
