#!/usr/bin/env bash
# diffkalman 0.1.1: expectation-maximisation draws neighbouring states independently of each
# other: the noise of the state is estimated at more than three times the likeliest.
#
# Packages: diffkalman 0.1.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: the package trains by "Stochastic Variational Inference (SVI), which is
# mathematically equivalent to the classical Expectation-Maximization (EM) algorithm". The
# M-step needs E (x[t] - f(x[t-1]))^2 given all observations, in which the two states are
# correlated; the smoothing gains, which the package has computed, give that correlation.
#
# Happens: the expectation is taken over x[t] and x[t-1] drawn from their own smoothed
# distributions, each for itself. The covariance of the two is missing: for a random walk
# E (x[t] - x[t-1])^2 is too large by twice the covariance at every step, and estimation
# moves away from the maximum of the likelihood that it reports on the way.
#
# Seen, a random walk of 300 steps, state noise 0.5, observation noise 1 (known), from 0.5 on:
#                          variance of the state noise    log-likelihood
#   likeliest                         0.38                   -510.4
#   EM, right, 60 iterations          0.38                   -510.4
#   EM of the package                 1.39                   -532.7
#
# Matters for: every model that is trained with it. One dimension has no part in what
# `diffkalman-samples-uncorrelated` finds.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps diffkalman==0.1.1
venv/bin/python -W ignore - <<'PY'
import math

import torch
from diffkalman import DiffrentiableKalmanFilter

STEPS, TRUE, OBSERVED, ITERATIONS = 300, 0.5, 1.0, 60
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
walk = torch.cumsum(TRUE**0.5 * torch.randn(STEPS, 1), 0)
z = walk + OBSERVED**0.5 * torch.randn(STEPS, 1)


class Same(torch.nn.Module):
    def forward(self, x):
        return x


filtering = DiffrentiableKalmanFilter(1, 1, Same(), Same(), mc_samples=200)
start = {"x0": torch.zeros(1), "P0": torch.eye(1)}


def noises(variance):
    return torch.full((STEPS, 1, 1), float(variance)), torch.full((STEPS, 1, 1), OBSERVED)


def likelihood(variance):
    state, observed = noises(variance)
    return float(filtering.marginal_log_likelihood(z, **start, Q=state, R=observed))


def smooth(variance):
    state, observed = noises(variance)
    return filtering.sequence_smooth(z, **start, Q=state, R=observed)


def right_step(variance):
    """The M-step with the covariance of neighbours, gain times smoothed variance."""
    s = smooth(variance)
    means = torch.cat([s["x0_smoothed"][None], s["x_smoothed"]])[:, 0]
    spread = torch.cat([s["P0_smoothed"][None], s["P_smoothed"]])[:, 0, 0]
    together = s["smoothing_gain"][:, 0, 0] * spread[1:]
    return float((means.diff() ** 2 + spread[1:] + spread[:-1] - 2 * together).mean())


def package_step(variance):
    """The exact maximum of the package's expected log-likelihood, -T/2 ln Q - S / (2 Q)."""
    s, values = smooth(variance), []
    for tried in (1.0, 2.0):
        torch.manual_seed(1)
        state, observed = noises(tried)
        parts = {name: s[name] for name in ("x0_smoothed", "P0_smoothed", "x_smoothed", "P_smoothed")}
        values.append(float(filtering.monte_carlo_expected_joint_log_likekihood(z, **start, **parts, Q_seq=state, R_seq=observed)))
    return 4 * (values[1] - values[0] + STEPS / 2 * math.log(2)) / STEPS


grid = [0.2 + 0.01 * i for i in range(61)]
best = max(grid, key=likelihood)
print(f"likeliest {best:.2f}  log-likelihood {likelihood(best):.1f}")
ends = {}
for name, step, times in (("EM, right", right_step, ITERATIONS), ("EM of the package", package_step, ITERATIONS // 3)):
    variance = TRUE
    for _ in range(times):
        variance = step(variance)
    ends[name] = variance
    print(f"{name}: {variance:.2f}  log-likelihood {likelihood(variance):.1f}")
assert abs(ends["EM, right"] - best) < 0.02
assert ends["EM of the package"] > 2 * best and likelihood(ends["EM of the package"]) < likelihood(best) - 10
PY
