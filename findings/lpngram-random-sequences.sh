#!/usr/bin/env bash
# lpngram 0.2: random sequences are one state shorter than asked for, and likely states come too often: 80 %
# become 94 %.
#
# Packages: lpngram 0.2; it needs nothing else.
#
# Expected: `random_seqs(k, seq_len, scale)` makes k sequences of this length, "based in the observed transition
# frequencies". `scale` is "the exponent used for weighting ngram probabilities according to their length
# in number of states".
#
# Happens: the last state is always cut off, as the padding that is there only with a right context. And the
# exponent, 2 by default, is put on count times length: frequencies are squared, also where all n-grams have
# one length.
#
# Seen, 300 sequences of 20 with 80 % a; contexts of one letter; 200 sequences of 20 asked for
#                                    package      observed
#   length, no right context         19           20
#     with a right context of 1      20           20
#     asked for 1                    0            1
#   share of a                       .938         .795       (.794 with scale 1)
#   entropy of a letter, bits        .34          .73
#
# Matters for: made-up words that are to look like a language's.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps lpngram==0.2
venv/bin/python -W ignore - <<'PY'
import math
import random
from collections import Counter

import lpngram

random.seed(0)
SEQUENCES = [random.choices("ab", (0.8, 0.2), k=20) for _ in range(300)]


def share(rows):
    counts = Counter(letter for row in rows for letter in row)
    return counts["a"] / sum(counts.values())


def bits(p):
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)


def draw(post_order=0, **options):
    model = lpngram.NgramModel(SEQUENCES, pre_order=1, post_order=post_order)
    model.train(method="laplace")
    return model.random_seqs(seed=1, **options)


for post_order, length in ((0, 20), (0, 1), (1, 20)):
    seen = Counter(len(row) for row in draw(post_order, k=20, seq_len=length))
    print(f"right context {post_order}, asked for {length}: lengths", dict(seen))
    assert set(seen) == {length - (post_order == 0)}

observed = share(SEQUENCES)
after_a = Counter(right for row in SEQUENCES for left, right in zip(row, row[1:]) if left == "a")
after_b = Counter(right for row in SEQUENCES for left, right in zip(row, row[1:]) if left == "b")
squared = {left: counts["a"] ** 2 / (counts["a"] ** 2 + counts["b"] ** 2) for left, counts in (("a", after_a), ("b", after_b))}
stationary = squared["b"] / (1 - squared["a"] + squared["b"])
drawn = {scale: share(draw(k=200, seq_len=20, scale=scale)) for scale in (2.0, 1.0)}
print(f"share of a: observed {observed:.3f}, package {drawn[2.0]:.3f}, with scale 1 {drawn[1.0]:.3f}; with squared frequencies {stationary:.3f}")
print(f"entropy of a letter, bits: observed {bits(observed):.2f}, package {bits(drawn[2.0]):.2f}")
assert abs(drawn[2.0] - stationary) < 0.02 and abs(drawn[1.0] - observed) < 0.02 and drawn[2.0] > observed + 0.1
PY
