#!/usr/bin/env bash
# sequentia 2.6.0: class labels are kept in one byte: what is class 200 in training is predicted as −56, and 257 is
# the same class as 1.
#
# Packages: sequentia 2.6.0, hmmlearn 0.3.3, dtaidistance 2.5.1, scikit-learn 1.6.1, numba 0.68.1, numpy 2.4.6,
# scipy 1.17.1, pydantic 2.14.4.
#
# Expected: classes are integers, as `y` and `classes` are described; the nearest neighbour of a training sequence
# is itself, and has its class.
#
# Happens: `fit` of both classifiers turns `y` to numpy's int8 without a look at its range: labels are taken modulo
# 256, from −128 to 127. Two labels that become the same are one class from then on, with one model.
#
# Seen, three training sequences predicted by `KNNClassifier` with one neighbour:
#   class           1      200     257
#   predicted       1      −56     1
#   columns of `predict_proba`: 2 for three classes; `HMMClassifier` has 2 models.
# 300 sequences of classes 0 to 299: 128 are right.
#
# Matters for: labels that are numbers of speakers or users, years or codes. Number the classes from 0, to 127.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.6.1 numba==0.68.1 pydantic==2.14.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hmmlearn==0.3.3 dtaidistance==2.5.1 sequentia==2.6.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from sequentia.models import CategoricalHMM, HMMClassifier, KNNClassifier


def levels(count):
    """One sequence of two equal numbers for each class."""
    return np.repeat(np.arange(count, dtype=float), 2)[:, None], [2] * count


classes = np.array([1, 200, 257])
data, lengths = levels(len(classes))
model = KNNClassifier(k=1, random_state=0).fit(data, classes, lengths=lengths)
distances = model.compute_distance_matrix(data, lengths=lengths)
assert (distances.argmin(axis=1) == np.arange(len(classes))).all() and (np.diag(distances) == 0).all()
predicted, shares = model.predict(data, lengths=lengths), model.predict_proba(data, lengths=lengths)
print("classes", classes, "predicted", predicted, "columns", shares.shape[1])
assert predicted.tolist() == [1, -56, 1] and shares.shape[1] == 2

markov = HMMClassifier(variant=CategoricalHMM, model_kwargs={"n_states": 1, "random_state": 0})
markov.fit(np.array([0, 1, 1, 0, 0, 0])[:, None], classes, lengths=lengths)
print("models", sorted(int(label) for label in markov.models))
assert sorted(markov.models) == [-56, 1]

many = np.arange(300)
data, lengths = levels(len(many))
predicted = KNNClassifier(k=1, random_state=0).fit(data, many, lengths=lengths).predict(data, lengths=lengths)
print("right", int((predicted == many).sum()), "of", len(many))
assert (predicted == many).sum() == 128
PY
