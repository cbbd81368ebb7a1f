#!/usr/bin/env bash
# nltk 3.10.4: interpolated Kneser-Ney sums to more than one at a sentence's start.
#
# Package: nltk 3.10.4.
#
# Expected: `score` of a fitted language model is a probability, so over the
# vocabulary it sums to 1 in every context. It does for Lidstone, Witten-Bell and
# absolute discounting, and for Kneser-Ney in the middle of a sentence.
#
# Happens: with the padding of nltk's own `padded_everygram_pipeline`, in the
# context of two start marks the scores of a trigram model sum to 1.0025 and 1.14.
# The lower order discounts *continuation* counts (how many different letters
# come before), while the mass that it hands on is computed from how many letters
# were *seen* to follow. The pair of two start marks is seen in every sentence but
# nothing ever comes before it: it adds to the mass and gives none.
#
# Seen (4 words as sentences, order 3):
#   discount 0.10: first letter 1.002500, later 1.000000, enumeration of the formula 1.000000
#   discount 0.75: first letter 1.140625, later 1.000000, enumeration of the formula 1.000000
#
# Matters for: perplexities. The first symbol of every sentence is scored too
# well, the more so the larger the discount and the shorter the sentences; the
# other models in the same module are not affected, so a comparison is tilted.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check nltk==3.10.4
venv/bin/python - <<'PY'
from collections import Counter

from nltk.lm import AbsoluteDiscountingInterpolated, KneserNeyInterpolated, WittenBellInterpolated
from nltk.lm.preprocessing import pad_both_ends, padded_everygram_pipeline

sentences = [list(word) for word in ("abracadabra", "abcab", "cabbac", "bbadc")]
padded = [list(pad_both_ends(s, 3)) for s in sentences]
counts = {k: Counter(tuple(s[i:i + k]) for s in padded for i in range(len(s) - k + 1)) for k in (1, 2, 3)}
letters = sorted({x for s in padded for x in s})


def before(gram):
    return sum(g[1:] == gram for g in counts[len(gram) + 1])


def formula(letter, context, discount, top=True):
    """Kneser-Ney with one kind of count a level, for discount and for mass."""
    if not context:
        return before((letter,)) / sum(before((x,)) for x in letters)
    count = {x: counts[len(context) + 1][context + (x,)] if top else before(context + (x,)) for x in letters}
    total = sum(count.values())
    lower = formula(letter, context[1:], discount, top=False)
    if total == 0:
        return lower
    seen = sum(c > 0 for c in count.values())
    return max(count[letter] - discount, 0) / total + discount * seen / total * lower


def fitted(model):
    grams, vocabulary = padded_everygram_pipeline(3, sentences)
    model.fit(grams, vocabulary)
    return model


def total(model, context):
    return sum(model.score(x, context) for x in model.vocab)


START, LATER = ("<s>", "<s>"), ("a", "b")
for discount, seen in ((0.1, 1.0025), (0.75, 1.140625)):
    model = fitted(KneserNeyInterpolated(3, discount=discount))
    first, later = total(model, START), total(model, LATER)
    right = sum(formula(x, START, discount) for x in letters)
    print(f"discount {discount:.2f}: first letter {first:.6f}, later {later:.6f}, enumeration of the formula {right:.6f}")
    assert abs(right - 1) < 1e-12 and abs(later - 1) < 1e-12
    assert all(abs(model.score(x, LATER) - formula(x, LATER, discount)) < 1e-12 for x in letters)
    assert abs(first - seen) < 1e-9
for other in (AbsoluteDiscountingInterpolated(3), WittenBellInterpolated(3)):
    assert abs(total(fitted(other), START) - 1) < 1e-12
PY
