#!/usr/bin/env bash
# mega-pytorch 0.1.0: damping shortens the moving average that it lengthens in the paper.
#
# Packages: mega-pytorch 0.1.0, einops 0.8.2, scipy 1.17.1, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: Mega's damped moving average (Ma and others 2022) is y[t] = a x[t] + (1 - a d) y[t-1] with
# 0 < a, d < 1: after an impulse each step keeps 1 - a d, which is never less than the 1 - a
# of the plain moving average (d = 1), and more the smaller d is.
#
# Happens: each step keeps (1 - a) d, which is never more than 1 - a, and less the smaller d
# is. With a and d at their means at the start, 1/2, what is left after k steps is 4^-k, where
# the equation gives (3/4)^k. No a and d give a memory as long as a small d gives in the paper
# without also taking in less of the input.
#
# Seen, response to an impulse, a = 1/2, four steps:
#                d = 0.9                         d = 0.5                         d = 0.1
#   the package  0.500 0.225 0.101 0.046         0.500 0.125 0.031 0.008         0.500 0.025 0.001 0.000
#   the paper    0.500 0.275 0.151 0.083         0.500 0.375 0.281 0.211         0.500 0.475 0.451 0.429
#
# Matters for: comparisons of Mega with other recurrences, and weights taken over from the
# authors' code. It trains, and its convolution equals its own recurrence.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 einops==0.8.2 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mega-pytorch==0.1.0
venv/bin/python - <<'PY'
import torch
from mega_pytorch.mega_pytorch import MultiHeadedEMA

A, STEPS = 0.5, 4


def recurrence(keep):
    """The response to an impulse, step by step."""
    y, seen = 0.0, []
    for t in range(STEPS):
        y = A * (t == 0) + keep * y
        seen.append(y)
    return torch.tensor(seen)


impulse = torch.zeros(1, STEPS, 1)
impulse[0, 0] = 1
kept = []
for d in (0.9, 0.5, 0.1):
    average = MultiHeadedEMA(dim=1, heads=1)
    with torch.no_grad():
        average.expansion.fill_(1)
        average.reduction.fill_(1)
        average.alphas.fill_(torch.logit(torch.tensor(A)))
        average.dampen_factors.fill_(torch.logit(torch.tensor(d)))
        seen = average(impulse).flatten()
    paper = recurrence(1 - A * d)
    print(f"d = {d}: package", *(f"{v:.3f}" for v in seen), "  paper", *(f"{v:.3f}" for v in paper))
    assert torch.allclose(seen, recurrence((1 - A) * d), atol=1e-5)
    assert (paper - seen)[1:].min() > 0.03
    kept.append(float(seen[1]))
assert kept[0] > kept[1] > kept[2]  # the smaller d, the less is kept; in the paper the more
PY
