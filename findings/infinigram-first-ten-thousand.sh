#!/usr/bin/env bash
# py-infinigram 0.7.0: a context seen often enough is continued with certainty by
# the alphabetically first letter.
#
# Package: py-infinigram 0.7.0.
#
# Expected: `predict(context)` is documented as the probability distribution of
# the next byte after the longest suffix that occurs in the corpus, so its
# probabilities are the shares of the continuations there.
#
# Happens: `predict` takes its counts from `continuations`, whose documented
# default reads at most 10,000 occurrences, and `predict` has no argument to change
# it. The occurrences are read in the order of the suffix array, which is sorted
# by what follows. So the cut keeps the alphabetically first continuations, not a
# sample: as soon as the first letter alone fills the limit, it gets probability 1
# and every other letter an impossible symbol's infinite cost.
#
# Seen (a random text of the words "ab" and "ac", half each):
#    9000 words: predicted b 0.5003  c 0.4997   counted b 0.5003  c 0.4997
#   21000 words: predicted b 1.0000  c 0.0000   counted b 0.5025  c 0.4975
#
# Matters for: scoring with such a model at more than toy size: the commonest
# contexts, which carry most of the bits, are the ones that go wrong, and more
# data makes it worse. `continuations(context, limit=None)` counts all.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check py-infinigram==0.7.0
venv/bin/python - <<'PY'
import random

from infinigram import Infinigram

random.seed(0)
for words, cut in ((9000, False), (21000, True)):
    text = b"".join(random.choice([b"ab", b"ac"]) for _ in range(words))
    model = Infinigram(text, max_length=1)
    predicted = model.predict(b"a")
    share = {letter: text.count(b"a" + bytes([letter])) / words for letter in b"bc"}
    print(f"{words:6d} words: predicted", *(f"{chr(x)} {predicted.get(x, 0):.4f} " for x in b"bc"),
          "counted", *(f"{chr(x)} {share[x]:.4f} " for x in b"bc"))
    everything = model.continuations(b"a", limit=None)
    assert {x: everything[x] / words for x in b"bc"} == share
    if cut:
        assert predicted == {ord("b"): 1.0} and share[ord("c")] > 0.49
    else:
        assert all(abs(predicted[x] - share[x]) < 1e-12 for x in b"bc")
PY
