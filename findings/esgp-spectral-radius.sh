#!/usr/bin/env bash
# esgp 0.1.0: the recurrent weights are scaled to their spectral radius and thinned out afterwards:
# by default a radius of 0.9 is one of 0.30.
#
# Packages: esgp 0.1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: a cell combines "a fixed, spectrally normalized recurrent matrix with a learned gate".
# `spectral_radius` is the "desired spectral radius" of the weights, of which `sparsity` says how
# many there are. It is the largest size of an eigenvalue of the matrix that is multiplied.
#
# Happens: the full matrix is scaled. What is multiplied is the matrix times a mask, of which a
# share of `sparsity` is one. That leaves about the square root of the share: of 0.9, by the
# default 0.1, a third.
#
# Seen, 400 units, spectral radius 0.9 asked for, of the matrix that a step multiplies:
#   share of weights    1.0     0.5     0.1 (default)    0.02
#   radius found        .900    .652    .295             .131
# Of a small change of the state, without gate and input, this is left after 20 steps, to the power:
#                       .12     .00019  2.5e-11          2.2e-18
#
# Matters for: how long a reservoir remembers; the radius is the option that is to set it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps esgp==0.1.0
venv/bin/python - <<'PY'
import torch
from esgp import ESGPCell

UNITS, RADIUS, STEPS = 400, 0.9, 20
for share in (1.0, 0.5, 0.1, 0.02):
    torch.manual_seed(0)
    cell = ESGPCell(1, UNITS, sparsity=share, spectral_radius=RADIUS).double()
    torch.nn.init.zeros_(cell.gate.weight)
    torch.nn.init.constant_(cell.gate.bias, 100.0)  # the gate is open: the state is tanh(W h)
    nothing = torch.zeros(1, 1, dtype=torch.float64)
    with torch.no_grad():
        # Rows of the Jacobian at 0 by a step each: the matrix that is multiplied.
        small = 1e-6 * torch.eye(UNITS, dtype=torch.float64)
        matrix = cell(nothing.expand(UNITS, 1), small).T / 1e-6
        values, vectors = torch.linalg.eig(matrix)
        found, full = values.abs().max().item(), torch.linalg.eigvals(cell.W).abs().max().item()
        left = found**STEPS
    print(f"share {share}: radius {found:.3f}, of the full matrix {full:.3f}, left after {STEPS} steps {left:.2g}")
    assert abs(full - RADIUS) < 1e-3
    if share == 1.0:
        assert abs(found - RADIUS) < 1e-3
    else:
        assert abs(found / (share**0.5 * RADIUS) - 1) < 0.2
        assert found < 0.75 * RADIUS
PY
