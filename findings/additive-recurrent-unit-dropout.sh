#!/usr/bin/env bash
# additive-recurrent-unit 0.1.0: dropout has no effect in an encoder, and never any on the input.
#
# Packages: additive-recurrent-unit 0.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `dropout` is the "dropout probability" of the unit, 0.1 by default. In training each of
# two calls draws other inputs, or other states, to leave out.
#
# Happens: the embedded input goes through dropout, but gates and candidates are computed from what
# it was before, and nothing reads the other. The last state goes through dropout, but an encoder
# (`num_classes=None`) returns what it was before. What is left is dropout before a classifier.
#
# Seen, training, two calls with the same input, the largest difference:
#   dropout                                    .1       .5       .9
#   encoder of numbers, last state             0        0        0
#   encoder of numbers, all states             0        0        0
#   encoder of symbols, last state             0        0        0
#   classifier, before its last layer          0        0        0
#   classifier, logits                         > 0      > 0      > 0
#
# Matters for: encoders that overfit, and comparisons with an LSTM of the same dropout.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps additive-recurrent-unit==0.1.0
venv/bin/python -W ignore - <<'PY'
import torch
from aru import ARU

torch.manual_seed(0)
numbers, symbols = torch.randn(4, 12, 32), torch.randint(1, 10, (4, 12))


def difference(call):
    """Largest difference of two calls."""
    with torch.no_grad():
        return (call() - call()).abs().max().item()


for dropout in (0.1, 0.5, 0.9):
    encoder = ARU(32, 32, dropout=dropout, use_embedding=False).train()
    of_symbols = ARU(10, 32, dropout=dropout).train()
    classifier = ARU(10, 32, dropout=dropout, num_classes=3).train()
    assert encoder.training and encoder.dropout.p == dropout
    found = {
        "last state": difference(lambda: encoder(numbers)),
        "all states": difference(lambda: encoder(numbers, return_all_states=True)),
        "of symbols": difference(lambda: of_symbols(symbols)),
        "classifier's state": difference(lambda: classifier(symbols, return_final_state=True)[1]),
    }
    logits = difference(lambda: classifier(symbols))
    print(dropout, found, f"logits {logits:.3f}")
    assert not any(found.values()) and logits > 0
    # The same layer does leave out what it is given.
    assert difference(lambda: encoder.dropout(numbers)) > 0
PY
