#!/usr/bin/env bash
# adamw-bf16 0.0.3: the average of gradients forgets 91 % at every step instead of 10 %: momentum is nearly gone.
#
# Packages: adamw_bf16 0.0.3, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: AdamW for bfloat16 that "achieves the same results [...] as training with the weights in float32",
# by stochastic rounding: m := beta1 * m + (1 - beta1) * gradient. With beta1 0.9 a single gradient goes on
# for tens of steps, 0.9, 0.81, ... of it.
#
# Happens: `add_stochastic_(input, other, alpha)` "adds other to input" with "alpha: a multiplier for other", but
# multiplies the input: it gives other + alpha * input. Called for m it makes (1 - beta1) * beta1 * m + gradient:
# what is kept of m is 0.09, not 0.9. With one gradient throughout m is 1 / (1 - 0.09) of it, steps are 1.1 rates.
#
# Seen, rate 0.01, a mean of 4,096 weights
#                                   torch AdamW   AdamWBF16   m of 0.09
#   one gradient of 1, then zeros
#     after 1 step                  -0.0100       -0.0100     -0.0100
#     after 12 steps                -0.0451       -0.0115     -0.0115
#   100 gradients of 1              -1.000        -1.093      -1.098
# beta1 0.5: 0.25 is kept; beta1 0.99: 0.0099.
#
# Matters for: whoever trains in bfloat16 with it: gradients of single batches are not averaged, and a larger beta1
# averages less.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps adamw-bf16==0.0.3
venv/bin/python -W ignore - <<'PY'
import torch
from adamw_bf16 import AdamWBF16
from adamw_bf16.stochastic import add_stochastic_

RATE, BETA2, EPS = 0.01, 0.999, 1e-8
torch.manual_seed(0)


def walk(kind, dtype, gradients, beta1):
    weights = torch.nn.Parameter(torch.zeros(4096, dtype=dtype))
    optimizer, found = kind([weights], lr=RATE, betas=(beta1, BETA2), weight_decay=0), []
    for gradient in gradients:
        weights.grad = torch.full_like(weights, gradient)
        optimizer.step()
        found.append(float(weights.float().mean()))
    return found


def kept(share, gradients):
    """Steps of rate lr along m := share * m + gradient, over the root of Adam's average of squares."""
    m = v = where = 0.0
    for t, gradient in enumerate(gradients, 1):
        m, v = share * m + gradient, BETA2 * v + (1 - BETA2) * gradient**2
        where -= RATE * m / ((v / (1 - BETA2**t)) ** 0.5 + EPS)
    return where


for beta1 in (0.9, 0.5):
    for name, gradients in (("one gradient, then zeros", [1.0] + [0.0] * 11), ("one gradient throughout", [1.0] * 100)):
        right = walk(torch.optim.AdamW, torch.float32, gradients, beta1)
        found = walk(AdamWBF16, torch.bfloat16, gradients, beta1)
        described = kept(beta1 * (1 - beta1), gradients)
        print(f"beta1 {beta1}, {name}: AdamW {right[0]:.4f} {right[-1]:.4f}, AdamWBF16 {found[0]:.4f} {found[-1]:.4f},",
              f"with {beta1 * (1 - beta1):.2f} kept {described:.4f}")
        assert abs(found[-1] - described) < 0.01 * abs(described)
        assert abs(found[-1] - right[-1]) > 0.07 * abs(right[-1])

target = torch.full((4096,), 8.0, dtype=torch.bfloat16)
add_stochastic_(target, torch.full((4096,), 2.0), alpha=0.5)  # 8 + 0.5 * 2 is 9
print("8 with 2 added by alpha 0.5:", float(target.float().mean()))
assert float(target.float().mean()) == 2 + 0.5 * 8
PY
