#!/usr/bin/env bash
# mf-toolkit 1.2.1: a series with two exponents has a jump in its spectrum between them: 1.44 comes out for .5.
#
# Packages: mf-toolkit 1.2.1, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, numba 0.65.1.
#
# Expected: `generate_crossover_series(N, alpha1, alpha2, crossover_scale)` makes a series whose detrended fluctuations
# grow with exponent alpha1 below that scale and alpha2 above it.
#
# Happens: the amplitude is f^(-beta1 / 2) above the crossover's frequency fc and f^(-beta2 / 2) below it, each without
# a factor, so that the branches meet at f = 1 and not at fc. At fc the power jumps by fc^(beta1 - beta2): for 1.5, .5
# and a scale of 100 by 10,000. The larger part covers the other one over a decade and more.
#
# Seen, 65,536 numbers, crossover at 100, exponents over scales 8 to 24 and 400 to 3,200
#   asked for   found        joined at the crossover   power jumps there by: package   joined
#   .9, .5      .88,  .25     .89,  .57                36                             .8
#   1.5, .5    1.41,  .01    1.45,  .58                8,200                          .7
#   .5, .9      .66,  .97     .52,  .95                1 / 43                         .8
#   .5, 1.2    1.44, 1.26     .53, 1.23                1 / 770                        .7
#   .7, .7      .70,  .76     .70,  .76                .9                             .8
#
# Matters for: tests of crossovers and of estimators with these series: neither exponent need be what was asked for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 \
    numba==0.65.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps mf-toolkit==1.2.1
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from mftoolkit import generate_crossover_series, mfdfa

COUNT, SCALE = 2**16, 100
SHORT, LONG = np.array([8, 12, 16, 24]), np.array([400, 800, 1_600, 3_200])
print("mf-toolkit", version("mf-toolkit"), "numpy", np.__version__)


def joined(first, second, seed):
    """The same, with both branches divided by their value at the crossover, where they meet."""
    frequencies = np.abs(np.fft.fftfreq(COUNT)) * SCALE
    frequencies[0] = frequencies[1]
    amplitude = frequencies ** np.where(frequencies > 1, 0.5 - first, 0.5 - second)
    return np.fft.ifft(np.fft.fft(np.random.default_rng(seed).standard_normal(COUNT)) * amplitude).real


def exponent(series, scales):
    """Slope of the logarithm of fluctuations around lines in windows of the sum."""
    total, sizes = np.cumsum(series - series.mean()), []
    for scale in scales:
        windows = total[: COUNT // scale * scale].reshape(-1, scale)
        line = np.polynomial.polynomial.polyfit(np.arange(scale), windows.T, 1)
        sizes.append(np.sqrt(np.mean((windows - line[0][:, None] - line[1][:, None] * np.arange(scale)) ** 2)))
    slope = np.polyfit(np.log(scales), np.log(sizes), 1)[0]
    assert np.isclose(slope, mfdfa(series, np.array([2.0]), scales, num_cores=1, validate=False)[1][0])
    return slope


def jump(series):
    """Power just above the crossover's frequency divided by that just below it."""
    power, bin_ = np.abs(np.fft.fft(series)) ** 2, COUNT // SCALE
    return power[bin_ + 1 : bin_ + 120].mean() / power[bin_ - 120 : bin_].mean()


for first, second in ((0.9, 0.5), (1.5, 0.5), (0.5, 0.9), (0.5, 1.2), (0.7, 0.7)):
    ours = generate_crossover_series(COUNT, first, second, SCALE, seed=1)[0]
    theirs = joined(first, second, 1)
    found = [exponent(ours, scales) for scales in (SHORT, LONG)]
    right = [exponent(theirs, scales) for scales in (SHORT, LONG)]
    print(f"{first}, {second}: found {found[0]:.2f}, {found[1]:.2f}; joined {right[0]:.2f}, {right[1]:.2f}; "
          f"power jumps by {jump(ours):.2g}, joined {jump(theirs):.2g}")
    assert np.allclose(right, (first, second), atol=0.1)
    assert (np.abs(np.subtract(found, (first, second))).max() > 0.13) == (first != second)
    assert 0.4 < jump(ours) / SCALE ** (2 * (first - second)) < 2.5 and 0.5 < jump(theirs) < 2
PY
