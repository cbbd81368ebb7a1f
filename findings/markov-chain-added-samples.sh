#!/usr/bin/env bash
# markov-chain 0.9.1: samples that are added take the place of those before: of a thousand words and one more
# only the one is generated.
#
# Packages: markov-chain 0.9.1; it needs nothing else.
#
# Expected: `MarkovChain(samples)` learns which element follows which; `add_samples(new_samples)` adds to what
# was learned, as it adds to `samples` and to the mean length.
#
# Happens: `add_samples` builds the tree anew from the new samples alone. Lengths are of all samples.
#
# Seen, 1,000 times abab or baba, then one cdcd; 2,000 sequences of 4
#                                       package     counted over all
#   begin with a, b, c                  0, 0, 1     .502, .497, .001
#   different sequences                 1           3
#   elements of `samples`               1,001       1,001
#
# Matters for: chains that go on learning.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check markov-chain==0.9.1
venv/bin/python -W ignore - <<'PY'
import random
from collections import Counter

from markov_chain import MarkovChain

random.seed(0)
FIRST = [random.choice(("abab", "baba")) for _ in range(1000)]
COUNT = 2000


def shares(sequences):
    counts = Counter(sequence[0] for sequence in sequences)
    return {letter: counts[letter] / len(sequences) for letter in "abc"}


def drawn(chain):
    return ["".join(chain.generate(4)) for _ in range(COUNT)]


chain = MarkovChain(FIRST)
before = drawn(chain)
assert set(before) == set(FIRST) and abs(shares(before)["a"] - shares(FIRST)["a"]) < 0.05
chain.add_samples(["cdcd"])
after, right = drawn(chain), FIRST + ["cdcd"]
together = drawn(MarkovChain(right))
print("begin with a, b, c: package", shares(after), "learned at once", shares(together), "counted", {letter: round(share, 3) for letter, share in shares(right).items()})
print(f"different sequences: package {len(set(after))}, in the samples {len(set(right))}; samples kept {len(chain.samples)}")
assert set(after) == {"cdcd"} and len(chain.samples) == 1001 and abs(shares(together)["a"] - shares(right)["a"]) < 0.05
PY
