#!/usr/bin/env bash
# unite-toolbox 0.2.1: noise for repeated values has the square root of the deviation that it is to
# have: data measured in millionths are buried in it.
#
# Packages: unite-toolbox 0.2.1, numpy 2.4.6, scipy 1.17.1.
#
# Expected: what `add_noise_to_data` adds is "one order of magnitude below the order of magnitude of
# the std. dev. of each specific column", whatever the unit.
#
# Happens: this number, 10^floor(log10(sd / 10)), is given to `multivariate_normal` as the variance.
# The deviation of the noise is its root: right where it is 1, more below and less above.
#
# Seen, 1,000 whole numbers of 0 to 9, in several units:
#   deviation of the data      2.87e6    2.87e3    2.87     .00287    2.87e-6
#   of the noise, right        1e5       100        .1      .0001     1e-7
#   of the noise, found        310       9.79       .31     .0098     .00031
# Entropy of normal numbers of deviation .001: right -5.49, of 2,000 numbers -5.48, of the same numbers
# twice with noise -4.28
#
# Matters for: all estimates by distances after it, and bootstrap with `add_noise=True`, where nearly
# every row is a repetition.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps unite-toolbox==0.2.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from unite_toolbox.knn_estimators import calc_knn_entropy
from unite_toolbox.utils.data_validation import add_noise_to_data

rng = np.random.default_rng(0)
data = rng.integers(0, 10, (1000, 1)).astype(float)
for unit in (1e6, 1e3, 1.0, 1e-3, 1e-6):
    scaled = data * unit
    noise = add_noise_to_data(scaled) - scaled
    deviation, found = scaled.std(), noise.std()
    expected = 10 ** np.floor(np.log10(deviation / 10))
    print(f"unit {unit:8.0e}: deviation of the data {deviation:9.3g}, of the noise found {found:9.3g}, right {expected:9.3g}, found share {found / deviation:.3g}")
    assert 0.9 < found / np.sqrt(expected) < 1.1
    assert 0.01 <= expected / deviation <= 0.1
assert found > 100 * deviation

normal = rng.normal(0, 1e-3, (2000, 1))
twice = np.vstack([normal, normal])
entropies = [float(calc_knn_entropy(x, k=5)) for x in (normal, add_noise_to_data(twice))]
right = float(np.log(1e-3) + 0.5 * np.log(2 * np.pi * np.e))
print(f"entropy of normal numbers of deviation .001: right {right:.2f}, of 2,000 {entropies[0]:.2f}, of the same twice with noise {entropies[1]:.2f}")
assert abs(entropies[0] - right) < 0.1 and entropies[1] > right + 1
PY
