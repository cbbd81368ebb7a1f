#!/usr/bin/env bash
# gateloop-transformer 0.2.5: no gate of GateLoopedAttention goes below a half.
#
# Packages: gateloop-transformer 0.2.5, rotary-embedding-torch 0.9.1, einops 0.8.2, torch 2.13.0 (CPU),
# numpy 2.4.6.
#
# Expected: GateLoop (Katsch 2023) multiplies its state by a = sigmoid(alpha) exp(i beta) with two
# real numbers of the input: a sigmoid of any real number is any number between 0 and 1, so that the
# model can keep all and can drop all.
#
# Happens: the two numbers are taken for a complex one, and the sigmoid is of its absolute value,
# which is not negative: |a| is between 1/2 and 1, whatever weights and input are. What was taken in
# n steps ago counts 2^-n at the least. SimpleGateLoopLayer of the same package has the sigmoid of a
# real number.
#
# Seen, a million random inputs, weights a hundred times as large as they start, |a|:
#   GateLoopedAttention     0.5067 to 1.0000
#   SimpleGateLoopLayer     0.0000 to 1.0000
#
# Matters for: tasks on which the state must be dropped at once (change points, ends of
# sequences), and comparisons with other gated recurrences.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 gateloop-transformer==0.2.5 \
  rotary-embedding-torch==0.9.1 einops==0.8.2
venv/bin/python -W ignore - <<'PY'
import torch
from gateloop_transformer import SimpleGateLoopLayer
from gateloop_transformer import gateloop_transformer as package

DIM, STEPS = 8, 64
seen = {}


def listen(name, operator, gates):
    def wrapped(*given, **options):
        seen.setdefault(name, []).append(gates(given).abs().flatten())
        return operator(*given, **options)

    return wrapped


torch.manual_seed(0)
layer = package.GateLoopedAttention(dim=DIM, heads=DIM, checkpoint_gate_looped_attn=False)
package.gate_loop_operator = listen("GateLoopedAttention", package.gate_loop_operator, lambda g: g[3])
simple = SimpleGateLoopLayer(dim=DIM)
simple.gate_loop_fn = listen("SimpleGateLoopLayer", simple.gate_loop_fn, lambda g: g[2])
with torch.no_grad():
    for parameter in (*layer.to_a.parameters(), *simple.to_qkva.parameters()):
        parameter.mul_(100)
    for _ in range(2000):
        x = torch.randn(1, STEPS, DIM)
        layer(x), simple(x)
for name, gates in seen.items():
    gates = torch.cat(gates)
    print(f"{name}: {gates.min():.4f} to {gates.max():.4f} over {gates.numel():,}")
    assert gates.numel() > 1_000_000 and gates.max() > 0.999
    assert (gates.min() >= 0.5 - 1e-6) if name == "GateLoopedAttention" else (gates.min() < 1e-3)
PY
