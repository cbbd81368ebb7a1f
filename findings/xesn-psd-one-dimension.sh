#!/usr/bin/env bash
# xesn 0.2.2: the spectrum of a field in one dimension is multiplied by areas of rings: of two waves of one height
# the shorter one has 20 times the power, white noise rises, and the last number is NaN.
#
# Packages: xesn 0.2.2, xarray 2026.9.0, dask and distributed 2026.8.0, zarr 3.1.6, smt 2.15.0, scipy 1.17.1,
# pandas 3.1.1, matplotlib 3.11.2, numpy 2.4.6.
#
# Expected: `psd` gives "the 1D power spectral density of a 1D, 2D, or 3D array". In two dimensions the mean over a
# ring of wave numbers times the ring's area is the power in it. In one dimension a wave number k has
# two places, k and -k, and their sum is the power: the same for every wave of height 1.
#
# Happens: one dimension is treated like two: the mean is multiplied by the area pi ((k + 1/2)^2 - (k - 1/2)^2),
# which is 2 pi k. For an even number of points the last bin has no wave number in it but -n / 2, and is NaN.
#
# Seen, 64 points, power found at k, and right (sum over both)
#   k                        1        5         20         32
#   cos(2 pi k x / 64)       6,434    32,170    128,680    NaN
#   right                    2,048    2,048     2,048      4,096
#   white noise, mean        409      2,049     8,105      NaN        (right: 128 at every k, 64 at 32)
#
# Matters for: slopes of spectra of one-dimensional systems (Lorenz 96, Kuramoto-Sivashinsky): too steep by one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 xarray==2026.9.0 \
  dask==2026.8.0 distributed==2026.8.0 zarr==3.1.6 smt==2.15.0 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps xesn==0.2.2
venv/bin/python -W ignore - <<'PY'
import math

import numpy as np
import xarray as xr
from xesn import psd

POINTS, TIMES = 64, 4000
x = np.arange(POINTS)


def spectra(field):
    """Found by the package and right, mean over time: (wave numbers from 1 on)."""
    times = np.arange(field.shape[1])
    found = psd(xr.DataArray(field, dims=("x", "time"), coords={"time": times}))
    power = abs(np.fft.fft(field, axis=0)) ** 2
    right = [power[k] + (power[-k] if 2 * k != POINTS else 0) for k in range(1, POINTS // 2 + 1)]
    assert list(found.k1d.values) == list(range(1, POINTS // 2 + 1))
    return found.mean("time").values, np.mean(right, axis=1)


for k in (1, 5, 20, 32):
    found, right = spectra(np.cos(2 * np.pi * k * x / POINTS)[:, None] * np.ones(3))
    print(f"wave {k}: found {found[k - 1]:.0f}, right {right[k - 1]:.0f}")
    assert abs(right[k - 1] - (2048 if k < 32 else 4096)) < 1e-6
    assert math.isnan(found[31]) and (k == 32 or abs(found[k - 1] / right[k - 1] - math.pi * k) < 1e-6 * k)

found, right = spectra(np.random.default_rng(0).standard_normal((POINTS, TIMES)))
print("white noise: found", found[[0, 4, 19]].round(), "right", right[[0, 4, 19, 31]].round())
assert found[19] > 15 * found[0] and abs(right[:31] / (2 * POINTS) - 1).max() < 0.1
slope = np.polyfit(np.log(np.arange(1, 32)), np.log(found[:31]), 1)[0]
print(f"slope of white noise: {slope:.3f}, right 0")
assert abs(slope - 1) < 0.03

# two dimensions: the same rule is right, all of white noise is there
field = np.random.default_rng(1).standard_normal((POINTS, POINTS, 200))
times = np.arange(200)
plane = psd(xr.DataArray(field, dims=("x", "y", "time"), coords={"time": times})).mean("time").values
ring = math.pi * np.array([(k + 0.5) ** 2 - (k - 0.5) ** 2 for k in range(1, 33)]) * POINTS**2
print("two dimensions, found over ring area:", (plane / ring)[[0, 4, 19]].round(3))
assert abs(plane / ring - 1)[:31].max() < 0.2
PY
