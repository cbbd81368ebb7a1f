#!/usr/bin/env bash
# arpabo 0.3.0: a file that is read loses its back-off weights, and perplexity counts <s> as a
# word: a model with a perplexity of 3.3 has one of 10^25.
#
# Package: arpabo 0.3.0.
#
# Expected: "standard ARPA format". There, a word that was not seen after a context has the
# context's weight times its probability in the next shorter context. <s> only opens a
# sentence; it is given, has -99 for a logarithm in most files, and is not predicted.
#
# Happens: `from_arpa_file` drops the weights, and `write` writes them as 0, that is a weight
# of 1. `perplexity` would not use them: it takes the bare probability of the shorter
# context, for models it has counted itself too. And it scores <s>, once a sentence.
#
# Seen, a file over a, b and </s> whose probabilities sum to one after each context, "a b":
#   P(a | <s>) .8, P(b | a) .8 x .25, P(</s> | b) .67 x .25: perplexity 3.35 of three words
#   arpabo, -99 for <s>:   1.19e+25 of four words
#   arpabo, -1 for <s>:    3.76
#   weights in the file -0.3979 -0.0969 -0.1761, in the file written again 0 0 0
#
# Matters for: comparing with models of other tools: their files change by being read. Sum the
# logarithms with a reader of your own.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check arpabo==0.3.0
venv/bin/python - <<'PY'
import io
import math

from arpabo import ArpaBoLM

FILE = r"""\data\
ngram 1=4
ngram 2=3

\1-grams:
{start} <s> -0.3979400
-0.3010300 a -0.0969100
-0.6020600 b -0.1760913
-0.6020600 </s>

\2-grams:
-0.0969100 <s> a
-0.2218487 a a
-0.3010300 b b

\end\
"""
ONE = {"a": 0.5, "b": 0.25, "</s>": 0.25}
TWO = {("<s>", "a"): 0.8, ("a", "a"): 0.6, ("b", "b"): 0.5}
WEIGHT = {"<s>": 10**-0.39794, "a": 10**-0.09691, "b": 10**-0.1760913}


def probability(word, context):
    return TWO.get((context, word), WEIGHT[context] * ONE[word])


for context in WEIGHT:
    assert abs(sum(probability(word, context) for word in ONE) - 1) < 1e-6
right = math.prod(probability(word, context) for context, word in (("<s>", "a"), ("a", "b"), ("b", "</s>"))) ** (-1 / 3)
print(f"as the format defines it: {right:.2f}")
assert abs(right - 3.347) < 0.001

for start, expected in (("-99", 1e-99), ("-1", 0.1)):
    with open("model.arpa", "w") as file:
        file.write(FILE.format(start=start))
    model = ArpaBoLM.from_arpa_file("model.arpa")
    found = model.perplexity(io.StringIO("a b\n"))
    by_hand = (expected * 0.8 * ONE["b"] * ONE["</s>"]) ** (-1 / 4)
    print(f"arpabo, {start} for <s>: {found['perplexity']:.3g} of {found['num_words']} words")
    assert found["num_words"] == 4 and abs(found["perplexity"] / by_hand - 1) < 1e-4
    again = io.StringIO()
    model.write(again)
    lines = [line.split() for line in again.getvalue().splitlines()]
    weights = {fields[1]: float(fields[2]) for fields in lines if len(fields) == 3 and fields[1] in WEIGHT and fields[0].startswith("-") and fields[2][0] in "-0"}
    print("weights written again:", weights)
    assert weights == dict.fromkeys(WEIGHT, 0.0)
PY
