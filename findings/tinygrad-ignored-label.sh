#!/usr/bin/env bash
# tinygrad 0.14.0: every label can be ignored in the cross-entropy but -1, which is the
# default: padding counts as positions that were predicted with certainty.
#
# Packages: tinygrad 0.14.0, numpy 2.4.6.
#
# Expected: `sparse_categorical_crossentropy(labels, ignore_index=i)` is the mean loss of the
# positions whose label is not i, whatever i is. The signature's default is -1, a label
# that no class has.
#
# Happens: -1 stands for "ignore nothing". Positions labelled -1 then add nothing to the sum
# and are counted in the mean, whether -1 was given or left to the default. With -100, or
# any other number, the mean is right.
#
# Seen, 4 positions, 3 classes, one position padded:
#   right:                     0.9267
#   ignore_index=-100:         0.9267
#   ignore_index=-1, default:  0.6950, three quarters of it
#   99 of 100 positions padded with -1: 0.0039 instead of 0.3919
#
# Matters for: the perplexity of padded batches: it is too good, the more so the more padding.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 tinygrad==0.14.0
DEV=PYTHON venv/bin/python - <<'PY'
import inspect

import numpy as np
from tinygrad import Tensor

assert inspect.signature(Tensor.sparse_categorical_crossentropy).parameters["ignore_index"].default == -1


def losses(logits, labels):
    """Mean loss of the positions whose label is not -1, by hand and as the package has it, told in three ways."""
    rows = [t for t, label in enumerate(labels) if label >= 0]
    log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    right = -np.mean([log_p[t, labels[t]] for t in rows])
    scores, hundred = Tensor(logits), Tensor([-100 if label < 0 else label for label in labels])
    return (right, scores.sparse_categorical_crossentropy(hundred, ignore_index=-100).item(),
            scores.sparse_categorical_crossentropy(Tensor(labels), ignore_index=-1).item(),
            scores.sparse_categorical_crossentropy(Tensor(labels)).item())


rng = np.random.default_rng(0)
for labels in ([0, -1, 1, 2], [1] + [-1] * 99):
    right, hundred, given, default = losses(rng.normal(size=(len(labels), 3)).astype(np.float32), labels)
    share = sum(label >= 0 for label in labels) / len(labels)
    print(f"right {right:.4f}, ignore_index=-100 {hundred:.4f}, ignore_index=-1 {given:.4f}, default {default:.4f}")
    assert abs(hundred - right) < 1e-5 and given == default and abs(given - share * right) < 1e-5
PY
