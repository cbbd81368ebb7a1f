#!/usr/bin/env bash
# ngramratio 1.0.0: the first of its documented calls compares the second string with an empty one: every pair has a
# similarity of 0.
#
# Packages: ngramratio 1.0.0 (no others).
#
# Expected: as its page shows, `SequenceMatcherExtended(a, b)` compares a and b, and a call with None before and after
# them is the same in general. "ab cde" and "bcde" have a ratio of .8 and an nratio(2) of .6.
#
# Happens: the first argument is the test for junk, as in the class of the standard library that it extends. The first
# string is taken for that, and is not used at all; the second one is compared with the default of the third, "".
# A test for junk that is given is not used either.
#
# Seen
#   pair                        SequenceMatcherExtended(a, b)   (None, a, b, None)   right
#   ab cde       bcde           0, 0                            .8, .6               .8, .6
#   the same     the same       0, 0                            1, 1                 1, 1
#   two empty strings           1, 1                            1, 1                 1, 1
# " abcd" and "abcd abcd" with blanks for junk: .71, as without; .57 by the standard library.
#
# Matters for: whoever matches records with the call of the page: nothing ever matches, and no error says why.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ngramratio==1.0.0
venv/bin/python - <<'PY'
from difflib import SequenceMatcher
from importlib.metadata import version

from ngramratio.ngramratio import SequenceMatcherExtended

print("ngramratio", version("ngramratio"))


def right(a, b, shortest, junk=None):
    """Twice the letters of the standard library's blocks of at least that length, divided by all letters."""
    blocks = SequenceMatcher(junk, a, b, False).get_matching_blocks()
    return 2 * sum(block.size for block in blocks if block.size >= shortest) / (len(a) + len(b)) if a or b else 1.0


for a, b in (("ab cde", "bcde"), ("the same", "the same"), ("Marie Curie", "Curie, Marie"), ("", "")):
    short, full = SequenceMatcherExtended(a, b), SequenceMatcherExtended(None, a, b, None)
    found = [(s.ratio(), s.nratio(2)) for s in (short, full)]
    print(f"{a!r}, {b!r}: (a, b) {found[0]}, (None, a, b, None) {found[1]}, right {(right(a, b, 1), right(a, b, 2))}")
    assert found[1] == (right(a, b, 1), right(a, b, 2))
    assert found[0] == ((0.0, 0.0) if b else (1.0, 1.0)) and (short.a, short.b) == (b, "")

a, b = " abcd", "abcd abcd"
with_junk = SequenceMatcherExtended(lambda letter: letter == " ", a, b).ratio()
print(f"blanks for junk: {with_junk:.3f}, right {right(a, b, 1, lambda letter: letter == ' '):.3f}, without {right(a, b, 1):.3f}")
assert with_junk == right(a, b, 1) != right(a, b, 1, lambda letter: letter == " ")
PY
