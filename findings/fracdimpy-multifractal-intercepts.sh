#!/usr/bin/env bash
# fracdimpy 0.1.5: multifractal spectra of curves and images are intercepts of their fits, not slopes: a plain square
# has dimension -11.
#
# Packages: fracdimpy 0.1.5, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.10.8, pillow 12.0.0.
#
# Expected: `multifractal_curve` and `multifractal_image` give tau(q), alpha(q), f(alpha) and D(q): slopes of the
# logarithm of the partition function, or of sums weighted by it, against that of the size of boxes. For a binomial
# cascade with shares p and 1 - p they are known: tau(q) = -log2(p^q + (1 - p)^q), D(q) = tau(q) / (q - 1).
#
# Happens: lines are fitted with NumPy's newer `polyfit`, whose first coefficient is the constant, and the first one
# is taken as if it were the slope, as with the older function.
#
# Seen
#   cascade of 1,024 numbers, p = .7     D(0)    D(1)    D(2)    alpha(0)
#   package                             -6.93   -6.11   -5.45   -7.80
#   right, and slope of the same sums    1.00     .88     .79    1.13
#   256 by 256 pixels of one grey: D(0), D(1) and D(2) are -11.09 instead of 2.
# The values change with the number of pixels, as an intercept does: -8.32 for 64 by 64.
#
# Matters for: every number of these two functions, besides them H, widths of spectra and their parabola.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.10.8 pillow==12.0.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps fracdimpy==0.1.5
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from fracDimPy import multifractal_curve, multifractal_image

print("fracdimpy", version("fracdimpy"), "numpy", np.__version__)
SHARE, LEVELS, ORDERS = 0.7, 10, [-2.0, 0.0, 1.0, 2.0, 3.0]


def known(q):
    """tau, alpha and D of the cascade, in closed form."""
    weight = SHARE**q / (SHARE**q + (1 - SHARE) ** q)
    tau = -np.log2(SHARE**q + (1 - SHARE) ** q)
    alpha = -weight * np.log2(SHARE) - (1 - weight) * np.log2(1 - SHARE)
    return tau, alpha, alpha if q == 1 else tau / (q - 1)


def line(values, q):
    """Constant and slope of log sum p^q against the logarithm of the boxes' sizes."""
    sizes = 2 ** np.arange(1, LEVELS + 1)
    sums = [np.log((values.reshape(-1, s).sum(1) ** q).sum()) for s in sizes]
    slope, constant = np.polyfit(np.log(sizes), sums, 1)
    return constant, slope


cascade = np.ones(1)
for _ in range(LEVELS):
    cascade = np.outer(cascade, [SHARE, 1 - SHARE]).ravel()
_, found = multifractal_curve(cascade, q_list=ORDERS, use_multiprocessing=False)
for q, tau, alpha, dimension in zip(ORDERS, found["tau_q"], found["alpha_q"], found["D(q)"]):
    right = known(q)
    constant, slope = line(cascade, q)
    print(f"q {q:4.0f}: tau {tau:7.3f}, right {right[0]:7.3f}; alpha {alpha:7.3f}, right {right[1]:6.3f}; D {dimension:7.3f}, right {right[2]:6.3f}")
    assert np.isclose(slope, right[0]) and np.isclose(constant, tau)
    assert dimension < -4 and alpha < -4 and right[2] > 0

for side in (64, 256):
    grey = multifractal_image(np.full((side, side), 1.0), q_list=[0.0, 1.0, 2.0])[0]
    print(f"{side} by {side} pixels of one grey: D(0), D(1), D(2)", *(round(float(grey[f'D({q})'][0]), 3) for q in range(3)))
    assert all(np.isclose(grey[f"D({q})"][0], -2 * np.log(side)) for q in range(3))
PY
