#!/usr/bin/env bash
# torchmetrics 1.9.0 and torcheval 0.0.7: the perplexity of logits in half precision is infinite
# as soon as one symbol was 18 nats unlikely, and with bfloat16 it is one to two percent off.
#
# Packages: torchmetrics 1.9.0, torcheval 0.0.7, torch 2.13.0, numpy 2.4.6, packaging 26.4,
# lightning-utilities 0.15.3.
#
# Expected: both take logits, and any floating point type. A cross-entropy of the same logits,
# whose logarithm is taken before anything can underflow, is finite, and adding it up in
# the metric's own float32 state loses nothing.
#
# Happens: both take the softmax in the type of the logits and then its logarithm. In float16
# probabilities below 3e-8 are 0. torchmetrics also adds up all tokens of an update in that
# type, which ends at 65504: 32 rows of 1024 symbols are too many.
#
# Seen, perplexity of float16 logits but for the last line:
#                                               right    torchmetrics    torcheval
#   16 symbols, one of them 16 nats down         5.21        5.19           5.19
#   16 symbols, one of them 18 nats down         5.90         inf            inf
#   4 x 1024 symbols of 1000, one update       893.16      891.56         893.30
#   32 x 1024 symbols of 1000, one update      907.83         inf         907.59
#   4 x 1024 symbols, bfloat16                 893.12      881.17         888.08
#
# Matters for: evaluating under autocast, where logits come in half precision. Convert them first.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 packaging==26.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torchmetrics==1.9.0 torcheval==0.0.7 lightning-utilities==0.15.3
venv/bin/python -W ignore - <<'PY'
import math

import torch
import torcheval.metrics
import torchmetrics.text


def perplexities(logits, target):
    """By cross-entropy in float64, and by the metric of either package."""
    wide = logits.double().flatten(0, 1)
    right = math.exp(torch.nn.functional.cross_entropy(wide, target.flatten()))
    metric = torchmetrics.text.Perplexity()
    metric.update(logits, target)
    other = torcheval.metrics.Perplexity()
    for row in range(len(logits)):  # it takes the square of the number of symbols in memory
        other.update(logits[row : row + 1], target[row : row + 1])
    return right, float(metric.compute()), float(other.compute())


for down in (16.0, 18.0):
    logits = torch.zeros(1, 16, 2, dtype=torch.float16)
    logits[0, 0, 1] = down
    right, found, other = perplexities(logits, torch.zeros(1, 16, dtype=torch.long))
    print(f"16 symbols, one {down} down: right {right:.2f}, torchmetrics {found:.2f}, torcheval {other:.2f}")
    assert math.isinf(found) == math.isinf(other) == (down == 18) and math.isfinite(right)

for rows, kind in ((4, torch.float16), (32, torch.float16), (4, torch.bfloat16)):
    torch.manual_seed(0)
    logits = torch.randn(rows, 1024, 1000)
    target = torch.distributions.Categorical(logits=0.6 * logits).sample()
    right, found, other = perplexities(logits.to(kind), target)
    print(f"{rows} x 1024 symbols in {kind}: right {right:.2f}, torchmetrics {found:.2f}, torcheval {other:.2f}")
    assert math.isinf(found) if rows == 32 else 0.001 < abs(found / right - 1) < 0.03
    assert abs(perplexities(logits[:2], target[:2])[1] / perplexities(logits[:2], target[:2])[0] - 1) < 1e-5, "float32"
PY
