#!/usr/bin/env bash
# udgram 1.2.1: the matrix of bigrams is of the universal tags, whatever tag is asked for.
#
# Packages: udgram 1.2.1, conllu 6.0.0.
#
# Expected: `bigram_matriz(tag, ...)`, "tag (str): An tag to use", is `ngram_matriz(2, tag, ...)`: the probabilities for
# `upos`, `xpos` or `deprel`, as the argument says.
#
# Happens: the loop over the tags to consider has the argument's name, and "upos" stands where it should be used. For
# language-specific tags the matrix is empty, or, where both kinds of tag have a name in common, of the wrong kind.
#
# Seen, "the cat saw it", xpos DT NN VBD PRP, deprel det nsubj root obj:
#   asked for      bigram_matriz                       ngram_matriz(2, ...)
#   upos           DET: NOUN, NOUN: VERB, VERB: PRON   the same
#   xpos           all empty                           DT: NN, NN: VBD, VBD: PRP
#   deprel         all empty                           det: nsubj, nsubj: root, root: obj
#
# Matters for: all but universal tags; `ngram_matriz` gives them.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check conllu==6.0.0 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation udgram==1.2.1
venv/bin/python - <<'PY'
from importlib.metadata import version
from pathlib import Path

from udgram import bigram_matriz, ngram_matriz

TAGS = {"upos": ["DET", "NOUN", "VERB", "PRON"], "xpos": ["DT", "NN", "VBD", "PRP"], "deprel": ["det", "nsubj", "root", "obj"]}
print("udgram", version("udgram"), "conllu", version("conllu"))
columns = zip(range(1, 5), "the cat saw it".split(), TAGS["upos"], TAGS["xpos"], TAGS["deprel"])
rows = [f"{number}\t{form}\t{form}\t{upos}\t{xpos}\t_\t0\t{deprel}\t_\t_" for number, form, upos, xpos, deprel in columns]
Path("one.conllu").write_text("\n".join(rows) + "\n\n", encoding="utf-8")
for kind, tags in TAGS.items():
    right = {tag: {following: 1.0} for tag, following in zip(tags, tags[1:])} | {tags[-1]: {}}
    found = bigram_matriz(kind, "one.conllu", tags)
    general = {given[0]: after for given, after in ngram_matriz(2, kind, "one.conllu", tags).items()}
    print(kind, "bigram_matriz", found, "ngram_matriz", general)
    assert general == right
    assert found == (right if kind == "upos" else {tag: {} for tag in tags})
PY
