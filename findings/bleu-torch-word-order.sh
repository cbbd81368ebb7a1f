#!/usr/bin/env bash
# bleu-torch 1.0.0: a reference read backwards has a BLEU of 0.85: n-grams are compared one
# place at a time, so that the order of words hardly counts.
#
# Packages: bleu-torch 1.0.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: "works with both soft probability distributions and hard token IDs": for hard ones
# the module gives BLEU, the geometric mean of the precisions of 1- to 4-grams times the
# brevity penalty. A sentence in reverse has no bigram of its reference, and BLEU 0.
#
# Happens: an n-gram is written as n one-hot vectors side by side, and these are summed over the
# sentence before they are compared with the reference. What is counted is how often each
# word is the first of a bigram, and how often each is the second, in any company: all words
# but those at the ends are both. n-grams have no part in the score.
#
# Seen, ten different words as the reference, candidates of the same words:
#   candidate                   right      found
#   the reference               1.000      1.000
#   in reverse                  0.000      0.853
#   even places, then odd ones  0.000      0.941
#   a random order              0.000      0.831
#
# Matters for: training by its loss: a model that has the right words in any order has reached
# all but a few hundredths of what can be gained.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bleu-torch==1.0.0
venv/bin/python -W ignore - <<'PY'
import math
from collections import Counter

import torch
from bleu_torch import DifferentiableBLEUModule

WORDS, FLOOR = 10, 1e-10


def grams(words, n):
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def right(candidate, reference):
    """BLEU-4 of two lists of equal length, precisions at least FLOOR as in the package."""
    logs = 0.0
    for n in range(1, 5):
        have, want = grams(candidate, n), grams(reference, n)
        matched = sum(min(count, want[gram]) for gram, count in have.items())
        logs += math.log(max(matched / sum(have.values()), FLOOR)) / 4
    return math.exp(logs)


def placewise(candidate, reference):
    """The same with words counted at each place of the n-grams by themselves."""
    logs = 0.0
    for n in range(1, 5):
        matched = total = 0
        for place in range(n):
            have = Counter(gram[place] for gram in grams(candidate, n).elements())
            want = Counter(gram[place] for gram in grams(reference, n).elements())
            matched += sum(min(count, want[word]) for word, count in have.items())
            total += sum(have.values())
        logs += math.log(max(matched / total, FLOOR)) / 4
    return math.exp(logs)


module = DifferentiableBLEUModule(20)
reference = list(range(WORDS))
candidates = {
    "the reference": reference,
    "in reverse": reference[::-1],
    "even, then odd": reference[::2] + reference[1::2],
    "a random order": [4, 1, 7, 5, 3, 9, 0, 8, 6, 2],
}
for name, words in candidates.items():
    found = float(module(torch.tensor(words), [torch.tensor(reference)]))
    print(f"{name:15} right {right(words, reference):.3f}  found {found:.3f}")
    assert abs(found - placewise(words, reference)) < 1e-5
    if words != reference:
        assert right(words, reference) < 1e-4 and found > 0.8
PY
