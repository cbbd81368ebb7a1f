#!/usr/bin/env bash
# pyaixi 1.0.4.post1: the context tree predicts 0 and 1 with a probability of nearly 1
# each; its probabilities of all sequences of a length sum to far more than 1.
#
# Packages: pyaixi 1.0.4.post1, six 1.17.0.
#
# Expected: `CTWContextTree` is context-tree weighting: the probability at a node is half of
# its Krichevsky-Trofimov estimate and half of its children's product, and a leaf has its
# estimate alone. The root's is a probability of the sequence, and `predict(0)` and
# `predict(1)` sum to 1.
#
# Happens: the nodes of the context are updated except the deepest: `context[:depth]` of a
# list that holds depth + 1 nodes, root and leaf included. Leaves keep probability 1, that
# of no observations, whatever is observed, and with time weigh more than all the rest.
#
# Seen, depth 2:
#   probabilities of all continuations of 01 by 7 bits sum to 20.76
#   after 0110 twenty times: right 0.9750 and 0.0250, predicted 1.0000 and 1.0000
#
# Matters for: the agent that plans with this tree, and whoever takes it for a
# reference implementation of context-tree weighting.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyaixi==1.0.4.post1 six==1.17.0
venv/bin/python - <<'PY'
from itertools import product
from math import exp

from pyaixi.prediction.ctw_context_tree import CTWContextTree

DEPTH, LENGTH = 2, 9


def kt(zeros, ones):
    chance, seen = 1.0, [0, 0]
    for symbol in [0] * zeros + [1] * ones:
        chance *= (seen[symbol] + 0.5) / (sum(seen) + 1)
        seen[symbol] += 1
    return chance


def weighted(bits, context=""):
    """Of the bits after the first DEPTH that stand in this context, last symbol first, by the definition."""
    here = [bits[t] for t in range(DEPTH, len(bits)) if bits[t - len(context) : t][::-1] == context]
    alone = kt(here.count("0"), here.count("1"))
    if len(context) == DEPTH:
        return alone
    return 0.5 * alone + 0.5 * weighted(bits, context + "0") * weighted(bits, context + "1")


def package(bits):
    tree = CTWContextTree(DEPTH)
    tree.update([int(b) for b in bits])
    return exp(tree.root.log_probability)


strings = ["01" + "".join(rest) for rest in product("01", repeat=LENGTH - 2)]
for name, measure in (("definition", weighted), ("pyaixi", package)):
    print(f"{name}: probabilities of all continuations of 01 by {LENGTH - 2} bits sum to {sum(map(measure, strings)):.4f}")
assert abs(sum(map(weighted, strings)) - 1) < 1e-12
assert sum(map(package, strings)) > 10

bits = "0110" * 20
tree = CTWContextTree(DEPTH)
tree.update([int(b) for b in bits])
found = tree.predict(0), tree.predict(1)
right = weighted(bits + "0") / weighted(bits), weighted(bits + "1") / weighted(bits)
print(f"after 0110...: P(0), P(1) right {right[0]:.4f} {right[1]:.4f}, predicted {found[0]:.4f} {found[1]:.4f}")
assert min(found) > 0.9 and min(right) < 0.05
PY
