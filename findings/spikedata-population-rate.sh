#!/usr/bin/env bash
# spikedata 0.2.2: bins of a population rate are stretched to fill the recording and still divided by the width asked
# for: the rate is up to twice what it is.
#
# Packages: spikedata 0.2.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `population_firing_rate` counts spikes in bins of `bin_size` and divides by it. Each spike is in one
# bin of that width, and a constant rate is that rate whatever the length of the recording.
#
# Happens: as many bins as fit into the recording are spread over all of it, so that they are wider than `bin_size`, and
# their counts are divided by `bin_size` all the same.
#
# Seen, a spike each millisecond (rate 1 per ms), no smoothing, bins of 100 ms
#   length of the recording    bins    width    mean rate
#   1000                       10      100.0    1.000
#   1050                       10      105.0    1.050
#   290                        2       145.0    1.450
#   199                        1       199.0    1.990
#   right: 1.000 in each
#
# Matters for: rates of recordings whose length is not a multiple of the bin, and of all whose length is taken from
# the last spike; windows of different lengths are compared with different units.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check spikedata==0.2.2 numpy==2.4.6 scipy==1.17.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from spikedata import SpikeData

BIN = 100.0

for length in (1000, 1050, 290, 199):
    times = np.arange(length) + 0.5  # one spike in the middle of each millisecond
    bins, found = SpikeData([times], length=float(length)).population_firing_rate(bin_size=BIN, w=1)
    counts = [np.sum((times >= BIN * k) & (times < BIN * (k + 1))) for k in range(int(length // BIN))]
    right = np.array(counts) / BIN  # of the bins that are whole
    widths = np.diff(bins)
    print(f"length {length}: {len(found)} bins of {widths[0]:.1f}, mean rate {found.mean():.3f}, right {right.mean():.3f}")
    assert (right == 1).all() and len(found) == len(right)
    assert np.allclose(widths, length / len(found)) and abs(found.mean() - length / (BIN * len(found))) < 1e-9
PY
