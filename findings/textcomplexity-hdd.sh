#!/usr/bin/env bash
# textcomplexity 0.11.0: HD-D takes how many words have a frequency for the frequency.
#
# Packages: textcomplexity 0.11.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: HD-D of McCarthy and Jarvis (2010) adds over all words of a text the chance that 42 of
# its tokens, drawn at once, hold the word, divided by 42: the mean ratio of types to tokens of
# such a draw, 1 for a text in which no word comes twice.
#
# Happens: the sum goes over the frequencies that occur, not over the words, and the chance is that
# of a word as frequent as there are words of that frequency. A text of 100 words that
# are all different has one term, of a word that is all of it.
#
# Seen, 100 tokens:
#   100 words, once each:              0.0238, where it is 1
#   50 words, twice each:              0.0238, where it is 0.79
#   40 words once and one 60 times:    0.034, where it is 0.42
#
# Matters for: whoever compares the variety of generated text, or sequences, by this number.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps textcomplexity==0.11.0
venv/bin/python - <<'PY'
from collections import Counter
from math import comb
from types import SimpleNamespace

import numpy as np
from textcomplexity import surface
from textcomplexity.text import Text

DRAWN = 42


def closed_form(tokens):
    missed = [comb(len(tokens) - n, DRAWN) / comb(len(tokens), DRAWN) for n in Counter(tokens).values()]
    return sum(1 - p for p in missed) / DRAWN


def drawn(tokens, tries=2000):
    rng = np.random.default_rng(0)
    return np.mean([len(set(rng.choice(tokens, DRAWN, replace=False))) for _ in range(tries)]) / DRAWN


for what, tokens, wrong in (
    ("100 words, once each", list(range(100)), 1 / DRAWN),
    ("50 words, twice each", [*range(50)] * 2, (1 - comb(50, 42) / comb(100, 42)) / DRAWN),
    ("40 words once and one 60 times", [*range(40), *[40] * 60], None),
):
    found, right = surface.hdd(Text.from_tokens([SimpleNamespace(word=str(token), pos="") for token in tokens])), closed_form(tokens)
    print(f"{what}: {found:.3g}, where it is {right:.2g}")
    assert abs(drawn(tokens) - right) < 0.01
    assert found < 0.1 and right > 0.3
    assert wrong is None or abs(found - wrong) < 1e-6
PY
