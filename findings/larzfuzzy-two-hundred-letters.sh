#!/usr/bin/env bash
# larzfuzzy 0.1.0: from 200 letters on frequent letters are not compared: one wrong letter leaves 0 to 100 of 100.
#
# Packages: larzfuzzy 0.1.0.
#
# Expected: `ratio` is the "similarity as an integer 0-100", twice the letters in common over all letters. It falls by
# one part in the length with one letter changed, at any length; the README says that it is the ratio of fuzzywuzzy.
#
# Happens: it is difflib's, left at its default of taking letters that make up more than 1 % of a second string of 200
# and more for junk. In a text of few different letters that is all of them. `token_sort_ratio` and `extract` use it.
#
# Seen, random letters a c g t, one of them changed:
#                     the second    the middle one    definition
#   199 letters           99             99               99
#   200 letters            0             50              100 (99.5)
#   1,000 letters          0             50              100
# What stands before the change is all that counts. With no letter changed it is 100.
#
# Matters for: sequences of few symbols, sentences and longer; `levenshtein` is right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps larzfuzzy==0.1.0
venv/bin/python - <<'PY'
import random
from difflib import SequenceMatcher
from importlib.metadata import version

from larzfuzzy import levenshtein, ratio

print("larzfuzzy", version("larzfuzzy"))


def definition(a, b):
    """The same ratio with every letter compared."""
    return round(100 * SequenceMatcher(None, a, b, autojunk=False).ratio())


rng = random.Random(0)
for length in (199, 200, 250, 1000):
    text = "".join(rng.choices("acgt", k=length))
    changed = []
    for at in (1, length // 2):
        other = text[:at] + ("a" if text[at] != "a" else "c") + text[at + 1 :]
        assert levenshtein(text, other) == 1
        changed.append((ratio(text, other), definition(text, other)))
    print(length, "package and definition", changed, "unchanged", ratio(text, text))
    assert ratio(text, text) == 100 and all(right >= 99 for _, right in changed)
    if length == 199:
        assert all(found == right for found, right in changed)
    else:
        assert all(found < right - 10 for found, right in changed)
PY
