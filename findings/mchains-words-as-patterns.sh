#!/usr/bin/env bash
# mchains 0.3: with `ignorecase` words are taken for regular expressions: "do." is "dog".
#
# Packages: mchains 0.3, regex 2026.11.19.
#
# Expected: `MarkovChains(ignorecase=True)` treats "What" and "what" as the same word, and nothing else.
#
# Happens: a word is looked for among those that are there by a regular expression made of the word as it is. A full
# stop is any letter, "t?" is a "t" or none, and what follows the word is filed under the first one that fits. A lone
# "?" or "(" raises an error of the regular expressions.
#
# Seen:
#   "the dog sleeps then I do. You see"                "dog" is followed by "sleeps" and "You"; "do." by nothing
#   "wha what now so what? No"                         "wha" is followed by "what" and "No"
#   "a cat . The end"                                  "a" is followed by "cat" and "The"
#   the same without `ignorecase`                      each word by what follows it
#
# Matters for: any text with punctuation at its words.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check regex==2026.11.19
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mchains==0.3
venv/bin/python - <<'PY'
from importlib.metadata import version

from mchains import MarkovChains

print("mchains", version("mchains"), "regex", version("regex"))


def followers(text, fold):
    """What follows each word, with case ignored or not."""
    words, chains = text.split(), {}
    for word, following in zip(words, words[1:]):
        chains.setdefault(word.lower() if fold else word, []).append(following)
    return chains


def package(text, fold):
    chains = MarkovChains(ignorecase=fold)
    chains.to_chains(text)
    return dict(chains)


for text, word, taken in (
    ("the dog sleeps then I do. You see", "do.", "dog"),
    ("wha what now so what? No", "what?", "wha"),
    ("a cat . The end", ".", "a"),
):
    right, found = followers(text, True), package(text, True)
    print(f"{text!r}: {word!r} {right[word]} package {found.get(word)}; {taken!r} {right[taken]} package {found[taken]}")
    assert word not in found and found[taken] == right[taken] + right[word]
    assert package(text, False) == followers(text, False)
assert package("What now and what then", True) == {"What": ["now", "then"], "now": ["and"], "and": ["what"]}
PY
