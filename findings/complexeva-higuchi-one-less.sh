#!/usr/bin/env bash
# complexeva 0.2.3: the Higuchi dimension is too small by one: a line has 0, noise has 1.
#
# Packages: complexeva 0.2.3, numpy 2.3.5, scipy 1.17.1, numba 0.62.1.
#
# Expected: `hfd` gives the fractal dimension of a curve by Higuchi (1988): lengths L(k) of the curve drawn through
# every k-th number go as k^-D; a smooth curve has 1, a random walk 1.5, independent noise 2. The package's own check
# plots it against 2 - H.
#
# Happens: L_m(k) is the sum of steps times (N - 1) / (steps times k), divided by k once more. The last division is left
# out, and with it one of D. One step of each curve is left out of the sum as well, which bends the line where k is
# large.
#
# Seen, 2,000 numbers, k up to 64:   exact    package
#   a line                           1.000     0.010
#   a sine                           1.005     0.020
#   random walk                      1.513     0.524
#   Gaussian noise                   2.000     1.010
#
# Matters for: comparing with published values or another package's.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.3.5 scipy==1.17.1 numba==0.62.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps complexeva==0.2.3
venv/bin/python - <<'PY'
from importlib.metadata import version

import numpy as np
from complexeva.sequence import hfd

LENGTH, LARGEST = 2000, 64
print("complexeva", version("complexeva"), "numpy", np.__version__, "numba", version("numba"))


def higuchi(numbers):
    """Slope of ln L(k) against ln 1/k."""
    steps = np.arange(1, LARGEST + 1)
    lengths = []
    for k in steps:
        curves = [np.abs(np.diff(numbers[start::k])) for start in range(k)]
        lengths.append(np.mean([curve.sum() * (LENGTH - 1) / (len(curve) * k) / k for curve in curves]))
    return np.polyfit(-np.log(steps), np.log(lengths), 1)[0]


rng = np.random.default_rng(0)
noise, walk = rng.normal(size=LENGTH), rng.normal(size=LENGTH).cumsum()
curves = {"line": np.arange(float(LENGTH)), "sine": np.sin(np.arange(LENGTH) / 200), "walk": walk, "noise": noise}
for (name, numbers), known in zip(curves.items(), (1, 1, 1.5, 2)):
    right, found = higuchi(numbers), hfd(numbers, k_max=LARGEST)
    print(f"{name}: exact {right:.3f} package {found:.3f}")
    assert abs(right - known) < 0.05 and abs(right - 1 - found) < 0.03
PY
