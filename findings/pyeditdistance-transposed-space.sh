#!/usr/bin/env bash
# pyeditdistance 1.0.1: the Damerau-Levenshtein distance of texts with spaces is far too small, often smaller than their
# difference in length.
#
# Packages: pyeditdistance 1.0.1 (nothing else).
#
# Expected: "the number of insertions, deletions, substitutions, and transpositions needed to transform a -> b". Each of them
# changes the length by one at most, so the distance is at least the difference of the lengths.
#
# Happens: both texts get a space in front, so that they begin at index 1. A letter beside a space in one text then looks like a
# transposition with that space at the start of the other, and the cell two back is index -1: the last row
# (still 0) or the last column, of the whole text.
#
# Seen
#   a                b              right    found
#   I want a dog     adog           8        1
#   to go            ogo            2        1
#   ha               hah a          3        1
#   ab cd            abcd           1        1, right
# Of all pairs of up to four of a, b and space 173 of 14,400 are wrong, 75 below the difference in length; of a, b and c none.
#
# Matters for: spelling and recognition scores on phrases; `levenshtein` of the same package is right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyeditdistance==1.0.1
venv/bin/python -W ignore - <<'PY'
from functools import cache
from itertools import product

from pyeditdistance.distance import damerau_levenshtein, levenshtein


def right(a, b, transpose=True):
    """Optimal string alignment by its recursion: each pair of neighbours is exchanged at most once."""

    @cache
    def left(i, j):
        if not i or not j:
            return i + j
        best = min(left(i - 1, j) + 1, left(i, j - 1) + 1, left(i - 1, j - 1) + (a[i - 1] != b[j - 1]))
        if transpose and i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            best = min(best, left(i - 2, j - 2) + 1)
        return best

    return left(len(a), len(b))


for a, b, wanted, seen in (("I want a dog", "adog", 8, 1), ("to go", "ogo", 2, 1), ("ha", "hah a", 3, 1), ("ab cd", "abcd", 1, 1)):
    found = damerau_levenshtein(a, b)
    print(f"{a!r:16} {b!r:10} right {right(a, b)}, found {found}, lengths differ by {abs(len(a) - len(b))}")
    assert right(a, b) == wanted and found == seen

for letters in ("abc", "ab "):
    texts = ["".join(text) for length in range(1, 5) for text in product(letters, repeat=length)]
    pairs = [(a, b) for a in texts for b in texts]
    wrong = [(a, b) for a, b in pairs if damerau_levenshtein(a, b) != right(a, b)]
    below = sum(damerau_levenshtein(a, b) < abs(len(a) - len(b)) for a, b in wrong)
    print(f"letters {letters!r}: {len(wrong)} of {len(pairs)} pairs wrong, {below} below the difference in length")
    assert all(damerau_levenshtein(a, b) < right(a, b) for a, b in wrong)
    assert bool(wrong) == (" " in letters)
    assert all(levenshtein(a, b) == right(a, b, transpose=False) for a, b in pairs[::7])
PY
