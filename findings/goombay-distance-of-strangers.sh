#!/usr/bin/env bash
# goombay 0.24.11: two sequences without a letter in common have a distance of 0: the distance
# is reckoned from the absolute value of a similarity that is negative.
#
# Packages: goombay 0.24.11, numpy 2.4.6, biopython 1.88.
#
# Expected: `distance` of a global alignment is 0 for equal sequences and grows as they come to
# differ: the greatest possible score less the score. `normalized_distance` of the same class
# does, from 0 to 1.
#
# Happens: what is subtracted is `abs(score)`. A score falls below 0 where mismatches and gaps
# outweigh matches, and from there on the distance falls again. With defaults a score of -4
# of four mismatches counts like one of 4 matches.
#
# Seen, AAAA and a second sequence, defaults:
#   second                AAAA   AAAC   AACC   ACCC   CCCC
#   Gotoh, score            4      2      0     -2     -4
#   right, 4 less score     0      2      4      6      8
#   Gotoh                   0      2      4      2      0
#   WatermanSmithBeyer      0      2      4      2      0
#   NeedlemanWunsch         0      3      6      7      4      right 0 3 6 9 12
#
# Matters for: nearest neighbours and trees from these distances: the nearest of all is the one
# that has nothing in common.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps goombay==0.24.11 biopython==1.88
venv/bin/python - <<'PY'
from functools import lru_cache

from goombay import Gotoh, NeedlemanWunsch, WatermanSmithBeyer

SECOND = ["AAAA", "AAAC", "AACC", "ACCC", "CCCC"]


def best_score(a, b, match, mismatch, opening, step):
    """The best global alignment, a gap of k letters costing opening + k step, by recursion."""

    @lru_cache(None)
    def rest(i, j, gap):
        if i == len(a) and j == len(b):
            return 0
        ways = []
        if i < len(a) and j < len(b):
            ways.append((match if a[i] == b[j] else -mismatch) + rest(i + 1, j + 1, 0))
        if i < len(a):
            ways.append(-step - (gap != 1) * opening + rest(i + 1, j, 1))
        if j < len(b):
            ways.append(-step - (gap != 2) * opening + rest(i, j + 1, 2))
        return max(ways)

    return rest(0, 0, 0)


for kind, match, mismatch, opening, step in ((Gotoh, 1, 1, 3, 1), (WatermanSmithBeyer, 1, 1, 3, 1), (NeedlemanWunsch, 2, 1, 0, 2)):
    aligner = kind()
    scores = [best_score("AAAA", b, match, mismatch, opening, step) for b in SECOND]
    right = [4 * match - score for score in scores]
    found = [float(aligner.distance("AAAA", b)) for b in SECOND]
    shares = [float(aligner.normalized_distance("AAAA", b)) for b in SECOND]
    print(f"{kind.__name__:18} scores {scores}  right {right}  found {found}  normalised {shares}")
    assert [float(aligner.similarity("AAAA", b)) for b in SECOND] == scores
    assert found == [4 * match - abs(score) for score in scores]
    assert right == sorted(right) and shares == sorted(shares) and found != sorted(found)
print("AAAA and CCCC:", Gotoh().distance("AAAA", "CCCC"))
PY
