#!/usr/bin/env bash
# opengdn 0.1.0: where a chunk nearly forgets everything, the chunkwise form is another model.
#
# Packages: opengdn 0.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `gated_delta_chunkwise` is documented to have the same outputs and final state
# as `gated_delta`; the size of a chunk is to change the evaluation only. Where the product
# of the gates of a chunk underflows to 0 it takes the step-by-step form by itself.
#
# Happens: what was kept from one step to a later one is worked out as the quotient of two
# products from the beginning of the chunk. Before such a product is 0 it is
# subnormal, a number of few bits: gates of 0.2 have products of 2.5e-45 and 1.4e-45, whose
# quotient is a half. Only 0 itself is looked for, so that these chunks go on with
# quotients that are far off, between the right ones and those that are caught.
#
# Seen, 64 steps, one gate for all, largest difference of the final state from the loop in
# float64, whose largest entry is about 1:
#   gates of    step by step    chunk of 64    chunks of 32
#   0.3         4e-8            1e-7           1e-7
#   0.21        5e-8            9e-4           1e-7
#   0.2         4e-8            4e-2           9e-8
#   0.197       5e-8            1e-1           7e-8
#   0.19        5e-8            5e-8           6e-8
# Matters for: heads with short memory, which is what gates are for, in training and in
# prompts read chunk by chunk; smaller chunks are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps opengdn==0.1.0
venv/bin/python -W ignore - <<'PY'
import torch
import torch.nn.functional as F
from opengdn import gated_delta, gated_delta_chunkwise

ROWS, STEPS, WIDTH = 4, 64, 8
generator = torch.Generator().manual_seed(0)


def drawn(*shape):
    return torch.randn(*shape, generator=generator)


q, k = (F.normalize(drawn(ROWS, STEPS, 1, WIDTH), dim=-1) for _ in "qk")
v, beta = drawn(ROWS, STEPS, 1, WIDTH), torch.rand(ROWS, STEPS, 1, generator=generator)


def loop(alpha):
    """The recurrence S = alpha S (1 - beta k k') + beta v k' in float64: outputs, final state."""
    state, outputs = torch.zeros(ROWS, WIDTH, WIDTH, dtype=torch.float64), []
    for t in range(STEPS):
        query, key, value = (x[:, t, 0].double() for x in (q, k, v))
        a, b = (x[:, t].double()[..., None] for x in (alpha, beta))
        state = a * (state - b * (state @ key[..., None]) * key[:, None]) + b * value[..., None] * key[:, None]
        outputs.append((state @ query[..., None])[..., 0])
    return torch.stack(outputs, 1), state


def errors(alpha, **kwargs):
    outputs, state = loop(alpha)
    found = (gated_delta_chunkwise if kwargs else gated_delta)(q, k, v, alpha, beta, **kwargs)
    return max((found[0][:, :, 0] - outputs).abs().max().item(), 0), (found[1][:, 0] - state).abs().max().item()


for gate in (0.5, 0.3, 0.22, 0.21, 0.2, 0.197, 0.19):
    alpha = torch.full((ROWS, STEPS, 1), gate)
    steps, whole, halves = errors(alpha), errors(alpha, chunk_size=64), errors(alpha, chunk_size=32)
    print(f"gates of {gate}: step by step {steps[1]:.0e}, chunk of 64 {whole[1]:.0e} (outputs {whole[0]:.0e}), chunks of 32 {halves[1]:.0e}")
    assert max(steps + halves) < 1e-5
    assert (max(whole) > 1e-2) == (gate in (0.2, 0.197)) and (max(whole) < 1e-5) == (gate in (0.5, 0.3, 0.19))
print("largest entry of the state:", f"{loop(alpha)[1].abs().max():.2f}")
PY
