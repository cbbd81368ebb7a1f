#!/usr/bin/env bash
# seq-alignment 1.0.0: deletions before the first letter are free: the distance from "bba" to "a" is 0.
#
# Packages: seq-alignment 1.0.0, numpy 2.4.6.
#
# Expected: `global_similarity(str1, str2, backtrace, op_costs)` gives the "edit distance (or string similarity)" by the
# costs of `op_costs`, minus the edit distance with the default ones, the same with a path or without one.
#
# Happens: without a path (the default, "fast") a row is copied for the next one without its first place, which so
# remains 0: to leave out what stands before the first letter costs nothing. And the first row is filled with the cost
# of deletions instead of insertions. With a path both are right.
#
# Seen, default costs, and Delete -3, Insert -1, Substitute -4:
#                    exact    without a path    exact    without a path
#   bba to a            -2           0            -6           0
#   xxabc to abc        -2           0            -6           0
#   a to bba            -2          -2            -2          -6
#   1,000 pairs of 6 letters, default costs: 464 wrong without a path, none with one
#
# Matters for: comparing words by this package; the score depends on which one comes first.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps seq-alignment==1.0.0
venv/bin/python - <<'PY'
import random
from functools import cache
from importlib.metadata import version

from seq_alignment import global_similarity

EQUAL = {"Delete": -1, "Insert": -1, "Substitute": -1, "Exact": 0}
UNEQUAL = {"Delete": -3, "Insert": -1, "Substitute": -4, "Exact": 0}
print("seq-alignment", version("seq-alignment"), "numpy", version("numpy"))


def exact(a, b, costs):
    @cache
    def score(i, j):
        """Best score of a's first i letters with b's first j."""
        ways = [0] if i == j == 0 else []
        if i:
            ways.append(score(i - 1, j) + costs["Delete"])
        if j:
            ways.append(score(i, j - 1) + costs["Insert"])
        if i and j:
            ways.append(score(i - 1, j - 1) + costs["Exact" if a[i - 1] == b[j - 1] else "Substitute"])
        return max(ways)

    return score(len(a), len(b))


def package(a, b, costs, path):
    found = global_similarity(a, b, path, costs)
    found.run()
    return int(found.match_distance)


for a, b, wrong in (("bba", "a", [0, 0]), ("xxabc", "abc", [0, 0]), ("a", "bba", [-2, -6])):
    right = [exact(a, b, costs) for costs in (EQUAL, UNEQUAL)]
    plain, path = ([package(a, b, costs, path) for costs in (EQUAL, UNEQUAL)] for path in (False, True))
    print(f"{a} to {b}: exact {right} without a path {plain} with a path {path}")
    assert path == right and plain == wrong
rng = random.Random(0)
pairs = [["".join(rng.choices("abc", k=6)) for _ in "12"] for _ in range(1000)]
right = [exact(a, b, EQUAL) for a, b in pairs]
wrong = [sum(package(a, b, EQUAL, path) != score for (a, b), score in zip(pairs, right)) for path in (False, True)]
print("of 1,000 pairs wrong without and with a path:", wrong)
assert wrong[0] > 100 and wrong[1] == 0
PY
