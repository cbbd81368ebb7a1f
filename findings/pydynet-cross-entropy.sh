#!/usr/bin/env bash
# pydynet 1.1: the cross-entropy of one-hot labels is divided by the number of classes, and
# minus infinity where one row's logits are much larger than another's.
#
# Packages: pydynet 1.1, numpy 2.4.6.
#
# Expected: `CrossEntropyLoss()` is the mean over rows of -ln p(label), whether labels are
# numbers or rows with a one, and of every finite logit it is finite. It is a sum over rows:
# what one row adds to it does not depend on the others.
#
# Happens: with one-hot labels the mean is taken over rows and classes: loss and gradient
# are smaller by the number of classes. To keep exponentials from overflowing, the largest
# logit of the whole batch is subtracted from all rows in the place of each row's own: a
# row whose logits are more than about 745 below it (104 in float32) has the
# logarithm of 0, and the loss is minus infinity, better than any other.
#
# Seen (8 rows, 10 classes):
#   numbers: loss 3.012 where 3.012 is right, gradient 1.00 times as long
#   one-hot: loss 0.301 where 3.012 is right, gradient 0.10 times as long
#   one row higher by 800: loss -inf where 3.012 is right
#
# Matters for: everyone who changes from numbers to one-hot labels, and with them the
# learning rate; and for batches with one large row, whose loss is minus infinity.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pydynet==1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pydynet import Tensor
from pydynet.nn import CrossEntropyLoss, Parameter

ROWS, CLASSES = 8, 10


def right(logits, labels):
    top = logits.max(1, keepdims=True)
    logarithms = logits - top - np.log(np.exp(logits - top).sum(1, keepdims=True))
    gradient = (np.exp(logarithms) - np.eye(CLASSES)[labels]) / len(labels)
    return -logarithms[np.arange(len(labels)), labels].mean(), gradient


def given(logits, labels):
    parameter = Parameter(Tensor(logits))
    loss = CrossEntropyLoss()(parameter, Tensor(labels))
    loss.backward()
    return float(loss.data), parameter.grad


rng = np.random.default_rng(0)
logits, labels = rng.normal(size=(ROWS, CLASSES)), rng.integers(CLASSES, size=ROWS)
loss, gradient = right(logits, labels)
for name, form, share in (("numbers", labels, 1), ("one-hot", np.eye(CLASSES)[labels], CLASSES)):
    found, slope = given(logits.copy(), form)
    length = np.linalg.norm(slope) / np.linalg.norm(gradient)
    print(f"{name}: loss {found:.3f} where {loss:.3f} is right, gradient {length:.2f} times as long")
    assert np.isclose(found * share, loss) and np.allclose(slope * share, gradient)

for kind, shift in ((np.float64, 800), (np.float32, 120)):
    raised = logits.astype(kind)
    raised[0] += shift  # adds the same to all logits of one row: no probability changes
    found = float(CrossEntropyLoss()(Tensor(raised), Tensor(labels)).data)
    print(f"one row higher by {shift}, {np.dtype(kind).name}: loss {found:.3f} where {right(raised.astype(float), labels)[0]:.3f} is right")
    assert np.isinf(found) and abs(right(raised.astype(float), labels)[0] - loss) < 1e-3
PY
