#!/usr/bin/env bash
# sgd-sai 1.0.3: a parameter of one number, such as the bias of a single output, takes steps of a hundred million
# rates: a linear regression has a
# loss of 1e27 after two steps.
#
# Packages: sgd-sai 1.0.3, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: SGD with momentum whose rate for each parameter is scaled once, by the signal-to-noise ratio of its first
# gradient, norm over standard deviation. One number has no standard deviation; a comment in the code says that
# it is then replaced by 0, and a line beside it, switched off, uses a ratio of the norm itself.
#
# Happens: the ratio is norm / (0 + eps) with `eps` 1e-8: the scale is 1e8 * |gradient| for good.
#
# Seen, 32 samples of y = x w + 3, 16 inputs, rate 0.01
#   losses                       before   1 step     2 steps    30 steps
#   torch SGD, momentum 0.9      21.2     20         18.9       4.25
#   SGD_sai, no bias             21.4     18.4       15.8       5.52
#   SGD_sai, two outputs         27.8     22         17.4       1.77
#   SGD_sai, one output          21.2     1.5e+15    2.4e+27    nan
# The scale of the bias is 623,000,000, that of the weights 3.9.
#
# Matters for: regression and binary classification, value heads, learned temperatures and mixing weights.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps sgd-sai==1.0.3
venv/bin/python -W ignore - <<'PY'
import contextlib
import io

import torch
from sgd_sai import SGD_sai

RATE, STEPS = 0.01, 30


def train(make, outputs, bias):
    torch.manual_seed(0)
    inputs = torch.randn(32, 16)
    wanted = inputs @ torch.randn(16, outputs) + 3
    layer = torch.nn.Linear(16, outputs, bias=bias)
    optimizer, losses = make(layer.parameters()), []
    for _ in range(STEPS + 1):
        loss = (layer(inputs) - wanted).square().mean()
        losses.append(float(loss))
        optimizer.zero_grad()
        loss.backward()
        with contextlib.redirect_stdout(io.StringIO()):
            optimizer.step()
    scales = [float(optimizer.state[p]["gsnr"]) for p in layer.parameters() if "gsnr" in optimizer.state[p]]
    return losses, scales


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=RATE, momentum=0.9, dampening=0.9)


def sai(parameters):
    return SGD_sai(parameters, lr=RATE, weight_decay=0.0)


for name, make, outputs, bias in (("SGD", sgd, 1, True), ("SGD_sai, no bias", sai, 1, False),
                                  ("SGD_sai, two outputs", sai, 2, True), ("SGD_sai", sai, 1, True)):
    losses, scales = train(make, outputs, bias)
    print(f"{name:21}", *(f"{losses[step]:.3g}" for step in (0, 1, 2, STEPS)), "scales", *(f"{s:.3g}" for s in scales))
    if name != "SGD_sai":
        assert losses[STEPS] < losses[2] < losses[1] < losses[0] and all(scale < 100 for scale in scales)
    else:
        assert losses[1] > 1e12 and losses[2] > 1e24 and scales[1] > 1e8 and scales[0] < 100

# One number alone, gradient 2: the first step is lr * (2 / 1e-8) * 2.
weight = torch.nn.Parameter(torch.zeros(1))
optimizer = SGD_sai([weight], lr=RATE, weight_decay=0.0)
weight.grad = torch.full((1,), 2.0)
with contextlib.redirect_stdout(io.StringIO()):
    optimizer.step()
print("a weight of 0, gradient 2, after one step:", float(weight))
assert abs(float(weight) / (-RATE * 2 / 1e-8 * 2) - 1) < 1e-4
PY
