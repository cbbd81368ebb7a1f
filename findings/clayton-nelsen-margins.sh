#!/usr/bin/env bash
# clayton 0.0.4: samples of two Archimedean copulas, Nelsen's 14th and 15th, have margins that are not uniform.
#
# Packages: clayton 0.0.4, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `sample_unimargin` draws from the copula, "with uniform margins", as its documentation says: one value in
# ten is below .1, the mean is .5, and Kendall's tau is that of the generator, 1 - 2 / (1 + 2 theta) for the 14th and
# 1 - 2 / (2 theta - 1) for the 15th (Nelsen, An Introduction to Copulas, table 4.1).
#
# Happens: both are drawn by the conditional distribution, which needs the generator's derivative, and in it theta
# stands where 1 / theta should. Generator and inverse are right, and so are the other copulas drawn in this way.
#
# Seen, 20,000 pairs, seed 1            mean of both margins   part below .1    tau, and the copula's
#   Nelsen12, theta 2 (for comparison)   .497  .497             .101  .102      .67   .67
#   Nelsen14, theta 2                    .562  .562             .058  .060      .58   .60
#   Nelsen14, theta 3                    .554  .554             .063  .065      .71   .71
#   Nelsen15, theta 2                    .565  .566             .087  .082      .46   .33
#   Nelsen15, theta 3                    .577  .577             .064  .063      .65   .60
#
# Matters for: simulations of dependence. Every quantile of a marginal that is put on these is off: of events that
# should come in one case of ten, up to four in ten are missing.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 clayton==0.0.4
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from clayton.rng import archimedean
from scipy.stats import kendalltau

print("clayton", version("clayton"), "numpy", np.__version__)
T = np.linspace(0.05, 0.95, 19)


def draws(name, theta):
    copula = getattr(archimedean, name)(theta=theta, n_samples=20_000, dim=2)
    assert np.allclose(copula._generator_inv(copula._generator(T)), T)
    slope = (copula._generator(T + 1e-6) - copula._generator(T - 1e-6)) / 2e-6
    np.random.seed(1)
    pairs = copula.sample_unimargin()
    rank = kendalltau(pairs[:, 0], pairs[:, 1])[0]
    means, low = pairs.mean(0), (pairs < 0.1).mean(0)
    print(name, theta, means.round(3), low.round(3), round(rank, 2))
    return means, low, rank, np.abs(copula._generator_dot(T) / slope - 1).max()


ERROR = 5 * np.sqrt(0.09 / 20_000)  # five standard errors of a part of one in ten
means, low, rank, off = draws("Nelsen12", 2.0)
assert off < 1e-4 and np.abs(low - 0.1).max() < ERROR and np.abs(means - 0.5).max() < 0.01
assert abs(rank - (1 - 2 / 6)) < 0.02
for name, tau in (("Nelsen14", lambda theta: 1 - 2 / (1 + 2 * theta)), ("Nelsen15", lambda theta: 1 - 2 / (2 * theta - 1))):
    for theta in (2.0, 3.0):
        means, low, rank, off = draws(name, theta)
        print("   the copula's tau", round(tau(theta), 2), "derivative off by a factor of up to", round(off, 2))
        assert off > 0.3 and (means > 0.54).all() and (low < 0.1 - ERROR).all()
PY
