#!/usr/bin/env bash
# torch-struct 0.5: `to_event(..., lengths=...)` ignores the lengths, and the
# probability of a padded row is that of its padding too.
#
# Packages: torch-struct 0.5, torch 2.13.0.
#
# Expected: `to_event(labels, classes, lengths)` turns rows of labels into the
# indicators that `log_prob` scores. The docstring of `to_parts`, which does it, says
# that lengths are the lengths of the rows: nothing is set behind them, and
# probabilities over the label sequences of a row sum to 1.
#
# Happens: the method passes `lengths=None` on. The labels behind the end are scored
# with the potentials there, while the partition function is that of the row's own
# length. The two no longer belong together: the probabilities of the 27 sequences of
# 3 labels sum to whatever the padding's potentials say, log probabilities above 0
# included.
#
# Seen, 5 positions, a row of 3, potentials of the padding 0, 1 and 2:
#   to_event, padding 0:  sum of probabilities 1.0000
#   to_event, padding 1:  sum of probabilities 7.3891
#   to_event, padding 2:  sum of probabilities 54.5982
#   to_parts with the lengths, any padding:   1.0000
#
# Matters for: the likelihood of labelled batches, that is every training of a chain
# or segmental model with it: the gradient at padded positions is that of a score
# with no normaliser. Call `LinearChain.to_parts(labels, classes, lengths)` instead.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 torch-struct==0.5
venv/bin/python -W ignore - <<'PY'
from itertools import product

import torch
from torch_struct import LinearChain, LinearChainCRF

LENGTHS, CLASSES = torch.tensor([5, 3]), 3
chain = torch.randn(2, 4, CLASSES, CLASSES, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def total(model, event_of):
    mass = 0.0
    for labels in product(range(CLASSES), repeat=3):
        rows = torch.tensor([[0] * 5, [*labels, 0, 0]])
        mass += model.log_prob(event_of(rows))[1].exp().item()
    return mass


for padding in (0.0, 1.0, 2.0):
    chain[1, 2:] = padding
    model = LinearChainCRF(chain.clone(), lengths=LENGTHS)
    event = total(model, lambda rows: model.to_event(rows, CLASSES, lengths=LENGTHS))
    parts = total(model, lambda rows: LinearChain.to_parts(rows, CLASSES, LENGTHS))
    print(f"padding {padding:.0f}: to_event {event:.4f}, to_parts {parts:.4f}")
    assert abs(parts - 1) < 1e-9
    assert abs(event / torch.tensor(2 * padding).exp().item() - 1) < 1e-6
PY
