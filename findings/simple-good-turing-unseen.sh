#!/usr/bin/env bash
# simple-good-turing 0.0.3: the probability of everything unseen is divided by the size of the sample.
#
# Packages: simple-good-turing 0.0.3, python-memo 0.1.0, numpy 2.4.6.
#
# Expected: `Estimator.p(r)` is the probability of a thing seen r times, and for r = 0, of all that was not seen, N1 / N,
# as in Gale (1995), so that p(0) and N_r p(r) over all r sum to 1.
#
# Happens: `rstar(0)` holds N1 / N already, and p divides it by N once more, as it does a count. For r > 0 all is
# right; the normalisation has left room for N1 / N.
#
# Seen, Gale's Chinese plurals, N = 6,551 with 268 seen once:
#   p(0)                            6.2e-6    N1 / N = .0409
#   p(0) + sum of N_r p(r)          .9591
#
# Matters for: smoothing by this package; `rstar(0)` gives what p(0) should.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 python-memo==0.1.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps simple-good-turing==0.0.3
venv/bin/python - <<'PY'
from collections import defaultdict
from importlib.metadata import version
from math import isclose

import numpy as np
from simple_good_turing import Estimator

PLURALS = {1: 268, 2: 112, 3: 70, 4: 41, 5: 24, 6: 14, 7: 15, 8: 14, 9: 8, 10: 11, 11: 9, 12: 6, 13: 6, 14: 3, 15: 7,
           16: 9, 17: 4, 18: 4, 19: 8, 20: 2, 21: 4, 22: 2, 23: 2, 24: 3, 25: 4, 26: 4, 27: 4, 28: 1, 29: 1, 31: 2,
           33: 1, 39: 3, 41: 1, 46: 1, 47: 1, 50: 1, 52: 2, 53: 1, 55: 1, 57: 1, 60: 1, 74: 1, 84: 1, 108: 1, 109: 1,
           177: 1, 400: 1, 1918: 1}
print("simple-good-turing", version("simple-good-turing"), "numpy", np.__version__)
size = sum(r * n for r, n in PLURALS.items())
unseen = PLURALS[1] / size
estimator = Estimator(N=defaultdict(int, PLURALS))
seen = sum(n * estimator.p(r) for r, n in PLURALS.items())
print(f"N {size}, N1/N {unseen:.4f}, p(0) {estimator.p(0):.1e}, seen {seen:.4f}, sum {estimator.p(0) + seen:.4f}")
assert isclose(seen, 1 - unseen) and isclose(estimator.p(0), unseen / size) and isclose(estimator.rstar(0), unseen)
PY
