#!/usr/bin/env bash
# bocpd 0.0.4: offline change points come one step early, since each segment is scored with
# the first number of the next one.
#
# Packages: bocpd 0.0.4, numpy 2.4.6, scipy 1.17.1, decorator 5.3.1.
#
# Expected: `offline_changepoint_detection` returns the log-likelihood "of a datasequence
# [t, s]" for every segment, and from it the exact posterior of the change points
# (Fearnhead 2006), a sum over all partitions of the data.
#
# Happens: the recursion asks the likelihood for t to s + 1, "end of data segment", and each
# likelihood of the package adds 1 once more before it slices. Segments overlap by one
# number, which counts for both sides, and the last one is scored for a number more than it
# has. A segment that takes the first number of another level is a bad one, so that it is
# made to end one earlier.
#
# Seen, four numbers at 0 (0 to 3) and four at 10, Student-t likelihood, P(a segment ends
# with number t), all partitions summed up and bocpd:
#   t                 0     1     2     3     4     5     6
#   all partitions  .053  .040  .058  .987  .042  .037  .052
#   bocpd           .027  .053  .969  .022  .009  .007  .010
#
# Matters for: where changes are, and evidence of models (Q), with every likelihood of it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 decorator==5.3.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bocpd==0.0.4
venv/bin/python -W ignore - <<'PY'
from itertools import product

import numpy as np
from bocpd.bayesian_models import offline_changepoint_detection
from bocpd.offline_likelihoods import StudentT

values = np.array([0.3, -0.2, 0.1, 0.0, 9.8, 10.1, 10.0, 9.9])
STEPS = len(values)
CHANCE = 1 / (STEPS + 1)  # of a segment of any length
likelihood = StudentT()


def right(values):
    """P(a segment ends with number t), over all partitions, with the same likelihood and prior."""
    total, ends = 0.0, np.zeros(STEPS - 1)
    for cuts in product((0, 1), repeat=STEPS - 1):
        starts = [0] + [t + 1 for t, c in enumerate(cuts) if c]
        last = STEPS - starts[-1]
        logs = sum(likelihood.pdf(values, a, b - 1) for a, b in zip(starts, starts[1:] + [STEPS]))
        weight = np.exp(logs) * CHANCE ** sum(cuts) * (1 - CHANCE * last)
        total, ends = total + weight, ends + weight * np.array(cuts)
    return ends / total


_, segments, changes = offline_changepoint_detection(values, lambda t: np.log(CHANCE), likelihood)
print("likelihood of numbers 0 to 3:", f"{likelihood.pdf(values, 0, 3):.3f}, in the table of segments {segments[0, 3]:.3f},",
      f"which is that of 0 to 4: {likelihood.pdf(values, 0, 4):.3f}")
assert segments[0, 3] == likelihood.pdf(values, 0, 4) != likelihood.pdf(values, 0, 3)
found, exact = np.exp(changes).sum(0), right(values)
print("a segment ends with", *(f"{t:6}" for t in range(STEPS - 1)))
print("all partitions:    ", *(f"{p:.4f}" for p in exact))
print("bocpd:             ", *(f"{p:.4f}" for p in found))
assert exact.argmax() == 3 and exact[3] > 0.98 and exact[2] < 0.1
assert found.argmax() == 2 and found[2] > 0.95 and found[3] < 0.05, "the change is found where it is"
PY
