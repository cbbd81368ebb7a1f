#!/usr/bin/env bash
# spikedata 0.2.2: a burst that lasts to the last spike of a train is not found: of a train of bursts the last one
# is lost, and a train that is one burst has none.
#
# Packages: spikedata 0.2.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `burst_detection` gives the runs of spikes whose intervals are all at most the threshold, if they have
# as many spikes as asked for: "[index of burst start point, number of spikes in this burst]".
#
# Happens: a run is written down when a longer interval ends it. The run at the end of the train has none after it.
#
# Seen, threshold 5, bursts of at least 3 spikes
#   0 1 2, 50 51 52 53, 100 101 102      found 0+3 and 3+4; right also 7+3
#   the same and one spike at 200        all three are found
#   0 1 2 3 4                            found none; right 0+5
#   200 random trains of 30 spikes: 64 bursts fewer than there are
#
# Matters for: bursts per train of recordings cut into pieces: each piece lacks one, and the rate goes down
# with the length of the pieces.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check spikedata==0.2.2 numpy==2.4.6 scipy==1.17.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from spikedata.spikedata import burst_detection

THRESHOLD, LEAST = 5.0, 3


def right(times):
    """All runs of spikes [i, j) that no neighbour can be added to."""
    n = len(times)
    close = [times[k + 1] - times[k] <= THRESHOLD for k in range(n - 1)]
    found = []
    for i in range(n):
        for j in range(i + LEAST, n + 1):
            inside = all(close[i : j - 1])
            if inside and (i == 0 or not close[i - 1]) and (j == n or not close[j - 1]):
                found.append([i, j - i])
    return found


def told(times):
    return burst_detection(np.array(times, float), THRESHOLD, LEAST)[0]


bursts = [0, 1, 2, 50, 51, 52, 53, 100, 101, 102]
for times in (bursts, [*bursts, 200], [0, 1, 2, 3, 4]):
    print(times, "found", told(times), "right", right(times))
assert told(bursts) == right(bursts)[:-1] and len(right(bursts)) == 3
assert told([*bursts, 200]) == right([*bursts, 200]) == right(bursts)
assert told([0, 1, 2, 3, 4]) == [] and right([0, 1, 2, 3, 4]) == [[0, 5]]

rng = np.random.default_rng(0)
lost = 0
for _ in range(200):
    times = np.cumsum(rng.exponential(6.0, 30))
    all_of_them, found = right(times), told(times)
    at_the_end = [burst for burst in all_of_them if sum(burst) == 30]
    assert found == [burst for burst in all_of_them if burst not in at_the_end]
    lost += len(at_the_end)
print("lost in 200 trains:", lost)
assert lost > 40
PY
