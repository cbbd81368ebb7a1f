#!/usr/bin/env bash
# laplace-torch 0.3: the damping of a Kronecker-factored posterior has no effect: with it and without,
# precisions, evidence and variances are the same.
#
# Packages: laplace-torch 0.3, torch 2.13.0 (CPU), numpy 2.4.6, scipy 1.17.1, curvlinops-for-pytorch
# 3.0.1, backpack-for-pytorch 1.7.1, asdfghjkl 0.1a4, torchmetrics 1.9.0, tqdm 4.70.1, opt_einsum
# 3.4.0, einops 0.8.2, einconv 0.1.0, linear_operator 0.6.1, unfoldNd 0.2.3.
#
# Expected: "Damping can be enabled by setting `damping=True`": a "dampen approximation mixing prior and
# Kron partially multiplicatively", with (Q + sqrt(d) I) x (H + sqrt(d) I) in the place of
# Q x H + d I for a prior of precision d.
#
# Happens: the decomposed factors are told of it, and lose it as soon as they are multiplied by the
# weight of the likelihood or the prior is added: both make a new object without the argument. What
# is used is always the product of both, so that it never has an effect.
#
# Seen, a linear layer of 2 by 2 fitted to 50 pairs, prior of precision 4:
#                                     without damping   with damping   damped, from the factors
#   log det of the precision          16.78             16.78          21.40
#   log marginal likelihood           -175.74           -175.74        -178.05
#   mean variance of a prediction     0.0375            0.0375         0.0120
#
# Matters for: whoever compares posteriors with and without: they are one and the same.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 torchmetrics==1.9.0 tqdm==4.70.1 opt_einsum==3.4.0 einops==0.8.2 einconv==0.1.0 linear_operator==0.6.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps laplace-torch==0.3 curvlinops-for-pytorch==3.0.1 backpack-for-pytorch==1.7.1 asdfghjkl==0.1a4 unfoldNd==0.2.3
venv/bin/python -W ignore - <<'PY'
import torch
from laplace import KronLaplace
from torch.utils.data import DataLoader, TensorDataset

PRIOR, POINTS = 4.0, 50
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
x, y = torch.randn(POINTS, 2), torch.randn(POINTS, 2)
model = torch.nn.Linear(2, 2, bias=False)


def fitted(damping):
    posterior = KronLaplace(model, "regression", sigma_noise=1.0, prior_precision=PRIOR, damping=damping)
    posterior.fit(DataLoader(TensorDataset(x, y), batch_size=POINTS))
    variance = posterior(x, pred_type="glm")[1].diagonal(dim1=1, dim2=2).mean()
    return posterior, torch.stack([posterior.log_det_posterior_precision, posterior.log_marginal_likelihood(), variance])


(plain, without), (damped, with_it) = fitted(False), fitted(True)
q, h = damped.H_facs.kfacs[0]  # of the outputs and of the inputs; weight and noise are 1
eye = torch.eye(2)
assert torch.allclose(h * q[0, 0], x.T @ x) and torch.allclose(q, eye * q[0, 0])  # exact for a linear layer


def by_hand(precision):
    """The three numbers that the definition gives for a precision of the four weights."""
    fit = -0.5 * (y - model(x)).square().sum() - y.numel() * torch.log(torch.tensor(2 * torch.pi)) / 2
    weights = model.weight.flatten()
    evidence = fit - 0.5 * (precision.logdet() - 4 * torch.tensor(PRIOR).log() + PRIOR * weights @ weights)
    jacobians = torch.stack([torch.kron(eye, row[None]) for row in x])  # points, outputs, weights
    variance = torch.einsum("ncp,pq,ncq->nc", jacobians, precision.inverse(), jacobians).mean()
    return torch.stack([precision.logdet(), evidence, variance]).detach()


undamped = by_hand(torch.kron(q, h) + PRIOR * torch.eye(4))
right = by_hand(torch.kron(q + PRIOR**0.5 * eye, h + PRIOR**0.5 * eye))
for name, values in (("without", without), ("with damping", with_it), ("damped, by hand", right)):
    print(f"{name:16}", *(f"{float(value):.4f}" for value in values))
assert damped.H.damping and not damped.posterior_precision.damping
assert torch.allclose(without, undamped) and torch.equal(without, with_it)
assert ((right - with_it).abs() > 0.1 * with_it.abs()).sum() >= 2
PY
