#!/usr/bin/env bash
# npd-entropy 0.3: where the whole window repeats, the longest match counts as 0, and
# what is most regular has most entropy.
#
# Packages: npd-entropy 0.3, numpy 2.4.6, numba 0.68.1, scipy 1.17.1.
#
# Expected: `grassberger_estimate(series, n)` is Grassberger's estimator: the entropy
# rate is ln n over the mean length of the longest match in the n symbols before. The
# more repeats, the longer matches are and the lower is the entropy; of a sequence
# with a period it is about 0.
#
# Happens: the length is set where a longer match fails. If none fails, as all lengths
# up to the window are there, it stays at its first value, 0. Such places, the most
# regular ones, lower the mean; a periodic sequence has nothing else and ends in a
# division by zero.
#
# Seen, 300 symbols 0101..., one of them changed, n = 100, bits:
#                        returned    if a full match counts n
#   none changed      ZeroDivisionError
#   the third           2.30            0.07
#   the eleventh        0.65            0.07
#   fair coins          0.93            0.93
#
# Matters for: entropy rates of spike trains, generated text and other sequences in
# which long stretches repeat. Choose n so large that no repeat fills it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check npd-entropy==0.3 numpy==2.4.6 numba==0.68.1 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from npd_entropy import grassberger_estimate

SIZE = 100


def longest(series, place):
    """Of the matches with what lies in the window before, as the package searches them."""
    for length in range(1, SIZE):
        new = series[place : place + length]
        starts = range(place - SIZE, place - length)
        if not any((series[start : start + length] == new).all() for start in starts):
            return length - 1
    return SIZE


def by_hand(series):
    return SIZE * np.log2(SIZE) / sum(longest(series, SIZE + i) for i in range(SIZE))


periodic = np.arange(3 * SIZE) % 2
coins = np.random.default_rng(0).integers(0, 2, 3 * SIZE)
third, eleventh = (periodic ^ (np.arange(3 * SIZE) == place) for place in (2, 10))
found = []
for name, series in (("third changed", third), ("eleventh", eleventh), ("coins", coins)):
    found.append(grassberger_estimate(series, SIZE) / np.log(2))
    print(f"{name}: {found[-1]:.2f} bits, a full match counted {by_hand(series):.2f}")
assert abs(found[2] - by_hand(coins)) < 1e-9
assert found[0] > 2 * found[2] and found[1] > 5 * by_hand(eleventh), "a full match counts now"
try:
    grassberger_estimate(periodic, SIZE)
except ZeroDivisionError:
    print("periodic: division by zero")
else:
    raise AssertionError("a periodic sequence has an entropy now")
PY
