#!/usr/bin/env bash
# AlignmentUtilis 0.1.0: the penalties for opening and extending a gap are taken and not used: they are always -2
# and -1.
#
# Packages: AlignmentUtilis 0.1.0, numpy 2.4.6, matplotlib 3.11.2.
#
# Expected: `PairwiseSequenceAlignment(seq1, seq2, mat, mism, g_o, g_e)` is a global or local alignment with these
# four numbers.
#
# Happens: match and mismatch are the object's own, the gaps' are the module's variables, which hold the defaults.
#
# Seen, ACGTACGT with ACGACGT, a match is 1, a mismatch -1:
#   opening, extension      package    best of all alignments
#   -2, -1 (default)        5          5
#   -10, -1                 5          -3
#   -1, -1                  5          6
#   200 random pairs of 4 to 12 letters with -5 and -2: 192 scores wrong, all those of -2 and -1; local ones too
#
# Matters for: all alignments that are to have few gaps, or many.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps AlignmentUtilis==0.1.0
venv/bin/python -W ignore - <<'PY'
import random
from functools import cache
from importlib.metadata import version

from AlignmentUtilis.Pairwise import PairwiseSequenceAlignment

print("AlignmentUtilis", version("AlignmentUtilis"))


def package(a, b, opening, extension, local=False):
    alignment = PairwiseSequenceAlignment(a, b, 1, -1, opening, extension, local)
    scores, _ = alignment.matrix_filling(*alignment.matrix_init(*alignment.createscorematrix()))
    return int(scores.max() if local else scores[-1, -1])


def best(a, b, opening, extension):
    """The best score of a global alignment, by every way from the end. A gap follows a gap of the other string only
    through a pair of letters, as in the package."""

    @cache
    def rest(i, j, last):
        if i == len(a) and j == len(b):
            return 0
        ways = []
        if i < len(a) and j < len(b):
            ways.append((1 if a[i] == b[j] else -1) + rest(i + 1, j + 1, "pair"))
        if i < len(a) and last != "b":
            ways.append((extension if last == "a" else opening) + rest(i + 1, j, "a"))
        if j < len(b) and last != "a":
            ways.append((extension if last == "b" else opening) + rest(i, j + 1, "b"))
        return max(ways, default=-(10**9))

    return rest(0, 0, "pair")


for penalties in ((-2, -1), (-10, -1), (-1, -1)):
    found, right = package("ACGTACGT", "ACGACGT", *penalties), best("ACGTACGT", "ACGACGT", *penalties)
    print(f"opening and extension {penalties}: package {found}, best {right}, best with -2 and -1", best("ACGTACGT", "ACGACGT", -2, -1))
    assert found == 5 and right == 7 + penalties[0]

random.seed(0)
pairs = [["".join(random.choices("ACGT", k=random.randint(4, 12))) for _ in "ab"] for _ in range(200)]
default = sum(package(a, b, -2, -1) != best(a, b, -2, -1) for a, b in pairs)
wrong = sum(package(a, b, -5, -2) != best(a, b, -5, -2) for a, b in pairs)
as_default = sum(package(a, b, -5, -2) == best(a, b, -2, -1) for a, b in pairs)
local = sum(package(a, b, -1, -1, True) == package(a, b, -9, -9, True) for a, b in pairs)
print(f"200 random pairs: with -2 and -1 {default} wrong, with -5 and -2 {wrong} wrong ({as_default} those of -2 and -1); {local} local ones the same with -1 and -9")
assert default == 0 and wrong > 100 and as_default == local == 200
PY
