#!/usr/bin/env bash
# aft-pytorch 0.2.2: the position biases of AFTLocal are never trained.
#
# Packages: aft-pytorch 0.2.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: AFT-local (Zhai and others 2021) has a learned bias for each pair of positions less
# than s apart. AFTFull beside it has one for each pair. An optimiser made of a module's parameters,
# as in every training loop, trains them.
#
# Happens: every call of AFTLocal puts a new Parameter, copied number by number, in the old one's
# place. The optimiser keeps the first one, which has no gradient from then on; the new ones have
# gradients and are in no optimiser. What is learnt is an AFT with random fixed biases.
#
# Seen, 20 steps of Adam at 0.1, largest change of the parameters that the module has:
#               biases   queries
#   AFTFull     2.0      1.1
#   AFTLocal    0        1.9      the biases in the optimiser have no gradient in any step
#
# Matters for: comparisons of AFT's variants. The loss falls, since all else is trained.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps aft-pytorch==0.2.2
venv/bin/python -W ignore - <<'PY'
import torch
from aft_pytorch import AFTFull, AFTLocal

SIZE, STEPS = 8, 20
for kind, options in ((AFTFull, {}), (AFTLocal, {"s": 3})):
    torch.manual_seed(0)
    layer = kind(max_seqlen=SIZE, dim=4, hidden_dim=4, **options)
    near = (torch.arange(SIZE)[:, None] - torch.arange(SIZE)).abs() < options.get("s", SIZE)
    first, weights = layer.wbias, layer.to_q.weight.detach().clone()
    biases = first.detach().clone()
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    x = torch.randn(16, SIZE, 4)
    gradients = 0
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = (layer(x) - x.roll(1, dims=1)).square().mean()
        loss.backward()
        gradients += first.grad is not None
        optimizer.step()
    changed = float((layer.wbias.detach() - biases)[near].abs().max())
    queries = float((layer.to_q.weight.detach() - weights).abs().max())
    print(f"{kind.__name__}: biases changed {changed:.2g}, queries {queries:.2g}; steps with a gradient for the optimiser's biases: {gradients}")
    assert queries > 0.1
    if kind is AFTFull:
        assert changed > 0.1 and gradients == STEPS and layer.wbias is first
    else:
        assert changed == 0 and gradients == 0 and layer.wbias is not first
        assert layer.wbias.grad is not None
PY
