#!/usr/bin/env bash
# nmodels 0.0.5: the last word of a sentence is replaced by its end.
#
# Packages: nmodels 0.0.5.
#
# Expected: `simple_bigram` gives "a list of the padded bigrams". The README's example ends with ('are', 'you'),
# ('you', '<END>').
#
# Happens: the start is put before the words, but the end is put in the place of the last one.
#
# Seen, the README's "Hello world, how are you":
#   README    (<START>, Hello) (Hello, world,) (world,, how) (how, are) (are, you) (you, <END>)
#   package   (<START>, Hello) (Hello, world,) (world,, how) (how, are) (are, <END>)
#   "Stop"    (<START>, Stop) (Stop, <END>)    package (<START>, <END>)
#
# Matters for: counts of bigrams: words that end sentences, as questions and rhymes have them, are missing.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation nmodels==0.0.5
venv/bin/python - <<'PY'
from importlib.metadata import version

from nmodels.gram import simple_bigram

print("nmodels", version("nmodels"))
for sentence in ("Hello world, how are you", "Stop"):
    words = ["<START>", *sentence.split(), "<END>"]
    right, found = list(zip(words, words[1:])), simple_bigram(sentence)
    print("right", right, "package", found)
    assert found == [*right[:-2], (words[-3], "<END>")] != right
PY
