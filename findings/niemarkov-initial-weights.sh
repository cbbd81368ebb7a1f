#!/usr/bin/env bash
# niemarkov 1.0.11: a path that is taken back counts its beginning once more, and one with a weight
# of 99 begins as often as one with a weight of 1.
#
# Packages: niemarkov 1.0.11.
#
# Expected: `add_path(path, increment_amount)` adds the amount for each transition, "or
# decrement if negative". Adding a path with 99 is adding it 99 times, adding and taking it
# back leaves the model as it was; that holds for how often paths begin in a state too,
# which `get_random_start`, `random_walk` and `generate_path` draw from.
#
# Happens: the counter of the first state goes up by 1 whatever the amount is.
#
# Seen:
#   a b a b with 99, c d c d with 1          starts a 99 c 1 (right)    a 1 c 1
#   a b a b with 1, then taken back          starts none                a 2
#   the same, transitions                    0 and 0                    0 and 0
#   10,000 generated paths, first case       99 % begin with a          50 %
#
# Matters for: weighted data (counts of distinct sequences), and models that forget old paths.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps niemarkov==1.0.11
venv/bin/python - <<'PY'
from collections import Counter
from random import seed

from niemarkov import MarkovChain


def begun(chain):
    """How often paths begin with each letter."""
    return {chain.labels[node[0]]: count for node, count in chain.initial_node.items()}


weighted, repeated, undone = MarkovChain(), MarkovChain(), MarkovChain()
weighted.add_path(list("abab"), increment_amount=99)
weighted.add_path(list("cdcd"))
for path in ["abab"] * 99 + ["cdcd"]:
    repeated.add_path(list(path))
undone.add_path(list("abab"))
undone.add_path(list("abab"), increment_amount=-1)

print("added one by one:", begun(repeated), " with a weight:", begun(weighted))
assert weighted.transitions == repeated.transitions
assert begun(repeated) == {"a": 99, "c": 1} and begun(weighted) == {"a": 1, "c": 1}
print("added and taken back:", begun(undone), undone.transitions)
assert begun(undone) == {"a": 2} and all(not count for row in undone.transitions.values() for count in row.values())

seed(0)
for name, chain in (("one by one", repeated), ("with a weight", weighted)):
    share = Counter(chain.generate_path(max_len=3)[0] for _ in range(10_000))["a"] / 10_000
    print(f"paths that begin with a, {name}: {share:.3f}")
    assert abs(share - (0.99 if chain is repeated else 0.5)) < 0.02
PY
