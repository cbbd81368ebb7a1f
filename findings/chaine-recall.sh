#!/usr/bin/env bash
# chaine 4.0.1: a label that is mistaken for another one is no error of recall: half of all names
# with the wrong label still make a recall of 1.
#
# Packages: chaine 4.0.1, scikit-learn 1.8.0, scipy 1.17.1, numpy 2.4.6.
#
# Expected: recall is the share of the labels other than "O" that were found, F1 the harmonic mean of
# it and precision, as in scikit-learn's micro average over those labels. A name of a person that is
# labelled as a place is missed as a person, and wrong as a place.
#
# Happens: `evaluate_predictions`, by which the hyperparameter search judges its models, counts it as a
# false positive only; false negatives are those that were labelled "O". Recall is then tp / (tp +
# labels given as "O"): a model that labels everything something has a recall of 1.
#
# Seen, 100 names and 100 other words, nothing but names is labelled as one; precision, recall and F1:
#   names right, wrong label, "O"    right              found
#   50  50   0                       0.50 0.50 0.50     0.50 1.00 0.67
#   10  90   0                       0.10 0.10 0.10     0.10 1.00 0.18
#   50   0  50                       1.00 0.50 0.67     1.00 0.50 0.67
#   10  80  10                       0.11 0.10 0.11     0.11 0.50 0.18
#
# Matters for: models that are chosen by these scores: an F1 of 0.67 for confusing half of the names,
# as for missing half, where 0.50 and 0.67 are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chaine==4.0.1
venv/bin/python -W ignore - <<'PY'
import itertools

from chaine.optimization.metrics import evaluate_predictions
from sklearn.metrics import precision_recall_fscore_support

NAMES, OTHERS, KINDS = 100, 100, ("PER", "LOC", "ORG")


def definition(true, predicted):
    """Over labels other than O: those right, by those given and by those that there are."""
    right = sum(t == p != "O" for t, p in zip(true, predicted))
    given, there = (sum(label != "O" for label in labels) for labels in (predicted, true))
    precision, recall = right / given, right / there
    return precision, recall, 2 * precision * recall / (precision + recall)


for right, wrong in ((50, 50), (10, 90), (50, 0), (10, 80)):
    true = list(itertools.islice(itertools.cycle(KINDS), NAMES)) + ["O"] * OTHERS
    predicted = list(true)
    for place in range(right, NAMES):
        mistaken = KINDS[(KINDS.index(true[place]) + 1) % len(KINDS)]
        predicted[place] = mistaken if place < right + wrong else "O"
    expected = definition(true, predicted)
    sklearn = precision_recall_fscore_support(true, predicted, labels=KINDS, average="micro")[:3]
    assert max(abs(a - b) for a, b in zip(expected, sklearn)) < 1e-12
    sentences = [[f"B-{label}" if label != "O" else label for label in labels] for labels in (true, predicted)]
    scores = evaluate_predictions([sentences[0]], [sentences[1]])
    found = scores["precision"], scores["recall"], scores["f1"]
    silent = NAMES - right - wrong
    print(f"{right} right, {wrong} wrong, {silent} O: by definition", *(f"{x:.2f}" for x in expected), "  found", *(f"{x:.2f}" for x in found))
    assert abs(found[0] - expected[0]) < 1e-12 and abs(found[1] - right / (right + silent)) < 1e-12
    assert (abs(found[1] - expected[1]) < 1e-12) == (wrong == 0)
PY
