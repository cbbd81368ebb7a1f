#!/usr/bin/env bash
# minineedle 3.1.7: aligning again, as with another matrix, gives an identity of more than 100 %.
#
# Packages: minineedle 3.1.7.
#
# Expected: the README changes the matrix and aligns once more with the same object; `get_identity` is "the % of
# identity of the alignment", equal letters over columns.
#
# Happens: the count of equal letters goes on from the percentage of the alignment before.
#
# Seen:
#   ACTG with ATCTG                          identity 80     (A-CTG: 4 of 5)
#   the same object with ScoreMatrix(4, -4, -2)       1680   (80 + 4 of 5)
#   a new object with that matrix                     80
#   ten times with the same matrix                    4.3e13
#
# Matters for: the README's own example; choosing a matrix by what it aligns.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check minineedle==3.1.7
venv/bin/python - <<'PY'
from importlib.metadata import version

from minineedle.core import ScoreMatrix
from minineedle.needle import NeedlemanWunsch

print("minineedle", version("minineedle"))


def percent(pair):
    """Equal letters over columns, of the alignment that the object holds."""
    upper, lower = pair.get_aligned_sequences("str")
    return 100 * sum(a == b for a, b in zip(upper, lower)) / len(upper)


pair = NeedlemanWunsch("ACTG", "ATCTG")
pair.align()
print("first", pair.get_identity(), "counted", percent(pair))
assert pair.get_identity() == percent(pair) == 80
pair.change_matrix(ScoreMatrix(match=4, miss=-4, gap=-2))
pair.align()
print("with another matrix", pair.get_identity(), "counted", percent(pair))
assert percent(pair) == 80 and pair.get_identity() == 100 * (80 + 4) / 5

new = NeedlemanWunsch("ACTG", "ATCTG")
new.change_matrix(ScoreMatrix(match=4, miss=-4, gap=-2))
new.align()
print("new object", new.get_identity())
assert new.get_identity() == 80

expected = 0
again = NeedlemanWunsch("ACTG", "ATCTG")
for _ in range(10):
    again.align()
    expected = 100 * (expected + 4) / 5
print("ten times", again.get_identity(), "counted", percent(again))
assert percent(again) == 80 and abs(again.get_identity() / expected - 1) < 1e-9
PY
