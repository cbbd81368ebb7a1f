#!/usr/bin/env bash
# flash-semicrf 0.2.0: the normaliser has a transition before the first label that the
# score has not, so probabilities do not sum to 1.
#
# Packages: flash-semicrf 0.2.0, torch 2.13.0.
#
# Expected: `compute_loss` is documented as log Z - score(y). With `max_duration=1`
# ("behaves like a standard HMM where all segments have duration 1") every labelling is
# one segmentation, and exp(-loss) sums to 1 over all of them.
#
# Happens: the forward pass starts with weight 1 in every label and moves on before the
# first segment, so that a first label c weighs the sum over all labels of
# exp(transition[., c]). The score of the given labels has no such term. All CPU
# backends share the one normaliser. Training then learns to make the columns of the
# transition matrix small, which any loss can be lowered by without end.
#
# Seen, 3 classes, 4 steps, sum of exp(-loss) over the 81 labellings:
#   transitions drawn with scale 1:           0.2441
#   all transitions 0 (as at the start):      0.3333
#   all transitions -2:                       2.4630
# log Z is that of an enumeration with the additional transition, to rounding.
#
# Matters for: every loss of this package: off by log C at the start of training, and a
# likelihood above 1 is reached by lowering all transitions together.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps flash-semicrf==0.2.0
venv/bin/python -W ignore - <<'PY'
from itertools import product
from math import exp, log

import torch
from flash_semicrf import SemiMarkovCRFHead

STEPS, CLASSES = 4, 3
torch.manual_seed(0)
head = SemiMarkovCRFHead(num_classes=CLASSES, max_duration=1, init_scale=1.0).double()
scores = torch.randn(1, STEPS, CLASSES, dtype=torch.float64)
lengths = torch.tensor([STEPS])
paths = list(product(range(CLASSES), repeat=STEPS))


def enumerated(before_first):
    """log Z over every labelling of the scores without their mean over time."""
    moves, bias = head.transition.tolist(), head.duration_bias[0].tolist()
    content = (scores - scores.mean(1, keepdim=True))[0].tolist()
    first = [log(sum(exp(row[c]) for row in moves)) if before_first else 0.0 for c in range(CLASSES)]
    total = 0.0
    for path in paths:
        score = first[path[0]] + sum(content[t][c] + bias[c] for t, c in enumerate(path))
        total += exp(score + sum(moves[a][b] for a, b in zip(path, path[1:])))
    return log(total)


def check(name, expected):
    with torch.no_grad():
        mass = sum(exp(-head.compute_loss(scores, lengths, torch.tensor([p]), use_triton=False).item()) for p in paths)
        found = head(scores, lengths, use_triton=False)["partition"].item()
    print(f"{name:25} {mass:.4f}, log Z {found:.4f}, with {enumerated(True):.4f}, without {enumerated(False):.4f}")
    assert abs(mass - expected) < 5e-5
    assert abs(found - enumerated(True)) < 1e-9
    assert abs(mass - exp(enumerated(False) - enumerated(True))) < 1e-9


check("transitions of scale 1", 0.2441)
torch.nn.init.constant_(head.transition, 0.0)
check("all transitions 0", 1 / 3)
torch.nn.init.constant_(head.transition, -2.0)
check("all transitions -2", exp(2) / 3)
PY
