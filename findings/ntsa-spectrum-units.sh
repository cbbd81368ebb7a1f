#!/usr/bin/env bash
# ntsa 0.3.1: the power spectral density is an amplitude, and its frequencies are stretched: 10 Hz stand at 10.2.
#
# Packages: ntsa 0.3.1, numpy 2.4.6, scipy 1.17.1, matplotlib 3.10.8.
#
# Expected: `fun_PSD(dt, X)` gives the "Power Spectral Density" at its frequencies. A density of power adds up to the
# variance, is four times as large for numbers twice as large, and stays where it is for a longer record. The k-th
# frequency of N samples is k / (N dt).
#
# Happens: the result is 2 / N times the absolute value of the transform, an amplitude: it is doubled by doubling, and
# that of noise falls with the root of the length. The N / 2 frequencies are spread evenly from 0 to 1 / (2 dt), with
# the end, which is not among them: each is too large by N / (N - 2).
#
# Seen, dt = .01
#   wave of 10 Hz and height 3    40 samples   100     1,000
#   it is found at                10.53        10.20   10.02 Hz, with a height of 3
#   noise of variance 1           mean of the "density"   it adds up to   periodogram's mean   it adds up to
#   1,000 samples                 .055                    2.73            .019                  .95
#   100,000 samples               .0056                    .28            .020                 1.00
#   1,000 samples, times 2        .109                    5.46            .076                 3.82
# `classify_regime` reads f1, f2 and their ratio from the same function (the ratio is right), `signal_stats` both.
#
# Matters for: frequencies of short records, and noise levels or spectra of different lengths that are compared.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.10.8
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ntsa==0.3.1
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from ntsa.classification import classify_regime
from ntsa.tools import fun_PSD
from scipy.signal import periodogram

DT = 0.01
print("ntsa", version("ntsa"), "numpy", np.__version__)

for count in (40, 100, 1_000):
    wave = 3 * np.sin(2 * np.pi * 10 * DT * np.arange(count) + 0.3)
    frequencies, (found,) = fun_PSD(DT, wave)
    right = np.fft.rfftfreq(count, DT)[: count // 2]
    at = found.argmax()
    print(f"10 Hz, {count:5,} samples: at {frequencies[at]:.3f}, right {right[at]:.3f}, height {found[at]:.3f}")
    assert np.isclose(right[at], 10) and np.isclose(frequencies[at], 10 * count / (count - 2))
    assert np.isclose(found[at], 3)
seen = classify_regime(np.sin(2 * np.pi * 10 * DT * np.arange(40)), DT)[1]["f1"]
print(f"classify_regime, 40 samples: f1 {seen:.3f}")
assert np.isclose(seen, 10 * 40 / 38)

rng = np.random.default_rng(0)
for count in (1_000, 100_000):
    noise = rng.standard_normal(count)
    means = []
    for factor in (1, 2):
        frequencies, (found,) = fun_PSD(DT, factor * noise)
        f, density = periodogram(factor * noise, 1 / DT, detrend=False)
        means.append((found[1:].mean(), density[1:-1].mean()))
        total, right = np.trapezoid(found, frequencies), np.trapezoid(density, f)
        print(f"noise, {count:7,}, times {factor}: mean {means[-1][0]:.4f}, periodogram {means[-1][1]:.4f}; "
              f"adds up to {total:.3f}, right {right:.3f}, variance {np.var(factor * noise):.3f}")
        assert np.isclose(right, np.var(factor * noise), rtol=0.02)
    assert np.isclose(means[1][0], 2 * means[0][0]) and np.isclose(means[1][1], 4 * means[0][1])
    # The mean of the absolute value of a complex normal number is sqrt(pi) / 2 of its spread, here 2 / sqrt(count).
    assert np.isclose(means[0][0], np.sqrt(np.pi / count), rtol=0.05)
    assert np.isclose(means[0][1], 2 * DT, rtol=0.1)
PY
