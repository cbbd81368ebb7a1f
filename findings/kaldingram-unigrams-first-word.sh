#!/usr/bin/env bash
# kaldingram 0.1.2: a unigram model of a file knows the first word of each line only.
#
# Packages: kaldingram 0.1.2.
#
# Expected: `kaldingram train --ngram-order 1 --text FILE` writes the unigram model of
# the file, in the way of SRILM, as it does for orders 2 to 5: each word with its share
# of all words and ends of sentences. The same file on standard input is the same corpus.
#
# Happens: for order 1 a file's lines are cut to their first word, a leftover of a
# script that read lists of counts. Standard input is read whole. Both count <s>, which
# nothing ever predicts, as a word: what is predicted sums to two thirds, or .8.
#
# Seen, lines "a b c" and "a b d" (counts a 2, b 2, c 1, d 1, </s> 2, so .25 .25 .125
# .125 .25):
#   --text FILE     a .333                      </s> .333    sum .667
#   < FILE          a .2   b .2   c .1   d .1   </s> .2      sum .800
#   order 2, its unigrams are all there, with either
#
# Matters for: the unigram baseline under a language model. Its training text
# has no perplexity under it: four of its six words are not in it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kaldingram==0.1.2
printf 'a b c\na b d\n' >corpus.txt
for order in 1 2; do
    venv/bin/kaldingram train --ngram-order $order --text corpus.txt >file-$order.arpa 2>/dev/null
    venv/bin/kaldingram train --ngram-order $order <corpus.txt >stdin-$order.arpa 2>/dev/null
done
venv/bin/python - <<'PY'
from collections import Counter
from pathlib import Path

words = "a b c </s> a b d </s>".split()
right = {word: count / len(words) for word, count in Counter(words).items()}


def unigrams(name):
    section = Path(name).read_text().split("\\1-grams:\n")[1].split("\n\n")[0]
    rows = (line.split("\t") for line in section.splitlines())
    return {word: round(10 ** float(log), 3) for log, word, *_ in rows if word != "<s>"}


print("right", right)
for name in ("file-1.arpa", "stdin-1.arpa", "file-2.arpa", "stdin-2.arpa"):
    print(name, unigrams(name), f"sum {sum(unigrams(name).values()):.3f}")
assert unigrams("file-1.arpa") == {"a": 0.333, "</s>": 0.333}, "the other words are counted"
assert unigrams("stdin-1.arpa") == {"a": 0.2, "b": 0.2, "c": 0.1, "d": 0.1, "</s>": 0.2}
assert unigrams("file-2.arpa") == unigrams("stdin-2.arpa") and set(unigrams("file-2.arpa")) == set(right)
PY
