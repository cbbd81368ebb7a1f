#!/usr/bin/env bash
# laminarnet 0.7.11: after every 256 tokens the parallel pass lets the state decay by the whole next chunk at once: token
# 257 hardly remembers token 256.
#
# Packages: laminarnet 0.7.11, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `GeometricDriftField.forward` is a scan, carry := exp(-dt) * carry + dt * v, "O(N) Vectorized Parallel
# Scan with [...] inter-chunk carry", and `step()` is the same token by token: "uses the exact same trained weights as
# forward(). No retraining needed!"
#
# Happens: the carry into a chunk of 256 is the sum of what earlier chunks left, times the decay over all chunks up to and
# with the one that it enters; it should be without that one. Each position then multiplies its own decay to it. With
# the weights as they begin (dt about 0.049) a chunk decays by exp(-12), and that much is lost at each border.
#
# Seen, a field of 16, random inputs, forward against step, error as a share of the size of step's outputs
#   token       255    256    257    258    300    512    513    514
#   error       0      0      0.99   0.98   0.14   0      0.75   0.75
# With the carry spoiled in this way the recurrence by hand gives forward's outputs, and without it step's, to 1e-4.
#
# Matters for: training beyond 256 tokens, for which it is meant: what is learned is a memory that is emptied every 256
# tokens, and generation by `step()` runs another model.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps laminarnet==0.7.11
venv/bin/python -W ignore - <<'PY'
import torch
from laminarnet.model import GeometricDriftField

TOKENS, WIDTH, CHUNK = 600, 16, 256
SHOWN = (1, 255, 256, 257, 258, 300, 512, 513, 514)
torch.manual_seed(0)
torch.set_grad_enabled(False)


def by_steps(field, inputs):
    state = {"carry": torch.zeros(1, WIDTH), "conv_buf": torch.zeros(1, WIDTH, 3), "pos": 0}
    outputs = []
    for t in range(inputs.shape[1]):
        output, state = field.step(inputs[:, t : t + 1], state)
        outputs.append(output)
    return torch.cat(outputs, 1)


def recurrence(field, inputs, spoiled):
    """The same by hand in double; `spoiled`: at each new chunk the carry decays by all of that chunk once more."""
    normed = field.norm(inputs)
    mixed = torch.nn.functional.silu(field.conv1d(normed.transpose(1, 2))[..., :TOKENS].transpose(1, 2))
    dt, value, gate = field.in_proj(mixed).chunk(3, -1)
    dt = torch.nn.functional.softplus(dt + field.dt_bias).clamp(0.001, 2.0).double()
    angle = torch.outer(torch.arange(TOKENS), field.rope.inv_freq).double()[None, :, None]
    one, two = value.double().view(1, TOKENS, field.n_heads, -1).chunk(2, -1)
    value = torch.cat([one * angle.cos() - two * angle.sin(), one * angle.sin() + two * angle.cos()], -1).view(1, TOKENS, -1)
    carry, states = torch.zeros(1, WIDTH).double(), []
    for t in range(TOKENS):
        if spoiled and t and t % CHUNK == 0:
            carry = carry * (-dt[:, t : t + CHUNK].sum(1)).exp()
        carry = (-dt[:, t]).exp() * carry + dt[:, t] * value[:, t]
        states.append(carry)
    return inputs + field.out_proj((torch.stack(states, 1) * torch.sigmoid(gate)).float())


field = GeometricDriftField(WIDTH, 2, dropout=0.0).eval()
inputs = torch.randn(1, TOKENS, WIDTH)
whole, steps = field(inputs) - inputs, by_steps(field, inputs) - inputs
size = float(steps.square().mean().sqrt())
error = (whole - steps).square().mean(-1)[0].sqrt() / size
print("token", *SHOWN)
print("error", *(f"{float(error[token - 1]):.3f}" for token in SHOWN))
assert (steps + inputs - recurrence(field, inputs, spoiled=False)).abs().max() < 1e-4
assert (whole + inputs - recurrence(field, inputs, spoiled=True)).abs().max() < 1e-4
assert error[:CHUNK].max() < 1e-4 and error[CHUNK] > 0.5 and error[2 * CHUNK] > 0.5
assert error[CHUNK + 150 : 2 * CHUNK].max() < 0.01  # forgotten anyhow
PY
