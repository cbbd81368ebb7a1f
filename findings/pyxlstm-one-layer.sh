#!/usr/bin/env bash
# PyxLSTM 1.0.1: a one-layer sLSTM or mLSTM returns its input, and with two layers it
# raises: the language model made of it sees the last token and nothing else.
#
# Packages: PyxLSTM 1.0.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: `sLSTM(input_size, hidden_size, num_layers)` runs that many recurrent layers
# (Beck et al. 2024), so that an output depends on the steps before it.
#
# Happens: each step goes over the layers zipped with the dropouts between them, one fewer
# than layers, so that the last layer never runs. With one layer none runs: the output is
# the input, in the input's width, and the state an empty list. With more, the layer's
# number is overwritten by the input gate, and comparing it raises for all but a single
# value (`mLSTM` raises before).
#
# Seen:
#   sLSTM, 1 layer of 16 on 8 inputs     output is the input, state []
#   mLSTM, 1 layer of 16 on 8 inputs     output is the input, state []
#   2 layers                             RuntimeError, both
#   xLSTM, 2 blocks of 1 layer           logits after 1 2 3 4 are those after 5 6 7 4
#
# Matters for: comparing xLSTM with other models: it trains, as a bigram model.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps PyxLSTM==1.0.1
venv/bin/python - <<'PY'
import torch
from xLSTM import mLSTM, sLSTM, xLSTM

torch.manual_seed(0)
x = torch.randn(2, 5, 8)
for kind in (sLSTM, mLSTM):
    output, state = kind(8, 16, 1)(x)
    print(f"{kind.__name__}, 1 layer of 16: output is the input: {torch.equal(output, x)}, state {state}")
    assert torch.equal(output, x) and state == []
    try:
        kind(8, 8, 2)(x)
    except RuntimeError as error:
        print(f"{kind.__name__}, 2 layers: {error}")
    else:
        raise AssertionError("two layers run")

model = xLSTM(vocab_size=10, embedding_size=8, hidden_size=8, num_layers=1, num_blocks=2).eval()
with torch.no_grad():
    one, other = (model(torch.tensor([tokens]))[0][0, -1] for tokens in ([1, 2, 3, 4], [5, 6, 7, 4]))
    last = model(torch.tensor([[1, 2, 3, 9]]))[0][0, -1]
print("logits after 1 2 3 4 are those after 5 6 7 4:", torch.equal(one, other))
assert torch.equal(one, other) and not torch.allclose(one, last)
PY
