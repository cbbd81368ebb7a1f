#!/usr/bin/env bash
# diffkalman 0.1.1: states drawn from a covariance have none of its correlations and too small
# variances: the second of two coordinates with a correlation of 0.9 has 0.19 for 1.
#
# Packages: diffkalman 0.1.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: `draw_samples(n, mu, P)` draws from the normal distribution with mean mu and
# covariance P, by a Cholesky factor L as documented: mu + L e with independent e.
#
# Happens: the product is `einsum("kk,jk->jk", L, e)`, which takes the diagonal of L alone. The
# covariance of the samples is diag(L)^2: coordinate k keeps of its variance what the ones
# before it do not explain, and which coordinate that is depends on their order.
#
# Seen, 100,000 samples:
#   P                            covariance of the samples
#   1.0  0.9                     1.00  0.00
#   0.9  1.0                     0.00  0.19
#   expected log-likelihood term of z = x1 - x2 + noise of variance 1, E (x1 - x2)^2:
#   right 0.20   found 1.19
#
# Matters for: its training by expectation-maximisation with more than one state: the expected
# log-likelihood is taken over these samples. Position and velocity are always correlated.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps diffkalman==0.1.1
venv/bin/python -W ignore - <<'PY'
import torch
from diffkalman import DiffrentiableKalmanFilter

COUNT = 100_000
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
covariance = torch.tensor([[1.0, 0.9], [0.9, 1.0]])
filtering = DiffrentiableKalmanFilter(2, 1, torch.nn.Identity(), torch.nn.Identity())
samples = filtering.draw_samples(COUNT, torch.zeros(2), covariance)
found = samples.T.cov()
factor = torch.linalg.cholesky(covariance)
right = (torch.randn(COUNT, 2) @ factor.T).T.cov()
print("with the whole factor", right.numpy().round(2).tolist())
print("found                ", found.numpy().round(2).tolist())
assert torch.allclose(right, covariance, atol=0.02)
assert torch.allclose(found, torch.diag(factor.diagonal() ** 2), atol=0.02)
difference = samples[:, 0] - samples[:, 1]
direction = torch.tensor([1.0, -1.0])
exact = float(direction @ covariance @ direction)
print(f"E (x1 - x2)^2: right {exact:.2f}, found {difference.square().mean():.2f}")
assert abs(exact - 0.2) < 1e-9 and difference.square().mean() > 1.1
PY
