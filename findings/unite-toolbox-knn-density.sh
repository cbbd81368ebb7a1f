#!/usr/bin/env bash
# unite-toolbox 0.2.1: a density by nearest neighbours divides by the radius in every dimension: in
# two it is .006 where .159 is right.
#
# Packages: unite-toolbox 0.2.1, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `calc_knn_density` is k / (N - 1) by the volume of the ball with the k-th neighbour on its
# edge, which is c(d) rho^d, as the docstring has it.
#
# Happens: it is c(d) rho. In one dimension that is the same. In others the density depends on the
# unit as a length does, and the more samples there are the lower it is.
#
# Seen, at the mean of standard normal samples, 50 neighbours:
#                                   1 dimension    2         3
#   right                              .399       .159      .0635
#   1,000 samples, found               .393       .047      .0224
#   100,000 samples, found             .329       .0057     .0010
#   by the formula                     .329       .206      .0607
#
# Matters for: likelihoods and conditional densities from samples; entropies of the package are by
# another function, with the right power.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps unite-toolbox==0.2.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from scipy.special import gamma
from unite_toolbox.knn_estimators import calc_knn_density

K = 50
rng = np.random.default_rng(0)
for dimensions in (1, 2, 3):
    right = (2 * np.pi) ** (-dimensions / 2)
    for samples in (1_000, 100_000):
        data = rng.normal(size=(samples, dimensions))
        point = np.zeros((1, dimensions))
        found = float(calc_knn_density(point, data, k=K)[0])
        radius = np.sort(np.linalg.norm(data, axis=1))[K]
        ball = np.pi ** (dimensions / 2) / gamma(dimensions / 2 + 1)
        estimate = K / (samples - 1) / (ball * radius**dimensions)
        larger = float(calc_knn_density(1000 * point, 1000 * data, k=K)[0])
        print(f"{dimensions} dimensions, {samples:7,} samples: right {right:.4f}, its estimate {estimate:.4f}, found {found:.4f}; in a unit a thousandth as large: right {right / 1000**dimensions:.3g}, found {larger:.3g}")
        assert abs(estimate / right - 1) < 0.35
        assert np.isclose(found, K / (samples - 1) / (ball * radius))
        assert np.isclose(found, estimate) == (dimensions == 1)
        assert np.isclose(found / larger, 1000)
PY
