#!/usr/bin/env bash
# sampen 0.0.20: normalising changes the order of the numbers, and the caller's list.
#
# Packages: sampen 0.0.20, numpy 2.4.6.
#
# Expected: `sampen2(data, normalize=True)` gives the sample entropy of the numbers less
# their mean, divided by their standard deviation: `normalize_data` returns a list of mean
# 0 and variance 1.
#
# Happens: each number is looked up by its value in the list that is being changed, and the
# first place with that value is changed. Where a number that has had its turn has become
# equal to one that has not, it is changed twice, and the other one stays: as if the two
# had changed places. Mean and variance are right. The list is the caller's own, and stays
# changed. Numbers of many digits are hardly ever equal; counts are.
#
# Seen, 100 whole numbers from 0 to 4 in random order, 20 of each:
#   `normalize_data`      mean 0, variance 1, 53 of 100 places with another number
#   sample entropy, m=2   by counting all pairs 1.325, of the numbers normalised by hand
#                         1.325, with `normalize` 0.863
#
# Matters for: counts, codes, rounded measurements, and whoever uses the list again.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sampen==0.0.20 numpy==2.4.6
venv/bin/python - <<'PY'
from math import log

import numpy as np
from sampen import normalize_data, sampen2

LENGTH, TOLERANCE = 2, 0.2
series = np.random.default_rng(0).permutation(np.repeat(np.arange(5), 20)).astype(float).tolist()
by_hand = ((np.array(series) - np.mean(series)) / np.std(series)).tolist()


def counted(x):
    """Sample entropy by its definition, over all pairs of places."""
    def pairs(length):
        places = range(len(x) - LENGTH)
        return sum(
            all(abs(x[i + k] - x[j + k]) < TOLERANCE for k in range(length)) for i in places for j in places if i < j
        )

    return -log(pairs(LENGTH + 1) / pairs(LENGTH))


right = counted(by_hand)
plain = sampen2(list(by_hand), mm=LENGTH, r=TOLERANCE)[LENGTH][1]
given = list(series)
found = sampen2(given, mm=LENGTH, r=TOLERANCE, normalize=True)[LENGTH][1]
normal = normalize_data(list(series))
moved = len(series) - sum(np.isclose(a, b) for a, b in zip(normal, by_hand))
print(f"normalize_data: mean {np.mean(normal):.2f}, variance {np.var(normal):.2f}, {moved} of {len(series)} places with another number")
print(f"sample entropy: by counting {right:.3f}, on numbers normalised by hand {plain:.3f}, with normalize {found:.3f}")
print("the caller's list is as it was:", given == series)
assert abs(plain - right) < 1e-9 and abs(found - right) > 0.1
assert given != series and moved > 20 and np.allclose(sorted(normal), sorted(by_hand))
PY
