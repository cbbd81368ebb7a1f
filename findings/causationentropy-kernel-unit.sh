#!/usr/bin/env bash
# causationentropy 1.1.0: by kernel densities, information depends on the unit: two independent
# series share 4.6 nats when they are written in hundredths.
#
# Packages: causationentropy 1.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, networkx 3.6.1,
# scikit-learn 1.8.0, matplotlib 3.11.2, seaborn 0.13.2.
#
# Expected: mutual information is the same in every unit, -ln (1 - r^2) / 2 for two normal series with
# correlation r. `bandwidth="silverman"`, the default, is a rule for a bandwidth in standard
# deviations of the data.
#
# Happens: the word is passed on to scikit-learn, whose rule has the number of samples and of
# dimensions only. The bandwidth is a number, about 0.3, whatever the data: numbers of a few
# hundredths are one point, and of a few hundreds each stands alone.
#
# Seen, 500 pairs, nats, found in units in which the standard deviation is
#   correlation   right    .01     1       10      100        gaussian, every unit
#   0             0        -.299   .031    1.483   4.593      .000
#   .6            .223     -.299   .238    1.569   4.721      .225
#   .9            .830     -.299   .690    1.696   4.662      .822
#
# Matters for: networks by this estimator, and conditional information, which is made of the same terms.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 networkx==3.6.1 scikit-learn==1.8.0 matplotlib==3.11.2 seaborn==0.13.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps causationentropy==1.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import math

import numpy as np
from causationentropy.core.information.mutual_information import gaussian_mutual_information, kde_mutual_information

COUNT, UNITS = 500, (0.01, 1.0, 10.0, 100.0)
rng = np.random.default_rng(0)


def by_hand(columns):
    """Entropy at the samples by a normal kernel of one fixed width."""
    count, dimensions = columns.shape
    width = (count * (dimensions + 2) / 4) ** (-1 / (dimensions + 4))
    squares = ((columns[:, None] - columns[None]) ** 2).sum(-1) / width**2
    density = np.exp(-squares / 2).mean(1) / (2 * math.pi * width**2) ** (dimensions / 2)
    return -np.log(density).mean()


for correlation in (0.0, 0.6, 0.9):
    x = rng.normal(size=(COUNT, 1))
    y = correlation * x + (1 - correlation**2) ** 0.5 * rng.normal(size=(COUNT, 1))
    right = -0.5 * math.log(1 - correlation**2)
    found = [float(kde_mutual_information(x * unit, y * unit)) for unit in UNITS]
    gauss = [float(gaussian_mutual_information(x * unit, y * unit)) for unit in UNITS]
    print(f"correlation {correlation}: right {abs(right):.3f}, found", *(f"{value:.3f}" for value in found), " gaussian", *(f"{value:.3f}" for value in gauss))
    assert np.allclose(gauss, right, atol=0.02)
    assert found[0] < -0.2 and found[3] > right + 3 and abs(found[1] - right) < 0.2
    hand = [by_hand(x * unit) + by_hand(y * unit) - by_hand(np.hstack([x, y]) * unit) for unit in UNITS]
    assert np.allclose(found, hand, atol=1e-6)
PY
