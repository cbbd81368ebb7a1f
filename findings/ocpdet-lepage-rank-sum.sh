#!/usr/bin/env bash
# ocpdet 0.0.6: Lepage's test, for location and scale and the default, is the rank-sum
# test, which sees location alone.
#
# Packages: ocpdet 0.0.6, numpy 2.4.6, scipy 1.17.1. The package imports TensorFlow for
# another of its methods; the file with this one needs none and is run by itself.
#
# Expected: `TwoSample(statistic="Lepage")` finds changes of location, of scale, and of
# both, by the documentation. Lepage's statistic is the square of the standardised
# rank sum plus that of a test of dispersion (Ansari and Bradley's).
#
# Happens: the table of statistics has `scipy.stats.ranksums` under Lepage. A change of
# scale about the same middle leaves rank sums as they are.
#
# Seen, 40 numbers +-1 and 40 numbers +-20, at the place of the change:
#   its statistic 0.00     Lepage's 99.6, all of it dispersion
#   whole sequence, default threshold: no change found; of location, by 4: one
#
# Matters for: watching the loss or the residuals of a run for a change of their
# spread, what the default is documented for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ocpdet==0.0.6
cp venv/lib/python3*/site-packages/ocpdet/TwoSample.py .
venv/bin/python - <<'PY'
import numpy as np
from scipy.stats import ansari, norm, ranksums
from TwoSample import TwoSample


def changes(data):
    detector = TwoSample()
    assert detector.statistic == "Lepage"
    detector.process(data)
    return list(detector.changepoints), detector.statistic


signs, spread = np.tile([1.0, -1.0], 40), np.repeat([1.0, 20.0], 40)
jitter = np.random.default_rng(0).normal(size=80) / 100
scale, location = signs * spread + jitter, signs + 4 * (spread > 1) + jitter
before, after = scale[:40], scale[40:]
dispersion = norm.isf(ansari(before, after).pvalue / 2) ** 2
lepage = ranksums(before, after).statistic ** 2 + dispersion
found, used = changes(scale)
print(f"at the change: its statistic {abs(used(before, after)[0]):.2f}, Lepage {lepage:.1f}, dispersion {dispersion:.1f}")
print(f"found: of scale {found}, of location {changes(location)[0]}")
assert used is ranksums, "Lepage is another test now"
assert lepage > 30 and found == [] and len(changes(location)[0]) >= 1
PY
