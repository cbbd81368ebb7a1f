#!/usr/bin/env bash
# laplace-torch 0.3: sampled functions have one noise for all inputs: of lines through 0 the sample
# has f(1) = f(-1), and Thompson sampling never tries the second best.
#
# Packages: laplace-torch 0.3, torch 2.13.0 (CPU), numpy 2.4.6, scipy 1.17.1, curvlinops-for-pytorch
# 3.0.1, backpack-for-pytorch 1.7.1, asdfghjkl 0.1a4, torchmetrics 1.9.0, tqdm 4.70.1, opt_einsum
# 3.4.0, einops 0.8.2, einconv 0.1.0, linear_operator 0.6.1, unfoldNd 0.2.3.
#
# Expected: `functional_samples(x)`: "Sample from the function-space posterior on input data `x`. Can
# be used, for example, for Thompson sampling". For y = w x the posterior of w is normal, and exactly
# what is fitted; each sample is a line through 0, and f(-1) = -f(1), as with `pred_type="nn"`.
#
# Happens: with `pred_type="glm"`, the default, each input has its own mean and deviation, and the
# same standard normal number for all of them: every pair of inputs has a correlation of 1.
#
# Seen, w with mean 0.05 and deviation 0.5, 4,000 samples:
#                                                exact     nn        glm
#   correlation of f(1) and f(-1)                -1        -1.000    1.000
#   deviation of f(1) - f(-1)                    1.00      1.00      0.00
#   Thompson sampling chooses 1, not -1          0.54      0.53      1.00
#   deviation of the mean over -2, -1, 1, 2      0         0.00      0.77
#
# Matters for: Thompson sampling and batches chosen by samples, and bands of any sum over inputs. At
# each input by itself the samples are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 torchmetrics==1.9.0 tqdm==4.70.1 opt_einsum==3.4.0 einops==0.8.2 einconv==0.1.0 linear_operator==0.6.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps laplace-torch==0.3 curvlinops-for-pytorch==3.0.1 backpack-for-pytorch==1.7.1 asdfghjkl==0.1a4 unfoldNd==0.2.3
venv/bin/python -W ignore - <<'PY'
import math

import torch
from laplace import Laplace
from torch.utils.data import DataLoader, TensorDataset

MEAN, DEVIATION, SAMPLES = 0.05, 0.5, 4000
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)

# Three observations with noise 1 and a prior of precision 1 add up to a precision of 1 / DEVIATION^2.
x = torch.ones(3, 1)
precision = float(x.square().sum()) + 1
assert math.isclose(precision, DEVIATION**-2)
y = torch.full((3, 1), MEAN * precision / 3)
model = torch.nn.Linear(1, 1, bias=False)
with torch.no_grad():
    model.weight.fill_(MEAN)
posterior = Laplace(model, "regression", subset_of_weights="all", hessian_structure="full", sigma_noise=1.0, prior_precision=1.0)
posterior.fit(DataLoader(TensorDataset(x, y), batch_size=3))
assert math.isclose(float(posterior.posterior_precision), precision) and math.isclose(float(posterior.mean), MEAN)

inputs = torch.tensor([[-2.0], [-1.0], [1.0], [2.0]])
chance = 0.5 * (1 + math.erf(MEAN / DEVIATION / 2**0.5))
print(f"exact: f(-1) = -f(1), deviation of the difference {2 * DEVIATION:.2f}, 1 is better with {chance:.2f}")
found = {}
for kind in ("nn", "glm"):
    f = posterior.functional_samples(inputs, pred_type=kind, n_samples=SAMPLES)[..., 0]
    assert torch.allclose(f.mean(0), MEAN * inputs[:, 0], atol=0.06)
    assert torch.allclose(f.std(0), DEVIATION * inputs[:, 0].abs(), rtol=0.05)  # each input by itself
    low, high = f[:, 1], f[:, 2]
    correlation = float(torch.corrcoef(torch.stack([low, high]))[0, 1])
    found[kind] = correlation, float((high - low).std()), float((high > low).double().mean()), float(f.mean(1).std())
    print(kind, *(f"{value:.3f}" for value in found[kind]))
noise = 4 * (chance * (1 - chance) / SAMPLES) ** 0.5
correlation, difference, chosen, total = found["nn"]
assert correlation < -0.999 and abs(difference - 2 * DEVIATION) < 0.05 and abs(chosen - chance) < noise and total < 1e-9
correlation, difference, chosen, total = found["glm"]
assert correlation > 0.999 and difference < 1e-9 and chosen == 1 and abs(total - 1.5 * DEVIATION) < 0.04
joint = posterior(inputs, pred_type="glm", joint=True)[1]
assert torch.allclose(joint, DEVIATION**2 * inputs @ inputs.T)  # the covariance itself is known, and right
PY
