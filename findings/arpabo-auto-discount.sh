#!/usr/bin/env bash
# arpabo 0.3.0: the discount that is found automatically is the first one that is tried, 0.05,
# for every text.
#
# Package: arpabo 0.3.0.
#
# Expected: smoothing `auto` "automatically optimizes discount mass": of 0.05, 0.1, .. the one
# that predicts words best. How much is to be left for unseen words depends on the text:
# much where there is little, little where there is much.
#
# Happens: the likelihood that is maximised is that of single words with their relative
# frequencies, and the discount is not in it. All candidates are equal, and the first is
# kept. With `discount_step=0.3` it is 0.3.
#
# Seen, bigrams of 20 words in random order, Katz back-off by hand, best on 2,000 other words:
#   words read    best discount, and bits a word    arpabo's, and bits a word
#        100          0.75     4.46                   0.05     6.80
#        300          0.40     4.36                   0.05     5.16
#       1000          0.05     4.34                   0.05     4.34
#       3000          0.05     4.18                   0.05     4.18
#   log2 of the number of words: 4.32
#
# Matters for: n-grams as baselines: on short texts they look worse than guessing.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check arpabo==0.3.0
venv/bin/python - <<'PY'
import io
import math
import random
from collections import Counter

from arpabo import ArpaBoLM

WORDS = [f"w{i}" for i in range(20)]
rng = random.Random(0)
WEIGHTS = {word: [rng.random() for _ in WORDS] for word in WORDS}


def draw(count):
    text = [rng.choice(WORDS)]
    while len(text) < count:
        text += rng.choices(WORDS, WEIGHTS[text[-1]])
    return text


def bits(text, test, mass):
    """Katz: seen words with (1 - mass) of their frequency, unseen ones share `mass` by their own."""
    one, two, of = Counter(text), Counter(zip(text, text[1:])), Counter(text[:-1])
    alone = {word: (one[word] + 1) / (len(text) + len(WORDS)) for word in WORDS}
    unseen = {c: sum(alone[w] for w in WORDS if not two[c, w]) for c in WORDS}
    total = 0.0
    for context, word in zip(test, test[1:]):
        if not of[context] or not unseen[context]:
            probability = two[context, word] / of[context] if of[context] else alone[word]
        elif two[context, word]:
            probability = (1 - mass) * two[context, word] / of[context]
        else:
            probability = mass * alone[word] / unseen[context]
        total -= math.log2(probability)
    return total / (len(test) - 1)


test = draw(2000)
for count in (100, 300, 1000, 3000):
    text = draw(count)
    best = min((round(0.05 * i, 2) for i in range(1, 20)), key=lambda mass: bits(text, test, mass))
    found = {}
    for step in (0.05, 0.3):
        model = ArpaBoLM(max_order=2, smoothing_method="auto", discount_step=step, add_start=False)
        model.read_corpus(io.StringIO(" ".join(text) + "\n"))
        model.compute()
        found[step] = model.discount_mass
    mass = found[0.05]
    print(f"{count:5d} words: best {best:.2f}, {bits(text, test, best):.2f} bits; arpabo {mass}, {bits(text, test, mass):.2f} bits; with steps of 0.3 {found[0.3]}")
    assert found == {0.05: 0.05, 0.3: 0.3}
    assert count > 300 or bits(text, test, mass) > bits(text, test, best) + 0.7
PY
