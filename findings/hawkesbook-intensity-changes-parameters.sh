#!/usr/bin/env bash
# hawkesbook 0.1.0: asking for the intensity of a mutually exciting process changes its
# parameters, so that asking twice gives two answers.
#
# Packages: hawkesbook 0.1.0, numba 0.68.1, numpy 2.4.6, scipy 1.17.1, tqdm 4.70.1.
#
# Expected: `mutual_hawkes_intensity(t, history, (rates, kernels))` gives the starting
# intensities plus what is left of each arrival, and leaves its arguments alone, as
# `mutual_exp_hawkes_intensity` does for exponential kernels.
#
# Happens: the sum is made in the array of starting intensities that was passed in, which
# is also what is returned: the answers of all calls are one array.
#
# Seen, two processes, arrivals of the first at 0.5 and the second at 1.0, asked at 2.0:
#   right, and the first answer   1.296 2.177
#   second and third answer       1.591 2.355, 1.887 2.532
#   starting intensities          1 2 before, 1.887 2.532 after
#
# Matters for: whoever computes a likelihood with kernels that are not exponential: each
# arrival adds its past to the rates for good.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 tqdm==4.70.1 numba==0.68.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hawkesbook==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from hawkesbook import mutual_exp_hawkes_intensity, mutual_hawkes_intensity
from numba import njit


@njit
def kernel(elapsed):
    return np.array([0.5, 0.3]) * np.exp(-elapsed)


RATES, TIMES, IDS = np.array([1.0, 2.0]), (0.5, 1.0), (0, 1)
right = RATES + sum(kernel(2.0 - t) for t in TIMES)
exponential = mutual_exp_hawkes_intensity(2.0, np.array(TIMES), np.array(IDS), (RATES.copy(), np.array([[0.5, 0.3]] * 2), np.ones(2)))

rates = RATES.copy()
asked = []
for _ in range(3):
    asked.append(mutual_hawkes_intensity(2.0, list(zip(TIMES, IDS)), (rates, (kernel, kernel))).copy())
print(f"by hand {right.round(3)}, with mutual_exp_hawkes_intensity {exponential.round(3)}")
for turn, answer in enumerate(asked, 1):
    print(f"asked for the {turn}. time: {answer.round(3)}")
print(f"rates: {RATES} before, {rates.round(3)} after")
assert np.allclose(right, exponential) and np.allclose(asked[0], right)
assert np.allclose(asked[2], RATES + 3 * (right - RATES)) and np.allclose(rates, asked[2])
PY
