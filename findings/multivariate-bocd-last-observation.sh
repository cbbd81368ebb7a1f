#!/usr/bin/env bash
# multivariate-bocd 0.1.0: the mean of a run is that of the prior and the last
# observation, however long the run is.
#
# Packages: multivariate-bocd 0.1.0, torch 2.13.0, numpy 2.4.6, pandas 3.1.1.
#
# Expected: Bayesian online change points with a Gaussian-Wishart model. After n
# observations of a run the mean is (kappa0 mu0 + sum x) / (kappa0 + n): the prior
# counts as kappa0 observations and fades. A sequence without a change has one run.
#
# Happens: each step puts the prior's mean, not the run's, beside the new observation:
# (kappa mu0 + x_n) / (kappa + 1), where kappa does count the run. The longer it is, the
# nearer its mean is to mu0 again. The squared distances to that mean keep rising, so a
# change is reported every few steps, for ever.
#
# Seen, 200 draws around (5, 5) with deviation 1, prior mean 0 that counts once:
#   mean of a run of 20                .28  .31                 right 4.50  4.90
#   changes reported in 200 steps      30, 2 to 17 steps apart        none
# With the prior fitted to the data first, as in the example, the data are at mu0.
#
# Matters for: whoever has no data before the first, or has a real change: after it no
# run is ever long, unless the prior is refitted from the one before.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    multivariate-bocd==0.1.0 torch==2.13.0 numpy==2.4.6 pandas==3.1.1
venv/bin/python - <<'PY'
import numpy as np
from multivariate_bocd import BOCD, MultivariateGaussianWishartModel


def model():
    return MultivariateGaussianWishartModel(mu0=[0.0, 0.0], kappa0=1.0, nu0=2.0, T0=np.eye(2))


data = 5 + np.random.default_rng(0).normal(size=(200, 2))
alone = model()
for step, x in enumerate(data[:20]):
    alone.update_params(step + 1, x)
found, right = alone.mu_history[-1].numpy(), data[:20].sum(0) / 21
print(f"mean of a run of 20: {found.round(2)}, right {right.round(2)}")
assert np.allclose(found, data[19] / 21), "the run's mean is kept now"

detector = BOCD(model(), hazard=1 / 250).fit(data)
gaps = np.diff([0, *detector.changepoints])
print(f"{len(gaps)} changes in 200 steps without one, {gaps.min()} to {gaps.max()} steps apart")
assert len(gaps) > 20 and gaps.max() < 20
PY
