#!/usr/bin/env bash
# pymarkoff 0.4.6: with a longer order beside 0, what follows the first letter of a sequence is counted twice.
#
# Packages: pymarkoff 0.4.6, pydot 4.0.1, pyparsing 3.3.3.
#
# Expected: `Markov(seeds, orders=(0, 1))` keeps what follows each letter and what follows each pair of letters; `generate`
# asks the longest first. Of "ab", "xac" and "yac" an a is followed by b once and by c twice, with whatever other orders.
#
# Happens: a mark is put before each sequence, so that the first pair is the mark and a letter. Contexts leave out what has
# no length, and the mark has none: that pair is kept as the letter alone, to which its counts are added. Its own are never
# seen: "ab" is the only sequence that begins with an a, and half of those generated so go on with c.
#
# Seen:   orders      after a            generated from an a at the start
#         (0,)        b 1, c 2           b 1/3
#         (0, 1)      b 2, c 2           b 1/2, where the pair (mark, a) has b 1
#         (0, 2)      b 1, c 2           b 1/3
#
# Matters for: models of words and names that are given several orders to be more like their data: beginnings weigh double.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check setuptools==80.9.0 wheel==0.45.1 pydot==4.0.1 pyparsing==3.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation pymarkoff==0.4.6
venv/bin/python - <<'PY'
import random
from importlib.metadata import version

from pymarkoff import Markov

SEEDS = ["ab", "xac", "yac"]
print("pymarkoff", version("pymarkoff"))
shares = {}
for orders in ((0,), (0, 1), (0, 2)):
    random.seed(0)
    model = Markov(SEEDS, orders=orders)
    begun = [words for words in (model.generate() for _ in range(9000)) if words[0] == "a"]
    shares[orders] = sum(words[1] == "b" for words in begun) / len(begun)
    print(orders, "after a", dict(model.transitions[("a",)]), f"generated b {shares[orders]:.3f}")
bigrams = [seed[seed.index("a") + 1] for seed in SEEDS]
assert (bigrams.count("b"), bigrams.count("c")) == (1, 2)
assert Markov(SEEDS, orders=(0,)).transitions[("a",)] == {"b": 1, "c": 2}
assert Markov(SEEDS, orders=(0, 1)).transitions[("a",)] == {"b": 2, "c": 2}
assert abs(shares[(0,)] - 1 / 3) < 0.03 and abs(shares[(0, 1)] - 1 / 2) < 0.03
PY
