#!/usr/bin/env bash
# torch-sm3 0.1.0: the exponential moving average of squared gradients never falls: after a single
# gradient of 1, steps for gradients of 0.01 stay a thirtieth of what they should be, for ever.
#
# Packages: torch-SM3 0.1.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: "If `beta > 0`, then the updates use exponential moving averages instead" of sums. For a
# vector each number has an accumulator of its own, and SM3 is then RMSProp: v becomes
# beta v + (1 - beta) g^2, and gradients of one size end in steps of the learning rate.
#
# Happens: the step divides by the root of that v, but what is kept for the next one is the larger of v
# and of the v before. Nothing is ever forgotten, which is the one thing that beta is for; the
# denominator is that of AMSGrad without its average, and the largest gradient of the run
# decides all later steps, as in the sums that it replaces.
#
# Seen, one weight, rate 1, beta 0.9, a gradient of 1 and then of 0.01, size of the step:
#   steps after the large one     1       10      50      200
#   RMSProp                       0.033   0.054   0.40    1.00
#   SM3                           0.033   0.033   0.033   0.033
# With beta = 0, the sum, it is Adagrad, as it should be.
#
# Matters for: gradients that fall as a model learns, and a single bad batch: neither is got over.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torch-SM3==0.1.0
venv/bin/python -W ignore - <<'PY'
import torch
from SM3 import SM3

BETA, SMALL, AFTER = 0.9, 0.01, (1, 10, 50, 200)
torch.set_default_dtype(torch.float64)
gradients = [1.0] + [SMALL] * max(AFTER)


def steps(make):
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer, sizes = make([weight]), []
    for gradient in gradients:
        weight.grad, before = torch.tensor([gradient]), weight.item()
        optimizer.step()
        sizes.append(before - weight.item())
    return torch.tensor(sizes)


def average(beta):
    """The rate times gradient over the root of the average, or of the sum for beta = 0."""
    held, sizes = 0.0, []
    for gradient in gradients:
        held = beta * held + (1 - beta) * gradient**2 if beta else held + gradient**2
        sizes.append(gradient / held**0.5)
    return torch.tensor(sizes)


found, right = steps(lambda p: SM3(p, lr=1.0, beta=BETA)), average(BETA)
rms = steps(lambda p: torch.optim.RMSprop(p, lr=1.0, alpha=BETA, eps=0.0))
for after in AFTER:
    print(f"{after:3} steps after the large gradient: by definition {right[after]:.3f}, RMSprop {rms[after]:.3f}, SM3 {found[after]:.3f}")
assert torch.allclose(rms, right)
assert torch.isclose(found[0], right[0]) and torch.isclose(found[1], right[1])
kept = BETA * (1 - BETA) + (1 - BETA) * SMALL**2  # of the largest gradient, at every step
assert torch.allclose(found[1:], torch.tensor(SMALL / kept**0.5), rtol=1e-3)
assert right[-1] > 0.99 and right[-1] > 25 * found[-1]
assert torch.allclose(steps(lambda p: SM3(p, lr=1.0)), average(0))
PY
