#!/usr/bin/env bash
# knlm 0.1.2: a word that always follows has probability 0: of "a b c d", ten times, every word but the first.
#
# Packages: knlm 0.1.2.
#
# Expected: a Kneser-Ney model of order 3. If c came after "a b" each time, its probability is
# (n - D) / n and what is held back, D / n of at most 3 / n, goes to the shorter context, which knows nothing
# but c either: at least 1 - 3 / n, and with no discount 1.
#
# Happens: the logarithm is kept as the bits of a float in a table in which bits of 0 say that there is no
# such word. The logarithm of 1 is a float of 0 bits. So the word is looked for in the shorter context,
# for what is held back, which is nothing: ln 0. There is no discount, and a probability of exactly 1, wherever
# no trigram of the text occurs exactly three times. `evaluateSent` says -100 for each.
#
# Seen, log-probability of c after "a b", and the sum of the probabilities of all words there, without the end
# of a sentence:
#   text                                        right              knlm    sum
#   a b c d, 10 times                           0, at least -.36   -inf    0
#   the same and "e f g h" once                 0, at least -.36   -inf    0
#   the same and "e f g h" three times          0, at least -.36   NaN     NaN
#   the same and others one, two, three times   0, at least -.36   -.09    .98
#
# Matters for: texts with fixed phrases: logs, addresses, notation of music. A corpus of prose has trigrams
# that occur three times.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation knlm==0.1.2
venv/bin/python - <<'PY'
import math

from knlm import KneserNey

TIMES, LEAST = 10, math.log(1 - 3 / 10)


OTHERS = {"none": [], "once": [("efgh", 1)], "three times": [("efgh", 3)], "one, two, three times": [("efgh", 1), ("ijkl", 2), ("mnop", 3)]}


def found(others):
    """Log-probability of c after "a b", the sum over all words there, and the score of the sentence."""
    model = KneserNey(3, 4)
    for _ in range(TIMES):
        model.train("a b c d".split())
    for words, times in others:
        for _ in range(times):
            model.train(list(words))
    model.optimize()
    after = {word: model.evaluate(["a", "b", word]) for word in "abcdefghijklmnop"[: 4 + 4 * len(others)]}
    return after["c"], sum(math.exp(value) for value in after.values()), model.evaluateSent("a b c d".split())


for name, others in OTHERS.items():
    value, total, sentence = found(others)
    print(f"others {name}: right 0, at least {LEAST:.2f}; found {value:.2f}, sum {total:.2f}, sentence {sentence:.1f}")
    if len(others) == 3:
        assert LEAST < value <= 0 and 0.97 < total <= 1
    elif name == "three times":
        assert math.isnan(value)
    else:
        assert value == -math.inf and total == 0 and sentence < -300
PY
