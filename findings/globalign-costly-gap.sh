#!/usr/bin/env bash
# globalign 0.1.16: where opening a gap is dear, an alignment of one gap is said to have a score
# that no alignment has, and comes with two.
#
# Packages: globalign 0.1.16.
#
# Expected: `find_global_alignment` has the best score of all alignments of the two whole sequences,
# and an alignment with that score, for every cost of opening a gap.
#
# Happens: states in which a sequence cannot be, such as a pair of letters before the first one,
# are given a cost that is called a big number: the largest cost of a pair, and 1, times the
# length of the longer sequence. What it costs to open a gap is not in it. If that is dearer, the
# best way goes through such a state. What it reports is then better than the best, and the
# alignment that is read off is worse, or its letters run out: an IndexError.
#
# Seen, match 2, mismatch -1, extending a gap -1:
#                     opening -8             opening -20
#   AGAA, ACCAT       right -7, found -7     right -19, found -18
#                                            the alignment, ---AGAA and ACC--AT, has -44
#   400 random pairs of 1 to 5 letters
#     best alignment          341            78
#     another score           7              200
#     worse alignment         2              3
#     an IndexError           50             119
#
# Matters for: short sequences and gaps that are to be avoided.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps globalign==0.1.16
venv/bin/python -W ignore - <<'PY'
import random

from globalign.globaligner import find_global_alignment

MATCH, MISMATCH, EXTEND, PAIRS = 2, -1, -1, 400
NEVER = float("-inf")
random.seed(0)  # ties on the way back are broken by chance


def score(first, second, opening):
    """The score of an alignment, from its two rows."""
    total, before = 0, None
    for a, b in zip(first, second):
        gap = "first" if a == "-" else "second" if b == "-" else None
        if gap:
            total += EXTEND + (opening if gap != before else 0)
        else:
            total += MATCH if a == b else MISMATCH
        before = gap
    return total


def right(first, second, opening, before=None):
    """The best score of all alignments, by what the first column holds."""
    if not first and not second:
        return 0
    best = NEVER
    if first and second:
        best = (MATCH if first[0] == second[0] else MISMATCH) + right(first[1:], second[1:], opening)
    for gap, rest in (("first", (first, second[1:])), ("second", (first[1:], second))):
        if second if gap == "first" else first:
            best = max(best, EXTEND + (opening if gap != before else 0) + right(*rest, opening, gap))
    return best


def found(first, second, opening):
    return find_global_alignment(seq_1=first, seq_2=second, match_score=MATCH, mismatch_score=MISMATCH, gap_open_score=opening, gap_extension_score=EXTEND)


for opening in (-8, -20):
    answer = found("AGAA", "ACCAT", opening)
    rows = answer.seq_1_aligned, answer.seq_2_aligned
    print(f"opening {opening}: AGAA and ACCAT right {right('AGAA', 'ACCAT', opening)}, found {answer.score}, {rows} has {score(*rows, opening)}")
    rng, counts = random.Random(0), {"best": 0, "another score": 0, "worse alignment": 0, "IndexError": 0}
    for _ in range(PAIRS):
        first, second = ("".join(rng.choice("ACGT") for _ in range(rng.randint(1, 5))) for _ in range(2))
        best = right(first, second, opening)
        try:
            answer = found(first, second, opening)
        except IndexError:
            counts["IndexError"] += 1
            continue
        if answer.score != best:
            counts["another score"] += 1
        elif score(answer.seq_1_aligned, answer.seq_2_aligned, opening) != best:
            counts["worse alignment"] += 1
        else:
            counts["best"] += 1
    print("  ", counts)
assert right("AGAA", "ACCAT", -20) == -19 and found("AGAA", "ACCAT", -20).score > -19
assert counts["another score"] > 5
PY
