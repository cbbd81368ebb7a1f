#!/usr/bin/env bash
# minimamba 1.0.1: the bias of the time step is added twice: steps that are to begin
# between 0.001 and 0.1 begin between 0.000001 and 0.01.
#
# Packages: minimamba 1.0.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: the time step of Mamba (Gu & Dao 2023) is softplus of a projection and its
# bias, and the bias is set so that steps begin between `dt_min` and `dt_max`, as `MambaConfig`
# says. The output of the scan is multiplied by SiLU of the gate. With `generate` as it
# comes, with the cache, the same tokens follow as without it.
#
# Happens: the projection has the bias, and it is added once more. The gate is multiplied
# without SiLU. With the cache, generation raises after the first token ("'Tensor' object
# has no attribute 'roll_'").
#
# Seen, `dt_min` .001, `dt_max` .1, 64 channels, input 0:
#   softplus of the bias     from .00126 to .0965
#   steps that are taken     from .00000158 to .0102
#   layer against the recurrence, with the bias once and SiLU    off by up to .171
#   the same, with the bias twice and no SiLU                    off by 1e-8
#
# Matters for: what a model of it can remember: a channel with step 1e-6 needs a million
# steps to take anything in. And weights of other implementations of Mamba mean something else.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps minimamba==1.0.1
venv/bin/python - <<'PY'
import torch
import torch.nn.functional as F
from minimamba import Mamba, MambaConfig
from minimamba.s6 import S6

torch.manual_seed(0)
config = MambaConfig(d_model=32, n_layer=1, vocab_size=16)
layer = S6(config, layer_idx=0)
taken = {}


def watch(u, step, *rest):
    taken["step"] = step
    return type(layer)._selective_scan_forward(layer, u, step, *rest)


layer._selective_scan_forward = watch
bias = layer.dt_proj.bias


@torch.no_grad()
def recurrence(x, biases, gate):
    """The layer by its definition, step by step."""
    inner, z = layer.in_proj(x).chunk(2, dim=-1)
    padded = F.pad(inner.transpose(1, 2), (config.d_conv - 1, 0))
    inner = F.silu(F.conv1d(padded, layer.conv1d.weight, layer.conv1d.bias, groups=layer.d_inner)).transpose(1, 2)
    low, b, c = layer.x_proj(inner).split([layer.dt_rank, layer.d_state, layer.d_state], dim=-1)
    step = F.softplus(low @ layer.dt_proj.weight.T + biases * bias)
    state, outputs = torch.zeros(len(x), layer.d_inner, layer.d_state), []
    for t in range(x.shape[1]):
        decay = torch.exp(-step[:, t, :, None] * layer.A_log.exp())
        state = decay * state + (step[:, t] * inner[:, t])[..., None] * b[:, t, None]
        outputs.append((state * c[:, t, None]).sum(-1) + layer.D * inner[:, t])
    return layer.out_proj(torch.stack(outputs, dim=1) * gate(z))


with torch.no_grad():
    layer(torch.zeros(1, 3, 32))
    for name, steps in (("softplus of the bias", F.softplus(bias)), ("steps that are taken", taken["step"])):
        print(f"{name}  from {steps.min():.3g} to {steps.max():.3g}")
    assert 0.0009 < F.softplus(bias).min() and taken["step"].min() < 1e-5 and taken["step"].max() < 0.02
    x = torch.randn(2, 12, 32)
    found = layer(x)
    once = (found - recurrence(x, 1, F.silu)).abs().max()
    twice = (found - recurrence(x, 2, lambda z: z)).abs().max()
print(f"off by {once:.3f} with the bias once and SiLU, by {twice:.1g} with the bias twice and no SiLU")
assert once > 0.02 and twice < 1e-5
try:
    Mamba(config).eval().generate(torch.zeros(1, 4, dtype=torch.long), max_new_tokens=3)
except AttributeError as error:
    print("generate with the cache:", error)
else:
    raise AssertionError("generation with the cache works")
PY
