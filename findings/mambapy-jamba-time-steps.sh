#!/usr/bin/env bash
# mambapy 1.2.0: time steps of a Jamba language model all begin at ln 2, whatever dt_min and dt_max say: its
# states begin with a memory of one step instead of up to a thousand.
#
# Packages: mambapy 1.2.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `JambaLMConfig` has `dt_min` 0.001, `dt_max` 0.1, `dt_init` and `dt_scale`, as Mamba
# (Gu and Dao 2023, section 3.6) has them: the biases are set so that time steps begin spread out
# between the two, and states decay by exp(-step * n), n from 1 to 16.
#
# Happens: each Mamba block is made so. Then `JambaLM` initialises all linear layers of the model once more, and
# those of the time steps with them: their biases become 0, and softplus(0) is ln 2.
#
# Seen, 2 layers of 32: steps as they begin, and what is left of the slowest state after 100 tokens
#                                        steps             left
#   MambaBlock alone                     0.001 to 0.096    0.88
#   JambaLM                              0.693             8e-31
#   JambaLM, dt_min 1e-4, dt_max 1e-3    0.693             8e-31
#   JambaLM, biases put back by hand     0.0001 to 0.001   0.99
#
# Matters for: tasks that need memory, and comparisons of these settings: runs with all of them are one run.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mambapy==1.2.0
venv/bin/python -W ignore - <<'PY'
import math

import torch
from mambapy.jamba import JambaLM, JambaLMConfig
from mambapy.mamba import MambaBlock, MambaConfig

TOKENS = 100
SHAPE = {"d_model": 32, "n_layers": 2, "mlp_size": 32, "vocab_size": 8, "num_experts": 2, "num_attention_heads": 2}


def blocks(model):
    return [module for module in model.modules() if isinstance(module, MambaBlock)]


@torch.no_grad()
def begin(name, model):
    """Time steps at an input of 0, and the share of the slowest state that is left after 100 of them."""
    steps = torch.cat([torch.nn.functional.softplus(block.dt_proj.bias) for block in blocks(model)])
    decay = torch.cat([block.A_log.exp().amin(1) for block in blocks(model)])
    left = float((-steps * decay * TOKENS).exp().max())
    print(f"{name:36} steps {steps.min():.4g} to {steps.max():.4g}, left after {TOKENS} tokens {left:.2g}")
    return steps, left


torch.manual_seed(0)
steps, left = begin("MambaBlock", MambaBlock(MambaConfig(d_model=32, n_layers=1)))
assert 0.001 <= steps.min() and steps.max() <= 0.1001 and left > 0.8
for settings in ({}, {"dt_scale": 10.0}, {"dt_min": 1e-4, "dt_max": 1e-3}):
    model = JambaLM(JambaLMConfig(num_key_value_heads=1, **SHAPE, **settings))
    steps, left = begin(f"JambaLM {settings}", model)
    assert len(blocks(model)) == 2 and (steps - math.log(2)).abs().max() < 1e-6 and left < 1e-29

low, high = math.log(1e-4), math.log(1e-3)
for block in blocks(model):
    wanted = (low + (high - low) * torch.rand_like(block.dt_proj.bias)).exp()
    block.dt_proj.bias.data = torch.log(torch.expm1(wanted.double())).float()  # the inverse of softplus
steps, left = begin("JambaLM, biases put back by hand", model)
assert 0.99e-4 < steps.min() and steps.max() < 1.01e-3 and left > 0.98
PY
