#!/usr/bin/env bash
# mvgarch 2.0.2: covariances of simple returns lack half of the variances: a correlation of .27 comes out as .23.
#
# Packages: mvgarch 2.0.2, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.8.
#
# Expected: `DCCGARCH.log_2_simple(mu, sigma)` takes mean and covariance of logarithmic returns to those of simple
# ones; forecasts for several days are given so. For normal logarithms the covariance of two is
# exp(mu_i + mu_j + (s_ii + s_jj) / 2) (exp(s_ij) - 1).
#
# Happens: the first exponential has s_ij in the place of (s_ii + s_jj) / 2. Both are the same for i = j only, so that
# variances are right and covariances are not; they are too small for all positive correlations below 1 of assets
# alike, and too small by more for negative ones.
#
# Seen, two assets with means .05 and .10
#   log variances   log correlation   covariance: package   right, and 4 million draws   correlation: package   right
#   .04, .04         .3               .0142                 .0146, .0146                 .288                   .296
#   .25, .25         .3               .0975                 .1162, .1167                 .230                   .274
#   .25, .25        -.5              -.1205                -.1753, -.1756               -.284                  -.414
#   .04, .50         .5               .0914                 .1115, .1118                 .369                   .450
#
# Matters for: portfolios from `fc_cov_agg_simp`: with volatile assets or long horizons they seem too diversified.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.10.8
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mvgarch==2.0.2
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from mvgarch.mgarch import DCCGARCH

print("mvgarch", version("mvgarch"), "numpy", np.__version__)
MEANS, DRAWS = np.array([0.05, 0.10]), 4_000_000


def right(means, sigma):
    """Mean and covariance of exp(x) - 1 from E exp(a x) = exp(a mean + a^2 variance / 2)."""
    first = np.exp(means + np.diag(sigma) / 2)
    both = np.exp(np.add.outer(means, means) + np.add.outer(np.diag(sigma), np.diag(sigma)) / 2 + sigma)
    return first - 1, both - np.outer(first, first)


rng = np.random.default_rng(0)
for variances, correlation in (((0.04, 0.04), 0.3), ((0.25, 0.25), 0.3), ((0.25, 0.25), -0.5), ((0.04, 0.5), 0.5)):
    covariance = correlation * np.sqrt(np.prod(variances))
    sigma = np.array([[variances[0], covariance], [covariance, variances[1]]])
    mean, found = DCCGARCH.log_2_simple(MEANS, sigma)
    mean_right, covariance_right = right(MEANS, sigma)
    drawn = np.cov(np.expm1(rng.standard_normal((DRAWS, 2)) @ np.linalg.cholesky(sigma).T + MEANS).T)
    scale = np.sqrt(np.prod(np.diag(covariance_right)))
    print(f"{variances} {correlation}: covariance {found[0, 1]:.4f}, right {covariance_right[0, 1]:.4f}, drawn "
          f"{drawn[0, 1]:.4f}; correlation {found[0, 1] / scale:.3f}, right {covariance_right[0, 1] / scale:.3f}")
    assert np.allclose(mean, mean_right) and np.allclose(np.diag(found), np.diag(covariance_right))
    assert np.allclose(drawn, covariance_right, rtol=0.02)
    assert np.isclose(found[0, 1] / covariance_right[0, 1], np.exp(covariance - sum(variances) / 2))
    assert abs(found[0, 1]) < 0.98 * abs(covariance_right[0, 1])
PY
