#!/usr/bin/env bash
# zctw 0.1.1: context-tree weighting finds none of its contexts again: abcabc… costs 2.0 bits a letter, and
# a fair coin twice what it has, since each bit of a letter is coded by how often it was 1 and no more.
#
# Packages: zctw 0.1.1.
#
# Expected: a tree for each bit of a byte, whose contexts are the bits of the same byte before it, then the
# bytes before that, to a depth of 6. Weighted over all prunings, a text that repeats costs nearly nothing
# after its first periods, and independent letters cost their entropy.
#
# Happens: a node lies in a hash table, with the number of the try at which a place was free. Tries are
# counted from 0 where a node is looked for and from 1 where `find_path` writes one, so that a new node is not
# found, and is made anew from its parent each time. All that is used are the eight roots. Decoding makes
# the same nodes and gives the text back.
#
# Seen, 1,998 letters, default settings but a depth of 2, bits a letter:
#                              exact weighting    zctw     eight roots alone
#   abcabc…                    0.05               2.03     1.87
#   fair coin, letters a, b    1.04               2.17     2.03
#
# Matters for: whoever compares a model with context-tree weighting, or compresses with it: gzip is better.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps zctw==0.1.1
venv/bin/python - <<'PY'
import gzip
import math
import random

from zctw import CTWCompressor, CTWSettings

LETTERS, DEPTH = 1998, 2


def add(a, b):
    """log2 of the sum of two numbers given by their log2."""
    high, low = max(a, b), min(a, b)
    return high + math.log2(1 + 2 ** (low - high))


class Node:
    def __init__(self):
        self.counts, self.estimated, self.weighted, self.below, self.children = [0, 0], 0.0, 0.0, 0.0, {}

    def learn(self, bit, context):
        """Krichevsky and Trofimov's estimate, half and half with the product of the children's weighted ones."""
        self.estimated += math.log2((self.counts[bit] + 0.5) / (sum(self.counts) + 1))
        self.counts[bit] += 1
        if context:
            child = self.children.setdefault(context[0], Node())
            self.below -= child.weighted
            child.learn(bit, context[1:])
            self.below += child.weighted
            self.weighted = add(self.estimated, self.below) - 1
        else:
            self.weighted = self.estimated


def bits_of(text, depth):
    """Code length of all bits, each with a tree of its own for its place; depth -1 is no context at all."""
    roots = [Node() for _ in range(8)]
    for i in range(DEPTH + 1, len(text)):
        for place in range(8):
            before = (text[i] >> (8 - place),) + tuple(text[i - back] for back in range(1, depth + 1))
            roots[place].learn(text[i] >> (7 - place) & 1, before if depth >= 0 else ())
    return -sum(root.weighted for root in roots) + 8 * (DEPTH + 1)


rng = random.Random(0)
for name, text in (("abcabc...", b"abc" * (LETTERS // 3)), ("coin", bytes(rng.choice(b"ab") for _ in range(LETTERS)))):
    compressed = CTWCompressor(CTWSettings(treedepth=DEPTH)).encode(text)
    assert CTWCompressor().decode(compressed) == text
    right, roots, found = bits_of(text, DEPTH), bits_of(text, -1), 8 * len(compressed)
    print(f"{name}: right {right / LETTERS:.2f}, found {found / LETTERS:.2f}, roots {roots / LETTERS:.2f}", "gzip", round(8 * len(gzip.compress(text)) / LETTERS, 2))
    assert right < (0.1 if name != "coin" else 1.1) * LETTERS
    assert roots < found < 1.1 * roots and found > 2 * right
PY
