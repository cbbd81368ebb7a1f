#!/usr/bin/env bash
# casmo-optimizer 0.3.0: gradients below 1e-4 count as noise however steady they are: steps are a tenth of Adam's.
#
# Packages: casmo-optimizer 0.3.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: Adam whose steps are scaled by confidence, AGAR = ||E[g]||^2 / (||E[g]||^2 + Var[g]), which "naturally ranges from 0
# (pure noise) to 1 (pure signal)". It is a ratio: a gradient that never changes has 1, whatever its size, and
# CASMO then goes as Adam does.
#
# Happens: `eps`, 1e-8, which is meant for Adam's root, is also the least variance and is added to the denominator. Both are
# squares of gradients: at a gradient of 1e-4 the signal is 1e-8 and AGAR 1/3, at 1e-5 it is 0.005.
#
# Seen, a constant gradient, 300 steps, AGAR, and the way gone in rates (Adam: 300)
#   gradient     1        1e-3     1e-4     1e-5     1e-6
#   AGAR         1        0.98     0.33     0.005    0.00005
#   way          300      292      96       30       30
#   eps 1e-20    300      300      300      300      300
#
# Matters for: losses that are means over many tokens or large layers, where gradients of 1e-5 are usual; a loss multiplied by
# a constant trains differently, which Adam is there to avoid.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps casmo-optimizer==0.3.0
venv/bin/python -W ignore - <<'PY'
import torch
from casmo import CASMO

STEPS, RATE = 300, 1e-3
torch.set_default_dtype(torch.float64)


def walk(make, gradient):
    weight = torch.nn.Parameter(torch.zeros(4))
    optimizer = make([weight])
    for _ in range(STEPS):
        weight.grad = torch.full_like(weight, gradient)
        optimizer.step()
    agar = optimizer._group_states[0]["current_agar"] if isinstance(optimizer, CASMO) else 1.0
    return -float(weight[0]) / RATE, agar


def by_hand(gradient, eps=1e-8):
    """Confidences are AGAR of the raw averages, at least 0.1; each step is Adam's times that."""
    m = v = way = 0.0
    for t in range(1, STEPS + 1):
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        signal, agar = m * m, 0.0
        agar = signal / (signal + max(v - signal, eps) + eps)
        way += min(max(agar, 0.1), 1.0) * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + eps)
    return way, agar


for gradient in (1.0, 1e-3, 1e-4, 1e-5, 1e-6):
    adam = walk(lambda weights: torch.optim.Adam(weights, lr=RATE), gradient)[0]
    way, agar = walk(lambda weights: CASMO(weights, lr=RATE), gradient)
    fine = walk(lambda weights: CASMO(weights, lr=RATE, eps=1e-20), gradient)[0]
    print(f"gradient {gradient:g}: AGAR {agar:.3g}, way in rates {way:.1f}, with eps 1e-20 {fine:.1f}, Adam {adam:.1f}")
    wanted, ratio = by_hand(gradient)
    assert abs(way - wanted) < 0.01 * wanted and abs(agar - ratio) < 0.01 * ratio
    assert adam > 290 and fine > 290
    assert way > 280 if gradient >= 1e-3 else way < 0.45 * adam
PY
