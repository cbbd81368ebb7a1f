#!/usr/bin/env bash
# hurst-estimators 0.0.3: the periodogram estimator fits the mean of a series as its lowest frequency: the exponent
# of white noise is 0.86 where its mean is high, and -0.85 where the mean has been taken off.
#
# Packages: hurst-estimators 0.0.3, PyWavelets 1.9.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: the power at frequency k / N against 4 sin^2(pi k / N), k = 1 to N / 2, as both stand in the function:
# a series and the same series plus a number have the same exponent.
#
# Happens: powers begin with k = 0, which is the square of the sum, and frequencies with k = 1: every power is taken
# for that of the next frequency, and the mean for that of the lowest.
#
# Seen, white noise, H = 0.5, deviation 1, means of 200 series
#                      128 numbers              1,024 numbers       each power beside its own frequency
#   mean 0             0.49                     0.50                0.50
#   mean 10            0.69                     0.54                0.50
#   mean 1000          0.86                     0.57                0.50
#   mean taken off     -0.85, and 24 NaN        0.27, and 6 NaN     0.50
#
# Matters for: temperatures, flows, prices; and for series that were centred, as one does before a spectrum.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 PyWavelets==1.9.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hurst-estimators==0.0.3
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import hurst_estimators as he
import numpy as np

SERIES = 200
print("hurst-estimators", version("hurst-estimators"), "numpy", np.__version__)


def right(x):
    """The same regression, with each power beside its own frequency."""
    k = np.arange(1, len(x) // 2)
    frequencies = np.log(4 * np.sin(np.pi * k / len(x)) ** 2)
    return (1 - np.polyfit(frequencies, np.log(np.abs(np.fft.fft(x)[k]) ** 2), 1)[0]) / 2


seen = {}
for length in (128, 1024):
    for mean in (0, 10, 1000, None):
        rng, found = np.random.default_rng(0), []
        for _ in range(SERIES):
            x = rng.normal(size=length)
            x = x - x.mean() if mean is None else x + mean
            found.append([he.periodogram_estimator(x)[0], right(x)])
        package, own = np.array(found).T
        finite = np.isfinite(package)
        seen[length, mean] = package[finite].mean()
        name = "mean taken off" if mean is None else f"mean {mean}"
        print(f"{length:5d} numbers, {name:15s} package {seen[length, mean]:.3f} +- {package[finite].std():.3f} and {SERIES - finite.sum()} NaN, own frequencies {own.mean():.3f} +- {own.std():.3f}")
        assert abs(own.mean() - 0.5) < 0.01
assert seen[128, 10] > 0.65 and seen[128, 1000] > 0.8 and seen[1024, 1000] > 0.55 and seen[128, None] < 0.1
PY
