#!/usr/bin/env bash
# online-changepoint-algorithms 0.0.5: a density is compared with a probability of 5 %: in thousandths
# everything is a change, and in thousands nothing is.
#
# Packages: online-changepoint-algorithms 0.0.5, numpy 2.4.6, numba 0.68.1, llvmlite 0.50.0.
#
# Expected: `bocpd_generator(data, mu, kappa, alpha, beta, lamb)`, and the same in Rust, is Bayesian Online
# Change Point Detection with a normal-inverse-gamma prior; it says for each number whether it is a change.
# With data and `mu` times c and `beta` times c^2 it is the same problem: the posterior of the run
# length does not change by a digit, nor should the answer.
#
# Happens: the mean of Student densities at the number, which goes by 1 / c, is called a probability, and 0.05
# or less is a change. What it says of a run length is not asked.
#
# Seen, 200 numbers around 0, then 50 around 4, deviation 1, and the same in other units
#   called a change             data / 1000   data     data * 1000
#   before the change           .000          .015     1.000
#   after it                    .000          .080     1.000
#   run length below 100 at
#   the end, probability        1.000         1.000    1.000
#
# Matters for: losses, rewards and anything else whose deviation is not about 1.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 numba==0.68.1 llvmlite==0.50.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps online-changepoint-algorithms==0.0.5
venv/bin/python -W ignore - <<'PY'
from math import lgamma

import numpy as np
from change_point_algorithms.online_detection.bocpd import bocpd_generator, bocpd_rust_hybrid

MEAN, KAPPA, ALPHA, BETA, STEPS, CHANGE = 0.0, 1.0, 1.0, 1.0, 100.0, 200


def run_lengths(data, mean, beta):
    """The posterior of the run length after the last number, by the usual recursion."""
    weights = np.array([1.0])
    means, kappas, alphas, betas = (np.array([value]) for value in (mean, KAPPA, ALPHA, beta))
    for x in data:
        scale = betas * (kappas + 1) / (alphas * kappas)
        norm = np.array([lgamma(a + 0.5) - lgamma(a) for a in alphas]) - 0.5 * np.log(2 * np.pi * alphas * scale)
        density = np.exp(norm - (alphas + 0.5) * np.log1p((x - means) ** 2 / (2 * alphas * scale)))
        grown = weights * density
        weights = np.r_[grown.sum() / STEPS, grown * (1 - 1 / STEPS)]
        weights /= weights.sum()
        betas = np.r_[beta, betas + kappas * (x - means) ** 2 / (2 * (kappas + 1))]
        means = np.r_[mean, (kappas * means + x) / (kappas + 1)]
        kappas, alphas = np.r_[KAPPA, kappas + 1], np.r_[ALPHA, alphas + 0.5]
    return weights


rng = np.random.default_rng(0)
data = np.r_[rng.normal(0, 1, CHANGE), rng.normal(4, 1, 50)]
found, posteriors = {}, {}
for unit in (1e-3, 1.0, 1e3):
    for kind in (bocpd_generator, bocpd_rust_hybrid):
        changes = np.array(list(kind(data * unit, MEAN * unit, KAPPA, ALPHA, BETA * unit**2, STEPS)))
        found[kind, unit] = changes[:CHANGE].mean(), changes[CHANGE:].mean()
    posteriors[unit] = run_lengths(data * unit, MEAN * unit, BETA * unit**2)
    print(f"data times {unit}: called a change before and after it,", {kind.__name__: tuple(np.round(found[kind, unit], 3)) for kind in (bocpd_generator, bocpd_rust_hybrid)}, f"run length below 100 at the end, probability {posteriors[unit][:100].sum():.4f}")
for kind in (bocpd_generator, bocpd_rust_hybrid):
    assert found[kind, 1e-3] == (0, 0) and found[kind, 1e3] == (1, 1) and 0 < found[kind, 1.0][1] < 1
assert all(np.allclose(posterior, posteriors[1.0]) for posterior in posteriors.values()) and posteriors[1.0][:100].sum() > 0.99
PY
