#!/usr/bin/env bash
# torch-struct 0.5: the partition function of a semi-Markov chain depends on the
# shortest sequence of its batch.
#
# Packages: torch-struct 0.5, torch 2.13.0.
#
# Expected: `SemiMarkovCRF(log_potentials, lengths)` masks each row by its own
# length. A row of full length has the same partition function, whatever stands
# beside it.
#
# Happens: the chart that carries a segment on over the positions that it spans is
# filled up to the shortest length of the batch only. Longer rows lose segmentations
# whose segments span positions behind it. The row with the shortest length is right,
# the others are too low: their probabilities sum to more than 1, and `max` and
# `argmax` are of what is left.
#
# Seen, row of 6 positions, 2 labels, segments of 1 to 3, log partition and max:
#   enumeration             5.9990  3.7257
#   beside a row of 6       5.9990  3.7257
#   beside a row of 5       5.2434  2.8437
#   beside a row of 4       4.4765  2.8125
#   beside a row of 3       3.6866  1.9984
#   beside a row of 2       3.4813  1.9984
#
# Matters for: training and decoding of segmental models in batches of sequences of
# unequal length, the only case that `lengths` is for. Batch by equal length.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 torch-struct==0.5
venv/bin/python -W ignore - <<'PY'
import math

import torch
from torch_struct import SemiMarkovCRF

NODES, WIDTH, LABELS = 6, 4, 2
potentials = torch.randn(2, NODES - 1, WIDTH, LABELS, LABELS, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
table = potentials[0].tolist()


def scores(node, label):
    """Scores of all ways from a label at a node to the last node, a segment at a time."""
    if node == NODES - 1:
        return [0.0]
    return [
        table[node][width][after][label] + rest
        for width in range(1, min(WIDTH, NODES - node))
        for after in range(LABELS)
        for rest in scores(node + width, after)
    ]


ways = [score for label in range(LABELS) for score in scores(0, label)]
right, best = math.log(sum(map(math.exp, ways))), max(ways)
print(f"enumeration         {right:.4f}  {best:.4f}")
last = math.inf
for beside in (6, 5, 4, 3, 2):
    model = SemiMarkovCRF(potentials.clone(), lengths=torch.tensor([NODES, beside]))
    found, top = model.partition[0].item(), model.max[0].item()
    print(f"beside a row of {beside}   {found:.4f}  {top:.4f}")
    assert found < last - 0.05, "it no longer falls with the shortest row"
    assert (abs(found - right) < 1e-9) == (beside == NODES)
    assert top < best + 1e-9
    last = found
assert top < best - 0.05
PY
