#!/usr/bin/env bash
# bnn-pytorch 1.0.0: with several samples a step the divergence from the prior counts as often as
# there are samples, the likelihood once: more samples mean a stronger prior.
#
# Packages: bnn-pytorch 1.0.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `BayesNetTrainer.fit(..., samples=S)` minimises the divergence plus the mean over S samples
# of -log p(y | x, w). S makes the estimate less noisy and changes nothing else: for a linear
# model with a normal prior the best posterior has the precision of the prior plus the sum of x^2.
#
# Happens: every forward pass in training adds the layer's divergence to what is held already, and it is
# set to zero once a step, before all of them. The loss is S times the divergence plus the mean
# likelihood: what is fitted is the posterior for S times less data. (A layer that is used T
# times in a pass, as in a recurrent network, counts T times as well.)
#
# Seen, y = w x + noise of variance 1, 20 observations with a sum of x^2 of 20, prior N(0, 1): exact
# posterior mean 1.905, standard deviation 0.218; trained for 1500 steps:
#   samples   divergence in the loss   mean   deviation
#   1         1 time                   1.92   0.22
#   4         4 times                  1.67   0.41
#   16        16 times                 1.12   0.66
#
# Matters for: whoever takes more samples for quieter gradients: with 16 the weight goes nearly half of
# the way back to the prior. Divide the divergence by the number of samples.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bnn-pytorch==1.0.0
venv/bin/python -W ignore - <<'PY'
import math

import torch
from bnn.distributions.posteriors import DiagonalNormal
from bnn.distributions.priors import DiagonalNormal as Prior
from bnn.layers.linear_layers import BLinear
from bnn.utils.bayesnet import BayesNetTrainer
from bnn.utils.general import KLLoss

ROWS, STEPS = 20, 1500
torch.manual_seed(0)
x = torch.randn(ROWS, 1)
x *= (ROWS / (x**2).sum()).sqrt()
noise = torch.randn(ROWS, 1)
y = 2 * x + noise - x * (x * noise).sum() / (x**2).sum()  # the best weight is 2


class Likelihood(torch.nn.Module):
    def forward(self, output, target):
        return ((output - target) ** 2).sum() / 2


for samples in (1, 4, 16):
    torch.manual_seed(1)
    posterior = DiagonalNormal(mean=torch.zeros(1, 1), rho=torch.zeros(1, 1))
    net = BLinear(1, 1, weight_prior=Prior(0, 1), weight_posterior=posterior, bias=False)
    trainer = BayesNetTrainer(net, learning_rate=0.02, crit=KLLoss(Likelihood()), task="regression")
    means, deviations = [], []
    for step in range(STEPS):
        trainer.fit(x, y, batch_idx=0, total_batches=1, samples=samples)
        if step >= STEPS // 2:
            means.append(posterior.get_mean().item())
            deviations.append(posterior.get_std().item())
    mean, deviation = sum(means) / len(means), sum(deviations) / len(deviations)
    mu, sigma = posterior.get_mean().item(), posterior.get_std().item()
    divergence = (sigma**2 + mu**2) / 2 - 0.5 - math.log(sigma)
    net.zero_kl_div()
    for _ in range(samples):
        net(x)
    times = net.get_kl_div().item() / divergence
    print(f"{samples:2} samples: divergence {times:.2f} times, mean {mean:.3f}, deviation {deviation:.3f}")
    exact, stronger = 1 / (1 + ROWS), 1 / (samples + ROWS)
    print(f"    exact {2 * ROWS * exact:.3f} and {exact**0.5:.3f}; with the prior {samples} times {2 * ROWS * stronger:.3f} and {(samples * stronger) ** 0.5:.3f}")
    assert abs(times - samples) < 1e-3
    assert abs(mean - 2 * ROWS * stronger) < 0.03 and abs(deviation - (samples * stronger) ** 0.5) < 0.03
PY
