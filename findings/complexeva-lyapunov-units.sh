#!/usr/bin/env bash
# complexeva 0.2.3: the Lyapunov exponent is minus the mean logarithm of a distance: a periodic signal has the largest.
#
# Packages: complexeva 0.2.3, numpy 2.3.5, scipy 1.17.1, numba 0.62.1.
#
# Expected: "Calculate the largest Lyapunov exponent for a time series": the rate at which neighbours part, ln of the
# distance a step later over the distance now. It has no unit of the signal. For x -> 4 x (1 - x) it is ln 2 = .693,
# above 0 for chaos only.
#
# Happens: the distance a step later is not divided by the distance now, and the sign is turned. So the number says how
# close the nearest neighbours stay: it grows with the length of the signal, changes by ln c where the signal is divided
# by c, and is largest where neighbours never part.
#
# Seen:
#   x -> 4 x (1 - x), 500 numbers             6.9
#   the same, 2,000 numbers                   8.4    (ln 2; the mean of ln |4 - 8 x| over these is .693)
#   the same in thousandths                  15.3
#   four levels in turn, deviation 1e-6      17.0    (not above 0)
#   Gaussian noise                            3.9
#
# Matters for: telling chaos from noise or order, and any comparison of signals in different units.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.3.5 scipy==1.17.1 numba==0.62.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps complexeva==0.2.3
venv/bin/python - <<'PY'
from importlib.metadata import version
from math import log

import numpy as np
from complexeva.sequence import lyapunov_exponent

print("complexeva", version("complexeva"), "numpy", np.__version__, "scipy", version("scipy"))


def logistic(length):
    numbers = [0.3]
    while len(numbers) < length:
        numbers.append(4 * numbers[-1] * (1 - numbers[-1]))
    return np.array(numbers)


rng = np.random.default_rng(0)
chaos = logistic(2000)
right = np.mean(np.log(np.abs(4 - 8 * chaos)))
found = {
    "500": lyapunov_exponent(chaos[:500]),
    "2000": lyapunov_exponent(chaos),
    "thousandths": lyapunov_exponent(chaos / 1000),
    "periodic": lyapunov_exponent(np.tile([0.1, 0.5, 0.9, 0.3], 500) + 1e-6 * rng.normal(size=2000)),
    "noise": lyapunov_exponent(rng.normal(size=2000)),
}
print(f"exact {right:.3f}, ln 2 {log(2):.3f}, package", {name: round(float(value), 2) for name, value in found.items()})
assert abs(right - log(2)) < 0.01 and found["2000"] > found["500"] + 0.5 > 6
assert abs(found["thousandths"] - found["2000"] - log(1000)) < 1e-6
assert found["periodic"] > found["2000"] + 5
PY
