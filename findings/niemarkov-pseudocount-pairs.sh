#!/usr/bin/env bash
# niemarkov 1.0.11: with pseudocounts a second-order chain goes from "a b" to "c d" in one step:
# what is generated next has a context that is not in the text.
#
# Packages: niemarkov 1.0.11.
#
# Expected: `add_pseudocount` adds an amount "to all possible transitions". The states of a chain
# of order 2 are pairs, and a pair is followed by its second letter and a new one: "a b" by
# "b a", "b b", "b c". Each letter of what is generated depends on the two before it.
#
# Happens: every pair gets a transition to every other pair, of which most do not continue it.
# `generate_path` writes the last letter of the new pair; the next is then drawn by that
# pair's first letter instead of the one that was written.
#
# Seen, a text of a b c over and over (pairs ab, bc, ca), order 2, pseudocount 1:
#   possible transitions between these pairs   3: ab bc, bc ca, ca ab
#   transitions of the chain                   6, ab ca among them, "a b a" as it is written
#   10,000 letters generated after add_pseudocount(amount=5): 25 % of the steps are impossible
#
# Matters for: smoothing chains of order 2 and more; those of order 1 are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps niemarkov==1.0.11
venv/bin/python - <<'PY'
from random import seed

from niemarkov import MarkovChain

STEPS = 10_000


def steps(chain):
    """All transitions between pairs, as letters."""
    return {("".join(chain.labels[s] for s in a), "".join(chain.labels[s] for s in b)) for a, row in chain.transitions.items() for b in row}


chain = MarkovChain(order=2)
chain.add_path(list("abc" * 10))
possible = {(a, b) for a in ("ab", "bc", "ca") for b in ("ab", "bc", "ca") if a[1] == b[0]}
print("before:", sorted(steps(chain)))
assert steps(chain) == possible
chain.add_pseudocount(amount=5)
found = steps(chain)
print("after:", sorted(found))
assert found > possible and ("ab", "ca") in found and len(found) == 6

seed(0)
walk = list(chain.random_walk(num_steps=STEPS))
broken = sum(before[1] != after[0] for before, after in zip(walk, walk[1:])) / (STEPS - 1)
print(f"steps to a pair that does not continue the one before: {broken:.3f}")
share = sum(count for a, row in chain.transitions.items() for b, count in row.items() if a[1] != b[0]) / sum(sum(row.values()) for row in chain.transitions.values())
assert 0.1 < broken and abs(broken - share) < 0.03

first = MarkovChain(order=1)
first.add_path(list("abc" * 10))
first.add_pseudocount(amount=5)
assert len(steps(first)) == 6
PY
