#!/usr/bin/env bash
# xlstm 2.0.6: the weights that an sLSTM layer calls its forget gate's are its input gate's, and the other way
# round: a layer told to keep everything forgets.
#
# Packages: xlstm 2.0.6, torch 2.13.0 (CPU), numpy 2.4.6, PyYAML 6.0.3, safetensors 0.8.0, packaging 26.4.
#
# Expected: `fgate` and `igate` of the layer are the input weights of the two gates (Beck and others 2024): what
# `fgate` makes of a step opens the forget gate, c_t = f c_(t-1) + i z. The cell's biases and recurrent
# weights have the order i, f, z, o.
#
# Happens: what the layer hands to the cell in the places i, f, z, o is what `fgate`, `igate`, `zgate` and `ogate`
# make. Biases and recurrent weights are where they belong: the biases that are to begin open are the
# forget gate's, added to the products of `igate`.
#
# Seen, 4 units in one head without recurrence, a first step with an input of 1 and 9 of another kind; `fgate` set
# so that it makes 8 of the other kind, everything else 0; state c / n after 10 steps, of 1 written first
#                                 first number that is left
#   right, forget gate open       0.0998 (the mean of ten is 0.1)
#   found                         0.0000 (each step writes exp(8) over what is there)
#   `igate` set instead           0.0998
#
# Matters for: whoever initialises, freezes, ablates or looks at gates. Training from scratch finds its way.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 PyYAML==6.0.3 safetensors==0.8.0 packaging==26.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps xlstm==2.0.6
venv/bin/python -W ignore - <<'PY'
import torch
from xlstm import sLSTMLayer, sLSTMLayerConfig

UNITS, STEPS = 4, 10
x = torch.zeros(1, STEPS, UNITS)
x[0, 0, 0] = 1.0  # what is written
x[0, 1:, 1] = 1.0  # what comes after


def layer(**weights):
    """Gates of input weights alone: all are 0 but those that are given."""
    made = sLSTMLayer(sLSTMLayerConfig(embedding_dim=UNITS, num_heads=1, conv1d_kernel_size=0, backend="vanilla"))
    for parameter in made.parameters():
        torch.nn.init.zeros_(parameter)
    for name, weight in weights.items():
        getattr(made, name).weight.data[0] = weight
    return made.eval()


def told(made):
    """What comes out of the cell, before the norm: (steps, units)."""
    kept = []
    handle = made.slstm_cell.register_forward_hook(lambda module, inputs, outputs: kept.append(outputs[0]))
    with torch.no_grad():
        made(x)
    handle.remove()
    return kept[0].reshape(STEPS, UNITS).double()


def recurrence(forget, write, cell):
    """The equations: f a sigmoid, i an exponential, the output gate half open."""
    c = n = torch.zeros(UNITS, dtype=torch.float64)
    out = []
    for step in x[0].double():
        f, i = torch.sigmoid(step @ forget.double().T), torch.exp(step @ write.double().T)
        c, n = f * c + i * torch.tanh(step @ cell.double().T), f * n + i
        out.append(0.5 * c / n)
    return torch.stack(out)


zero, opened, cell = (torch.zeros(UNITS, UNITS) for _ in range(3))
opened[:, 1] = 8.0  # of the second input
cell[:, 0] = 8.0  # of the first input: tanh(8) is 1
right, other = recurrence(opened, zero, cell), recurrence(zero, opened, cell)
for name in ("fgate", "igate"):
    found = told(layer(**{name: opened, "zgate": cell}))
    print(f"{name} makes 8: left of the first step {2 * found[-1, 0]:.4f};", f"as forget gate {2 * right[-1, 0]:.4f}, as input gate {2 * other[-1, 0]:.4f}")
    assert (found - (other if name == "fgate" else right)).abs().max() < 1e-4
assert right[-1, 0] > 0.049 and other[-1, 0] < 1e-4
PY
