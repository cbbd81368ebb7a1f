#!/usr/bin/env bash
# pytorch-partial-crf 0.2.1: with a batch of one sequence the loss is not that of the
# partial labels, and the emissions that were passed in are overwritten.
#
# Packages: pytorch-partial-crf 0.2.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: `PartialCRF(emissions, tags)` is the negative log-probability of all
# labellings that agree with the given tags (-1 marks an unknown one), summed over the
# batch. The loss of a batch is then the sum of the losses of its rows, each alone.
#
# Happens: the impossible tags' scores are written into the emissions, which are a copy
# for two rows or more, and for one row the caller's own tensor (transposing an axis of
# length 1 needs no copy). The normaliser, computed afterwards, then leaves out what the
# numerator left out, so that the loss says nothing about any known tag but the first.
# Its gradient is wrong in the same way. `restricted_viterbi_decode` overwrites too.
#
# Seen, 3 tags, 5 steps, two rows with 3 known tags each:
#   row 0: enumeration 1.2451, alone 0.0353, emissions changed in 4 places
#   row 1: enumeration 8.6440, alone 5.6003, emissions changed in 4 places
#   both in a batch: 9.8891, emissions unchanged
#   largest gradient of a layer before it: row alone 0.35601, row given twice 1.29205 a row
#
# Matters for: training with a batch size of 1, the last batch of an epoch, and scoring
# sequence by sequence. Give the row twice and halve, or pass `emissions.repeat(2, 1, 1)`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch-partial-crf==0.2.1
venv/bin/python -W ignore - <<'PY'
from itertools import product
from math import log

import torch
from pytorch_partial_crf import PartialCRF

STEPS, TAGS, UNKNOWN = 5, 3, -1
torch.manual_seed(0)
crf = PartialCRF(TAGS).double()
emissions = torch.randn(2, STEPS, TAGS, dtype=torch.float64)
known = torch.tensor([[0, -1, 2, -1, 1], [1, -1, -1, 0, 2]])


def enumerated(scores, tags):
    total = agreeing = 0.0
    for path in product(range(TAGS), repeat=STEPS):
        score = crf.start_transitions[path[0]] + crf.end_transitions[path[-1]]
        score = score + sum(scores[t, c] for t, c in enumerate(path)) + sum(crf.transitions[pair] for pair in zip(path, path[1:]))
        total += score.exp().item()
        if all(tag in (c, UNKNOWN) for c, tag in zip(path, tags)):
            agreeing += score.exp().item()
    return log(total / agreeing)


right = [enumerated(*row) for row in zip(emissions, known.tolist())]
for row in range(2):
    given = emissions[row : row + 1].clone()
    alone = crf(given, known[row : row + 1]).item()
    changed = (given != emissions[row : row + 1]).sum().item()
    print(f"row {row}: enumeration {right[row]:.4f}, alone {alone:.4f}, emissions changed in {changed} places")
    assert changed == 4 and right[row] - alone > 1
given = emissions.clone()
batch = crf(given, known).item()
print(f"both in a batch: {batch:.4f}, emissions {'unchanged' if (given == emissions).all() else 'changed'}")
assert abs(batch - sum(right)) < 1e-9 and (given == emissions).all()

layer, x = torch.nn.Linear(4, TAGS).double(), torch.randn(1, STEPS, 4).double()
largest = []
for rows in (1, 2):
    layer.zero_grad()
    crf(layer(x.repeat(rows, 1, 1)), known[:1].repeat(rows, 1)).backward()
    largest.append(layer.weight.grad.abs().max().item() / rows)
print(f"largest gradient of a layer before it: row alone {largest[0]:.5f}, row given twice {largest[1]:.5f} a row")
assert abs(largest[0] - 0.35601) < 1e-4 and abs(largest[1] - 1.29205) < 1e-4
PY
