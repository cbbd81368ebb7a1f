#!/usr/bin/env bash
# turbESN 0.0.1.9.5.0: a Kullback-Leibler divergence is divided by the number of bins: with finer bins
# every prediction is better.
#
# Packages: turbESN 0.0.1.9.5.0, torch 2.13.0 (CPU), numpy 2.4.6, scipy 1.17.1, h5py 3.16.0, PyYAML 6.0.4,
# matplotlib 3.11.2.
#
# Expected: `compute_kld(y_true, y_pred, bins)` is the sum over bins of p ln (p / q). Finer bins never
# make it smaller, as two samples can only be told apart better.
#
# Happens: the mean over bins stands for the sum.
#
# Seen, the truth normal, the prediction normal with a mean of 1 (a divergence of 0.5), 1,000,000 each:
#   bins              10       40       160
#   sum, right        0.467    0.500    0.502
#   found             0.0467   0.0125   0.0031
#
# Matters for: comparing with other numbers in nats, and runs with different bins.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 h5py==3.16.0 PyYAML==6.0.4 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps turbESN==0.0.1.9.5.0
venv/bin/python -W ignore - <<'PY'
import torch
from turbESN.util import compute_kld

N = 1_000_000
torch.manual_seed(0)
truth, prediction = torch.randn(N), torch.randn(N) + 1
found = {}
for bins in (10, 40, 160):
    heights, edges = torch.histogram(truth, bins=bins)
    others, _ = torch.histogram(prediction, bins=edges)
    p, q = heights / heights.sum(), others / others.sum()
    terms = torch.where(p > 0, p * torch.log((p + 1e-8) / (q + 1e-8)), torch.zeros(()))
    found[bins] = float(terms.sum()), float(compute_kld(truth, prediction, bins=bins))
    print(f"bins {bins}: sum {found[bins][0]:.4f}, found {found[bins][1]:.4f}")
    assert abs(found[bins][1] * bins - found[bins][0]) < 1e-3
assert abs(found[160][0] - 0.5) < 0.05 and found[160][1] < 0.01
assert found[10][0] < found[40][0] < found[160][0] and found[10][1] > found[40][1] > found[160][1]
PY
