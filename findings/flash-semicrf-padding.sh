#!/usr/bin/env bash
# flash-semicrf 0.2.0: loss and decoding of a sequence depend on the padding behind it,
# and a score added to one class changes nothing.
#
# Packages: flash-semicrf 0.2.0, torch 2.13.0.
#
# Expected: `SemiMarkovCRFHead` takes scores of shape (batch, T, C) and `lengths`; a
# row ends at its length, as in every other conditional random field. Scores that
# prefer a class at every step by the same amount prefer that class.
#
# Happens: before the cumulative sums the mean over time is taken from the scores of
# each class "to prevent magnitude drift". The mean is over all T steps, padding
# included, and it is a mean for each class, so that what is taken away is not the same
# for all labellings and does not cancel in the probability: it is the model that
# changes. What stands in the padding, and how much of it, moves the loss and the
# decoded segments of the valid part; a constant preference for a class is removed
# whole, so a bias of the projection learns nothing and the share of the classes in a
# sequence is never used. With T = 1 nothing is taken away. All backends on CPU agree.
#
# Seen, a row of 3 steps in a batch of 8, loss and decoded labels:
#   alone, no padding         7.1035  1 1 1
#   5 steps of padding of 0   7.6158  1 1 1
#   5 steps of padding of 8   11.8059  1 1 1
#   5 steps of padding of -2  8.1927  0 0 0
#   alone, +100 for class 0   7.1035  1 1 1
# The number stands in the padding's scores for class 0; those of the others are 0. With
# the 100, the best labelling by enumeration is 0 0 0.
#
# Matters for: any batch of unequal lengths, and comparing the same sequence between
# batches. Use batches of one length; nothing brings the constant back.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps flash-semicrf==0.2.0
venv/bin/python -W ignore - <<'PY'
from itertools import product

import torch
from flash_semicrf import SemiMarkovCRFHead

torch.manual_seed(0)
row, other = torch.randn(1, 3, 3, dtype=torch.float64), torch.randn(1, 8, 3, dtype=torch.float64)
labels = torch.tensor([[0, 1, 2]])
head = SemiMarkovCRFHead(num_classes=3, max_duration=1, init_scale=1.0).double()


def report(name, scores, lengths, targets):
    loss = head.compute_loss(scores, lengths, targets, use_triton=False, reduction="none")[0].item()
    segments = head.decode_with_traceback(scores, lengths, use_triton=False).segments[0]
    decoded = tuple(segment.label for segment in segments)
    print(f"{name:25} {loss:.4f} ", *decoded)
    return loss, decoded


def padded(value):
    padding = torch.tensor([[[value, 0.0, 0.0]] * 5], dtype=torch.float64)
    batch = torch.cat([torch.cat([row, padding], 1), other])
    targets = torch.zeros(2, 8, dtype=torch.long)
    targets[0, :3] = labels
    return report(f"padding of {value:.0f}", batch, torch.tensor([3, 8]), targets)


alone = report("alone", row, torch.tensor([3]), labels)
rows = [padded(value) for value in (0.0, 8.0, -2.0)]
shifted = report("alone, +100 for class 0", row + torch.tensor([100.0, 0, 0], dtype=torch.float64), torch.tensor([3]), labels)
assert all(abs(loss - alone[0]) > 0.1 for loss, _ in rows)
assert len({decoded for _, decoded in rows}) > 1
assert abs(shifted[0] - alone[0]) < 1e-9 and shifted[1] == alone[1]

weights, bias = head.transition.detach(), head.duration_bias.detach()[0]
best = max(
    product(range(3), repeat=3),
    key=lambda path: sum((row[0, t, c] + 100 * (c == 0) + bias[c]).item() for t, c in enumerate(path))
    + sum(weights[a, b].item() for a, b in zip(path, path[1:])),
)
print("best labelling by enumeration with +100:", *best)
assert best == (0, 0, 0) != shifted[1]
PY
