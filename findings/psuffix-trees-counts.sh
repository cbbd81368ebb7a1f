#!/usr/bin/env bash
# psuffix-trees 1.0.0: counts begin again at 0 after 65,535: the letter that is seen most is
# the rarest.
#
# Packages: psuffix-trees 1.0.0, numpy 2.4.6.
#
# Expected: a probabilistic suffix tree has the shares of the letters in the data. More
# data of the same kind give the same tree.
#
# Happens: counts are 16-bit numbers, added to one by one. The totals beside them have 32
# bits. What comes is a remainder, with numpy's warning of an overflow in a scalar add and
# nothing else: the shares at the root are of the remainders, and a letter whose remainder
# is below `p_min` of the true total has no node.
#
# Seen, three parts of a to one of b, share of a at the root, and the contexts:
#   80,000 letters   .750   a b
#   88,000 letters   .021   b
#   96,000 letters   .212   a b
#
# Matters for: corpora of more than 65,535 of any one letter, which any book has.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check psuffix-trees==1.0.0 numpy==2.4.6
venv/bin/python - <<'PY'
import warnings

import numpy as np
from pypst import PST

shares = {}
for letters in (80_000, 88_000, 96_000):
    tree = PST(L=1, alpha=0, r=1.01, p_min=0.02)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        tree.fit(["aaab" * (letters // 4)])
    root, first = tree.tree[0]["g_sigma_s"][0], tree.tree[1]["label"]
    shares[letters] = root[tree.alphabet.index("a")]
    contexts = sorted("".join(label) for label in first)
    print(f"{letters:,} letters   {shares[letters]:.3f}  ", *contexts)
    rest = letters * 3 // 4 % 65_536
    assert np.isclose(shares[letters], rest / (rest + letters // 4)), "not the remainder"
    assert contexts == (["b"] if letters == 88_000 else ["a", "b"])
    assert {str(w.message) for w in told} == ({"overflow encountered in scalar add"} if letters > 87_000 else set())
assert np.isclose(shares[80_000], 0.75) and shares[88_000] < 0.05
PY
