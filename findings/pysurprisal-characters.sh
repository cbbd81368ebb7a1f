#!/usr/bin/env bash
# pysurprisal 0.1.0: words are counted and divided by the number of characters: every word is
# 1.6 nats too surprising, and probabilities sum to a fifth.
#
# Packages: pysurprisal 0.1.0, scipy 1.17.1, numpy 2.4.6.
#
# Expected: the surprisal of a word is minus the logarithm of its share of the words of the
# text. exp of minus the surprisals sums to 1 over the vocabulary, and a text of one word over
# and over is no surprise.
#
# Happens: `counts[word] / len(text)`, where `text` is the string, spaces included. The examples
# in its docstrings show the same numbers.
#
# Seen, in nats:
#   text                                            word     right    found
#   the quick brown fox jumps over the lazy dog     the      1.504    3.068
#                                                   fox      2.197    3.761
#     sum of the probabilities                               1.000    0.209
#   a a a a                                         a        0.000    0.560
#   word word word word                             word     0.000    1.558
#
# Matters for: comparing texts or languages: what is told is mostly how long their words are.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pysurprisal==0.1.0
venv/bin/python - <<'PY'
import math
from collections import Counter

from pysurprisal.core import Surprisal

FOX = "the quick brown fox jumps over the lazy dog"
for text, shown in ((FOX, ["the", "fox"]), ("a a a a", ["a"]), ("word word word word", ["word"])):
    words = text.split()
    right = {word: -math.log(count / len(words)) for word, count in Counter(words).items()}
    found = Surprisal(text).calculate_surprisals()
    for word in shown:
        print(f"{text[:15]:15}  {word:5} right {right[word]:.3f}  found {found[word]:.3f}")
    sums = [sum(math.exp(-value) for value in told.values()) for told in (right, found)]
    print("                 sum of the probabilities: right {:.3f}  found {:.3f}".format(*sums))
    assert abs(sums[0] - 1) < 1e-9 and sums[1] < 0.6
    assert all(abs(found[word] - right[word] - math.log(len(text) / len(words))) < 1e-9 for word in right)
PY
