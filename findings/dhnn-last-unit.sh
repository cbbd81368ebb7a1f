#!/usr/bin/env bash
# dhnn 0.1.12: the last unit of a Hopfield network is never updated: an error there is kept, where one
# anywhere else is mended.
#
# Packages: dhnn 0.1.12, numpy 2.4.6.
#
# Expected: `predict` picks units at random, `epochs` times, and sets each to the sign of its field. A
# stored pattern with one flipped unit comes back whichever unit it is.
#
# Happens: units are drawn by `np.random.randint(0, n - 1)`, whose upper end is not included: 0 to n - 2.
#
# Seen, one stored pattern of 20 units, one unit flipped, 1,000 updates, 50 runs for each unit; share
# of runs in which the pattern came back:
#   units 0 to 18     1.00 each
#   unit 19           .00
#
# Matters for: recall; a constant unit added at the end would take the place of the last one.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dhnn==0.1.12
venv/bin/python - <<'PY'
import numpy as np
from dhnn import DHNN

UNITS, RUNS = 20, 50
rng = np.random.default_rng(0)
pattern = rng.choice([-1, 1], size=UNITS)
network = DHNN(pflag=1, nflag=-1)
network.train(pattern[None])
assert np.array_equal(network.weight, np.outer(pattern, pattern) - np.eye(UNITS))
shares = []
for unit in range(UNITS):
    flipped = pattern.copy()
    flipped[unit] *= -1
    # By hand: one update of this unit is enough.
    assert np.sign(network.weight[unit] @ flipped) == pattern[unit]
    found = network.predict(np.repeat(flipped[None], RUNS, axis=0))
    shares.append((found == pattern).all(axis=1).mean())
print("came back, by the unit that was flipped:", *(f"{share:.2f}" for share in shares))
assert shares[:-1] == [1.0] * (UNITS - 1) and shares[-1] == 0.0
PY
