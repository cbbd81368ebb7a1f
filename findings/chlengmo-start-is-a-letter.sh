#!/usr/bin/env bash
# chlengmo 0.0.4: before the first letter stands the most common one: texts hold n-grams that were never seen.
#
# Packages: chlengmo 0.0.4.
#
# Expected: "character-level n-gram model": every n letters in a row of a text that it generates stand somewhere in the
# text that it was fitted to, as long as the text does not end there.
#
# Happens: contexts are numbers in base "size of the alphabet", the digit 0 is the most common letter, and fitting
# starts at the number 0. So what follows the start is counted as following n - 1 of the most common letter. And a
# context that was never seen (the end of the text) is followed by that letter, not by any other.
#
# Seen, n = 3, 300 texts of 40 letters after a given first letter:
#   fitted to          share of three letters in a row that are nowhere in it
#   mississippi        22 %   (iim, imi, pii)
#   aabaacaad          36 %   (aaa, ada, daa)
#   the cat sat on ... 0 %   (its most common character is the space, which may stand before a word)
#
# Matters for: sequences of few symbols; any where a symbol has a meaning of its own, as notes or DNA.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chlengmo==0.0.4
venv/bin/python - <<'PY'
from importlib.metadata import version

from chlengmo import Chlengmo

N, TEXTS, LENGTH = 3, 300, 40
print("chlengmo", version("chlengmo"))


def grams(text):
    return [text[i : i + N] for i in range(len(text) - N + 1)]


def unseen(text, first):
    """Share of n letters in a row in generated texts that are not in the text, and which they are."""
    model, seen = Chlengmo(N).fit(text), set(grams(text))
    drawn = [gram for seed in range(TEXTS) for gram in grams(model.generate(LENGTH, prompt=first, seed=seed))]
    strange = [gram for gram in drawn if gram not in seen]
    return len(strange) / len(drawn), sorted(set(strange))


for text in ("mississippi", "aabaacaad"):
    share, which = unseen(text, text[0])
    print(f"{text}: {share:.0%} {which}")
    assert share > 0.1
share, which = unseen("the cat sat on the mat and the rat ate the bat", "t")
print(f"the cat sat on ...: {share:.0%} {which}")
assert share == 0
PY
