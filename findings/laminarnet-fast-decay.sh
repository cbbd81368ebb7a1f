#!/usr/bin/env bash
# laminarnet 0.7.11: channels that forget fast never forget: once a chunk's decays add up to 20, nothing in it decays any
# more, and states are sums.
#
# Packages: laminarnet 0.7.11, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `GeometricDriftField.forward` is a scan, carry := exp(-dt) * carry + dt * v, with dt between 0.001 and 2,
# and `step()` the same token by token, by "the exact same trained weights".
#
# Happens: within a chunk of 256 the decays since its start are added up and clamped at -20; each state is exp(sum) times
# the sum of v * exp(-sum). From the token on where the clamp sets in all sums are -20: the two factors cancel,
# and the state is the plain sum of all inputs since, until the chunk ends. With dt 0.7 that is token 30.
#
# Seen, a field of 16, random inputs, forward against step, error as a share of the size of step's outputs
#   token                             5      20     40     100    256
#   dt 0.05, as it begins             0      0      0      0      0
#   dt about 0.69 (bias 0)            0      0      3.4    17     49
#   dt about 1.31 (bias 1)            0      1.5    6.5    23     61
# With dt 1 everywhere a change at token 31 is felt 60 tokens later by 0.17; step by step, by e^-60, not at all.
#
# Matters for: trained models: dt is learned and may go to 2, where the clamp is reached after 10 tokens.
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

TOKENS, WIDTH, LIMIT = 256, 16, 20.0
SHOWN = (5, 20, 40, 100, 256)
torch.set_grad_enabled(False)


def make(bias):
    torch.manual_seed(0)
    field = GeometricDriftField(WIDTH, 2, dropout=0.0).eval()
    field.dt_bias.fill_(bias)
    return field


def by_steps(field, inputs):
    state = {"carry": torch.zeros(1, WIDTH), "conv_buf": torch.zeros(1, WIDTH, 3), "pos": 0}
    outputs = []
    for t in range(TOKENS):
        output, state = field.step(inputs[:, t : t + 1], state)
        outputs.append(output)
    return torch.cat(outputs, 1)


torch.manual_seed(1)
inputs = torch.randn(1, TOKENS, WIDTH)
print("token", *SHOWN)
for bias, limits in ((-3.0, (0, 1e-4)), (0.0, (20, 200)), (1.0, (20, 200))):
    field = make(bias)
    whole, steps = field(inputs) - inputs, by_steps(field, inputs) - inputs
    error = (whole - steps).square().mean(-1)[0].sqrt() / steps.square().mean().sqrt()
    print(f"bias {bias:4}:", *(f"{float(error[token - 1]):.2f}" for token in SHOWN))
    assert limits[0] <= error.max() <= limits[1]

# dt is exactly 1 everywhere (the rest of the projection is 0): 20 tokens decay, and from the 21st on none does.
field = make(float(torch.log(torch.expm1(torch.tensor(1.0)))))
field.in_proj.weight[:WIDTH] = 0
kept = []
field.out_proj = torch.nn.Identity()
base = field(inputs) - inputs
for token in (10, 30, 100):
    changed = inputs.clone()
    changed[:, token] += 1.0
    moved = (field(changed) - inputs - base)[0].abs()
    steps = (by_steps(field, changed) - by_steps(field, inputs))[0].abs()
    late = token + 60
    kept.append((float(moved[late].max()), float(steps[late].max())))
    print(f"a change at token {token + 1} is felt at token {late + 1} by {kept[-1][0]:.2g}, step by step by {kept[-1][1]:.2g}")
assert kept[1][0] > 0.01 and kept[2][0] > 0.01 and max(steps for _, steps in kept) < 1e-5
PY
