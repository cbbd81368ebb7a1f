#!/usr/bin/env bash
# seq-alignment 1.0.0: insertions before the first letter cost what deletions cost.
#
# Packages: seq-alignment 1.0.0, numpy 2.4.6.
#
# Expected: `global_similarity(str1, str2, backtrace, op_costs)` gives the best score with the costs of `op_costs`,
# 'Delete', 'Insert', 'Substitute' and 'Exact', with a path or without one.
#
# Happens: without a path (the default) the first row is filled with the cost of deletions. The other way of computing,
# with a path, has the cost of insertions there.
#
# Seen, Delete -3, Insert -1, Substitute -4:
#                    exact    without a path    with a path
#   a to bba            -2          -6               -2
#   abc to xxabc        -2          -6               -2
#   bba to a            -6          -6               -6
#   "" to ab            -2          -6               -2
#   equal costs                  right            right
#
# Matters for: costs that differ, as in transcripts where words are dropped more often than made up.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps seq-alignment==1.0.0
venv/bin/python - <<'PY'
from functools import cache
from importlib.metadata import version

from seq_alignment import global_similarity

COSTS = {"Delete": -3, "Insert": -1, "Substitute": -4, "Exact": 0}
EQUAL = {"Delete": -1, "Insert": -1, "Substitute": -1, "Exact": 0}
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


for a, b, wrong in (("a", "bba", True), ("abc", "xxabc", True), ("bba", "a", False), ("", "ab", True)):
    right, plain, path = exact(a, b, COSTS), package(a, b, COSTS, False), package(a, b, COSTS, True)
    print(f"{a!r} to {b!r}: exact {right} without a path {plain} with a path {path}")
    assert path == right and (plain < right) == wrong
    assert package(a, b, EQUAL, False) == package(a, b, EQUAL, True) == exact(a, b, EQUAL)
PY
