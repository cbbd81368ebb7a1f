#!/usr/bin/env bash
# devwer 0.0.3: the word error rate counts runs of wrong words, not words.
#
# Packages: devwer 0.0.3, Levenshtein 0.27.5, rapidfuzz 3.14.6, numpy 2.4.6.
#
# Expected: `wer` is "the Word Error Rate": substitutions, insertions and deletions over the number of words of the
# reference. `wer_legacy` of the same class computes that.
#
# Happens: Python's difflib lists what differs in blocks, and each block counts as one error, however many words it has.
#
# Seen, five words of reference:
#   hypothesis                      right    wer    wer_legacy
#   five other words                 1.0     0.2       1.0
#   the first three                  0.4     0.2       0.4
#   all, and five more               1.0     0.2       1.0
#   second and fourth wrong          0.4     0.4       0.4
#   100 words, 99 of them wrong       .99    .02
#
# Matters for: any hypothesis with two wrong words in a row; the worse it is, the better it looks.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 Levenshtein==0.27.5 rapidfuzz==3.14.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps devwer==0.0.3
venv/bin/python - <<'PY'
from importlib.metadata import version
from math import isclose

from devwer import Metrics

LETTERS = "कखगघचछजझटठ"
print("devwer", version("devwer"), "Levenshtein", version("Levenshtein"))
metrics = Metrics()


def rate(reference, hypothesis):
    """Fewest wrong words over the words of the reference."""
    row = list(range(len(hypothesis) + 1))
    for i, word in enumerate(reference, 1):
        above, row = row, [i]
        for j, said in enumerate(hypothesis, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (word != said)))
    return row[-1] / len(reference)


reference, other = list(LETTERS[:5]), list(LETTERS[5:])
swapped = [other[i] if i in (1, 3) else word for i, word in enumerate(reference)]
for name, hypothesis, blocks in (
    ("five other words", other, 1),
    ("the first three", reference[:3], 1),
    ("all, and five more", reference + other, 1),
    ("second and fourth", swapped, 2),
    ("the same", reference, 0),
):
    right = rate(reference, hypothesis)
    texts = " ".join(reference), " ".join(hypothesis)
    found, legacy = metrics.wer(*texts), metrics.wer_legacy(*texts)
    print(f"{name}: right {right} wer {found} wer_legacy {legacy}")
    assert isclose(legacy, right) and isclose(found, blocks / 5)
long, wrong = [LETTERS[0]] * 100, [LETTERS[1]] * 50 + [LETTERS[0]] + [LETTERS[1]] * 49
right, found = rate(long, wrong), metrics.wer(" ".join(long), " ".join(wrong))
print(f"100 words: right {right} wer {found}")
assert right == 0.99 and found < 0.05
PY
