#!/usr/bin/env bash
# pyrcn 0.1.0: of two classes of sequences every sequence is in the first, and with more classes the
# number of the class comes back in the place of its label.
#
# Packages: pyrcn 0.1.0, torch 2.13.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3.
#
# Expected: `ESNClassifier` labels whole sequences: `predict` gives "the predicted classes", of
# those that it was trained with. `predict_proba` gives "class probabilities" of each.
#
# Happens: for a sequence the outputs of all steps are added up and the place of the largest is the
# answer. Two classes are one output, 0 or 1, whose largest place is always 0. The place is not
# turned back into a label, as it is where every step has one. The sum over the steps is what
# "probabilities" are, too: 8 for a sequence of 8 steps.
#
# Seen, 60 sequences of 8 steps around 0, 3 and 6, which a threshold tells apart, training data:
#   labels        right    predicted    "probabilities" sum to
#   0, 1          .50      0            .00 to 8.03
#   0, 1, 2       1.00     0, 1, 2      8.00 to 8.38
#   5, 7, 9       .00      0, 1, 2      8.00 to 8.38
#
# Matters for: anybody whose sequences have two classes; and scores of those probabilities.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyrcn==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pyrcn.echo_state_network import ESNClassifier

STEPS = 8


def data(labels, count=60):
    """Sequences around 0, 3, 6 and their labels, in the form of pyrcn's own data sets."""
    draw = np.random.default_rng(0)
    inputs, outputs = np.empty(count, dtype=object), np.empty(count, dtype=object)
    for row in range(count):
        number = row % len(labels)
        inputs[row] = draw.normal(3 * number, 0.3, size=(STEPS, 1))
        outputs[row] = np.atleast_1d(labels[number])
    return inputs, outputs


found = {}
for labels in ((0, 1), (0, 1, 2), (5, 7, 9)):
    inputs, outputs = data(labels)
    known = np.array([value[0] for value in outputs])
    threshold = np.array(labels)[[int(np.clip(round(np.mean(x) / 3), 0, len(labels) - 1)) for x in inputs]]
    assert (threshold == known).all(), "the classes can be told apart"
    model = ESNClassifier(hidden_layer_size=50).fit(inputs, outputs)
    predicted = np.array([int(value[0]) for value in model.predict(inputs)])
    sums = np.array([value.sum() for value in model.predict_proba(inputs)])
    found[labels] = (predicted == known).mean(), sorted(set(predicted.tolist()))
    print(f"labels {labels}: right {found[labels][0]:.2f}, predicted {found[labels][1]}, probabilities sum to {sums.min():.2f} .. {sums.max():.2f}")
    assert sums.max() > STEPS - 0.5

assert found[0, 1] == (0.5, [0])
assert found[0, 1, 2][0] > 0.95, "three classes numbered from 0 are right"
assert found[5, 7, 9] == (0.0, [0, 1, 2])
PY
