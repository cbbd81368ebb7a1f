#!/usr/bin/env bash
# fast-ctc-decoder 0.3.9: the common labelling of two outputs need not explain the end of the
# second one: what only that output is sure of is left out.
#
# Packages: fast-ctc-decoder 0.3.9, numpy 2.4.6.
#
# Expected: `beam_search_duplex` looks for a labelling of two outputs "that describe the same
# sequence". Its probability is P1(labelling) P2(labelling), each the sum over all paths through
# all frames; with a beam that holds every labelling, no threshold and an envelope of all frames
# nothing is lost. The product does not care which output is named first.
#
# Happens: the part of the second output is the largest, over its frames, of the probability of
# the labelling up to that frame. That is a guide during the search, where the rest is still to
# come, but the last choice is made by it too: frames after the best place count as if they were
# not there, and a shorter labelling has more of them.
#
# Seen, alphabet A C G; output 1 has A, C and a doubtful last label, output 2 is sure of ACG:
#   P1 P2 by enumeration       ACG 0.1278   AC 0.0044
#   output 1 named first       AC           output 2 named first    ACG
#   200 random pairs of 5 and 6 frames, beam of 5000: best labelling found in 43, the same answer
#   with the outputs swapped in 40; alone, `beam_search` finds the best of one output in 200
#
# Matters for: pairs of reads or models decoded together, which is for the places where one is
# in doubt: near the end the second is hardly asked, and labels are lost.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 fast-ctc-decoder==0.3.9
venv/bin/python -W ignore - <<'PY'
import itertools
from collections import Counter

import numpy as np
from fast_ctc_decoder import beam_search, beam_search_duplex

ALPHABET, PAIRS = "-ACG", 200
rng = np.random.default_rng(1)


def labellings(output):
    """The probability of every labelling, from every path."""
    total = Counter()
    for path in itertools.product(range(4), repeat=len(output)):
        labels = "".join(ALPHABET[k] for k, _ in itertools.groupby(path) if k)
        total[labels] += float(np.prod(output[range(len(output)), path]))
    return total


def common(one, two):
    p, q = labellings(one), labellings(two)
    return {labels: p[labels] * q[labels] for labels in p if labels in q}


def duplex(one, two):
    frames = np.array([[0, len(two)]] * len(one), dtype=np.uint64)
    return beam_search_duplex(one, two, ALPHABET, frames, beam_size=5000, beam_cut_threshold=0.0)


def peaks(labels, sure):
    rows = np.repeat((1 - np.array(sure)[:, None]) / 3, 4, 1)
    rows[range(len(labels)), [ALPHABET.index(c) for c in labels]] = sure
    return rows.astype(np.float32)


doubtful = peaks("A-C---", [0.97, 0.97, 0.97, 0.97, 0.55, 0.97])
certain = peaks("A-C-G-", [0.97] * 6)
both = common(doubtful, certain)
first, second = duplex(doubtful, certain), duplex(certain, doubtful)
print(f"P1 P2: ACG {both['ACG']:.4f} AC {both['AC']:.4f}  found {first}, swapped {second}")
best = alone = same = 0
for _ in range(PAIRS):
    one = rng.dirichlet([0.7] * 4, 5).astype(np.float32)
    two = rng.dirichlet([0.7] * 4, 6).astype(np.float32)
    both, single = common(one, two), labellings(one)
    best += duplex(one, two) == max(both, key=both.get)
    same += duplex(one, two) == duplex(two, one)
    found, _ = beam_search(one, ALPHABET, beam_size=5000, beam_cut_threshold=0.0)
    alone += found == max(single, key=single.get)
print(f"of {PAIRS}: best {best}, same swapped {same}, best of one output alone {alone}")
assert (first, second) == ("AC", "ACG")
assert alone == PAIRS and best < PAIRS / 3 and same < PAIRS / 2
PY
