#!/usr/bin/env bash
# antropy 0.2.3: sample entropy takes a difference equal to the tolerance for a match
# from 5,000 numbers on, and for none below.
#
# Packages: antropy 0.2.3, numpy 2.4.6, scipy 1.17.1.
#
# Expected: the docstring says that shorter and longer sequences are computed by two
# pieces of code that give equivalent results. Sample entropy is a rate: a stationary
# sequence of 4,999 numbers and the same with one more have nearly the same.
#
# Happens: the code for fewer than 5,000 numbers asks |a - b| < r, the other one
# |a - b| <= r. Between real numbers that is the same. Between counts, ranks, letters
# or quantised values with a whole tolerance it is not, and the result jumps.
#
# Seen, fair draws of 0 to 9, tolerance 1, so that either 10 or 28 of 100 pairs match:
#   4,999 numbers: 2.303 = ln(100 / 10)
#   5,000 numbers: 1.282   ln(100 / 28) = 1.273
#   counted by hand on 4,999: 2.303 without ties, 1.282 with them
#
# Matters for: comparing the regularity of generated and real symbol sequences of
# other lengths, and curves of sample entropy against length. A tolerance between
# two whole numbers, 1.5 or .5, leaves no ties.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check antropy==0.2.3 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from antropy import sample_entropy

values = np.random.default_rng(0).integers(0, 10, 5000)


def by_hand(values, close):
    """-ln of the share of matching pairs of length 2 that match in the third too."""
    pairs = whole = 0
    for lag in range(1, values.size - 2):
        match = close(np.abs(values[lag:] - values[:-lag]))
        two = match[:-2] & match[1:-1]
        pairs, whole = pairs + two.sum(), whole + (two & match[2:]).sum()
    return -np.log(whole / pairs)


short = sample_entropy(values[:4999].astype(float), order=2, tolerance=1.0)
long = sample_entropy(values.astype(float), order=2, tolerance=1.0)
without, including = by_hand(values[:4999], lambda d: d < 1), by_hand(values[:4999], lambda d: d <= 1)
print(f"4,999 numbers {short:.3f}, 5,000 numbers {long:.3f}; by hand without ties {without:.3f}, with them {including:.3f}")
assert abs(without - np.log(100 / 10)) < 0.03 and abs(including - np.log(100 / 28)) < 0.03
assert abs(short - without) < 1e-9, "ties match in a short sequence too"
assert abs(long - including) < 1e-3, "ties no longer match in a long sequence"
halves = [sample_entropy(values[:n].astype(float), order=2, tolerance=1.5) for n in (4999, 5000)]
assert abs(halves[0] - halves[1]) < 1e-3
PY
