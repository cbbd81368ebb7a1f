#!/usr/bin/env bash
# mps-linear-attn 0.1.0: sequences that are packed into one run into each other: where they begin
# is accepted and not used, and neither are the decays of keys and values.
#
# Packages: mps-linear-attn 0.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: it installs itself in the place of flash-linear-attention, as a "drop-in replacement".
# There `cu_seqlens` says where the sequences of a packed row begin, each from a state of zero, or
# from its own, and `gk` and `gv` are decays of each component of keys and values.
#
# Happens: `chunk_gated_delta_rule` and `fused_recurrent_gated_delta_rule` take these and never look
# at them. The state of a sequence goes on into the next one. (Seen on the CPU; the path for Apple's
# GPUs stands in the same functions, and does not read them either.)
#
# Seen, sequences of 5 and 7 steps in one row; root mean squared difference from each sequence by
# itself, divided by that of its outputs:
#                       first    second
#   chunk               0        .31
#   recurrent           0        .31
#   the final states    one, where two sequences have one each
#   recurrent, keys that decay by half a step: as without the decay
#
# Matters for: training on packed documents, and layers with decays by component.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation mps-linear-attn==0.1.0
venv/bin/python -W ignore - <<'PY'
import torch
from mps_linear_attn import chunk_gated_delta_rule, fused_recurrent_gated_delta_rule

torch.manual_seed(0)
FIRST, SECOND, HEADS, WIDTH = 5, 7, 2, 4
steps = FIRST + SECOND
q, k, v = (torch.randn(1, steps, HEADS, WIDTH) for _ in range(3))
k = k / k.norm(dim=-1, keepdim=True)
g, beta = -0.1 * torch.rand(1, steps, HEADS), torch.rand(1, steps, HEADS)
starts = torch.tensor([0, FIRST, steps])


def by_hand(q, k, v, g, beta, decay=None):
    """The gated delta rule, one step after the other, from a state of zero."""
    state, outputs = torch.zeros(HEADS, WIDTH, WIDTH), []
    for t in range(q.shape[1]):
        state = state * g[0, t].exp()[:, None, None]
        if decay is not None:
            state = state * decay[0, t].exp()[:, :, None]
        found = torch.einsum("hk,hkv->hv", k[0, t], state)
        state = state + torch.einsum("hk,hv->hkv", k[0, t], beta[0, t][:, None] * (v[0, t] - found))
        outputs.append(torch.einsum("hk,hkv->hv", q[0, t], state) * WIDTH**-0.5)
    return torch.stack(outputs)[None]


whole = (q, k, v, g, beta)
pieces = [slice(0, FIRST), slice(FIRST, steps)]
for rule in (chunk_gated_delta_rule, fused_recurrent_gated_delta_rule):
    found, final = rule(*whole, cu_seqlens=starts, output_final_state=True)
    differences = []
    for piece in pieces:
        cut = [each[:, piece] for each in whole]
        right = by_hand(*cut)
        assert torch.allclose(rule(*cut)[0], right, atol=1e-5)
        differences.append(((found[:, piece] - right).square().mean() / right.square().mean()).sqrt().item())
    print(rule.__name__, *(f"{value:.2f}" for value in differences), "final states", final.shape[0])
    assert differences[0] < 1e-5 and differences[1] > 0.2 and final.shape[0] == 1
    assert torch.equal(found, rule(*whole)[0])

decay = torch.full((1, steps, HEADS, WIDTH), 0.5).log()
found, right = fused_recurrent_gated_delta_rule(*whole, gk=decay)[0], by_hand(*whole, decay=decay)
print(f"decay of keys: difference {((found - right).square().mean() / right.square().mean()).sqrt():.2f}")
assert torch.allclose(found, by_hand(*whole), atol=1e-5) and not torch.allclose(found, right, atol=0.1)
PY
