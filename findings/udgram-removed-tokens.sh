#!/usr/bin/env bash
# udgram 1.2.1: once tokens are removed the next tag is taken from too far on.
#
# Packages: udgram 1.2.1, conllu 6.0.0.
#
# Expected: `remove_of_the_sentence` leaves tokens out, punctuation in the package's own example; the probabilities are
# of the tag that follows among those that remain.
#
# Happens: the remaining tokens stand in a new list, and the next one is looked up there by the number that the token
# has in the whole sentence. After the first token that was removed all are one place off, after the second two; where
# that is beyond the end, pairs are left out.
#
# Seen, "the cat , sat on the mat ." without PUNCT, the tag that follows:
#              exact           package
#   DET        NOUN            NOUN
#   NOUN       VERB            VERB
#   VERB       ADP             DET
#   ADP        DET             NOUN
#   DET, NOUN  VERB            VERB   (trigrams)
#   VERB, ADP  DET             NOUN
# Without anything to remove it is right.
#
# Matters for: sentences with punctuation before their end, also with multiword tokens, which have no place of their own.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check conllu==6.0.0 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation udgram==1.2.1
venv/bin/python - <<'PY'
from collections import Counter, defaultdict
from importlib.metadata import version
from pathlib import Path

from udgram import bigram, ngram, trigram

WORDS = "the/DET cat/NOUN ,/PUNCT sat/VERB on/ADP the/DET mat/NOUN ./PUNCT".split()
TAGS = ["DET", "NOUN", "VERB", "ADP"]
print("udgram", version("udgram"), "conllu", version("conllu"))
pairs = [word.rsplit("/", 1) for word in WORDS]
rows = [f"{number}\t{form}\t{form}\t{tag}\t{tag}\t_\t0\troot\t_\t_" for number, (form, tag) in enumerate(pairs, 1)]
Path("one.conllu").write_text("\n".join(rows) + "\n\n", encoding="utf-8")


def exact(n, removed):
    """Probabilities of the next tag after each n - 1 tags."""
    tags = [tag for _, tag in pairs if tag not in removed]
    counts = defaultdict(Counter)
    for at in range(len(tags) - n + 1):
        counts[tuple(tags[at : at + n - 1])][tags[at + n - 1]] += 1
    return {given: {tag: count / sum(after.values()) for tag, count in after.items()} for given, after in counts.items()}


for n, given, wrong in ((2, ["DET"], False), (2, ["NOUN"], False), (2, ["VERB"], True), (2, ["ADP"], True),
                        (3, ["DET", "NOUN"], False), (3, ["VERB", "ADP"], True)):
    right = exact(n, ["PUNCT"])[tuple(given)]
    found = ngram(n, "upos", given, "one.conllu", TAGS, ["PUNCT"])
    print(given, "exact", right, "package", found)
    assert (found != right) == wrong
    assert (bigram if n == 2 else trigram)("upos", given, "one.conllu", TAGS, ["PUNCT"]) == found
for given in (["VERB"], ["ADP"]):
    assert ngram(2, "upos", given, "one.conllu", [*TAGS, "PUNCT"]) == exact(2, [])[tuple(given)]
PY
