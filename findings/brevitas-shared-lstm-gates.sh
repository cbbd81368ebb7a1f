#!/usr/bin/env bash
# brevitas 0.13.4: a bidirectional LSTM whose directions share their input weights has the forward
# direction's forget gate for the backward one's input gate, and the other way round.
#
# Packages: brevitas 0.13.4, torch 2.13.0, numpy 2.4.6, dependencies 2.0.1, unfoldNd 0.2.3,
# packaging 26.4.
#
# Expected: `QuantLSTM(..., bidirectional=True, shared_input_hidden_weights=True)` is an LSTM with
# one set of input weights for both directions: W_i, W_f, W_g and W_o of one are those of the other.
# Without quantisers, and with the state of an nn.LSTM of which that is true, its outputs are the same.
#
# Happens: the layer's input gate is made with the weight handed over for the forget gate, and the
# forget gate with the one for the input gate. Loading writes the backward direction's weights last, and
# so changes those of the forward direction as well. With coupled gates, which have no forget
# gate, the input gate's weights are not shared at all.
#
# Seen, 2 inputs, 3 units, all quantisers off, 6 steps of 4 rows; largest difference from nn.LSTM:
#                     forward    backward
#   not shared        0.000      0.000
#   shared            0.105      0.000
#
# Matters for: loading a float model into a quantised one, and hardware made from it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps brevitas==0.13.4 dependencies==2.0.1 unfoldNd==0.2.3 packaging==26.4
venv/bin/python -W ignore - <<'PY'
import torch
from brevitas.nn import QuantLSTM

INPUTS, UNITS = 2, 3
OFF = dict.fromkeys(("weight_quant", "bias_quant", "io_quant", "gate_acc_quant", "sigmoid_quant", "tanh_quant", "cell_state_quant"))
torch.manual_seed(0)
plain = torch.nn.LSTM(INPUTS, UNITS, bidirectional=True)
x = torch.randn(6, 4, INPUTS)


def shares(layer, gates):
    """For each gate of the backward direction, the forward one's gate whose weights it has."""
    forward, backward = ({gate: getattr(way, f"{gate}_gate_params").input_weight for gate in gates} for way in layer)
    return {gate: [name for name in gates if forward[name] is backward[gate]] for gate in gates}


with torch.no_grad():
    plain.weight_ih_l0_reverse.copy_(plain.weight_ih_l0)
    right = plain(x)[0]
    off = {}
    for shared in (False, True):
        model = QuantLSTM(INPUTS, UNITS, bidirectional=True, shared_input_hidden_weights=shared, **OFF)
        model.load_state_dict(plain.state_dict())
        gap = (model(x)[0] - right).abs()
        off[shared] = float(gap[..., :UNITS].max()), float(gap[..., UNITS:].max())
        print(f"shared {shared}: forward {off[shared][0]:.3f}, backward {off[shared][1]:.3f}")

found = shares(model.layers[0], ("input", "forget", "cell", "output"))
coupled = QuantLSTM(INPUTS, UNITS, bidirectional=True, shared_input_hidden_weights=True, coupled_input_forget_gates=True, **OFF)
found_coupled = shares(coupled.layers[0], ("input", "cell", "output"))
print("backward has forward's", found, "coupled", found_coupled)
assert max(off[False]) < 1e-6 and max(off[True]) > 0.05
assert found == {"input": ["forget"], "forget": ["input"], "cell": ["cell"], "output": ["output"]}
assert found_coupled == {"input": [], "cell": ["cell"], "output": ["output"]}
PY
