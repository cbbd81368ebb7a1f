#!/usr/bin/env bash
# neurocomplexity 1.2.2: two sources tell less of a target than one of them does: mutual
# information is "Miller-Madow corrected" by the cells of the joint table alone.
#
# Packages: neurocomplexity 1.2.2, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, tqdm 4.70.1,
# joblib 1.6.0.
#
# Expected: the correction of Miller and Madow adds (m - 1) / 2N to the entropy of a table with
# m cells in use. I = H(Y) + H(S) - H(Y, S) then gets (mY - 1) + (mS - 1) - (mYS - 1) over 2N.
# So corrected, estimates are right on average up to smaller terms, and a second source without
# information changes nothing, since I(Y; S1, S2) >= I(Y; S1).
#
# Happens: (mYS - 1) / 2N is subtracted, and the other two are not added back (a remark in the
# source calls it the dominant term). For 3 x 3 cells that is twice too much, for 3 x 9 it is 26
# where 16 is right: the more a source adds to the table, the more it takes away.
#
# Seen, 3 levels, the target follows source 1, source 2 is noise; 300 recordings of 1000 bins,
# means in nats:
#                                        source 1     both
#   truth                                 0.0214     0.0214
#   corrected, all three entropies        0.0209     0.0210
#   package                               0.0189     0.0160
#   both sources below source 1 alone: in 262 of 300
#   the four parts of the decomposition sum to 0.0191, the total given with them is 0.0160
#
# Matters for: how much a second area adds: it seems to take information away, synergy is cut
# off at 0, and the four parts no longer sum to the whole that is given with them.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 tqdm==4.70.1 joblib==1.6.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps neurocomplexity==1.2.2
venv/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
from neurocomplexity.analysis import partial_information
from neurocomplexity.core import ProvenanceRecord, SpikeRecording

BIN, N, RECORDINGS, FOLLOW = 0.005, 1000, 300, 0.15
SHARES = np.array([0.45, 0.3, 0.25])
rng = np.random.default_rng(1)


def recording(**counts):
    """Spikes in the middle of their bins, one unit for each stream."""
    names = list(counts)
    bins = [np.repeat(np.arange(len(c)), c) for c in counts.values()]
    times = np.concatenate(bins) * BIN + BIN / 2
    units = np.repeat(np.arange(len(names)), [len(b) for b in bins])
    order = np.argsort(times, kind="stable")
    return SpikeRecording(
        spike_times=times[order],
        unit_ids=units[order],
        units=pd.DataFrame({"id": np.arange(len(names))}),
        populations={n: np.arange(len(names)) == i for i, n in enumerate(names)},
        duration=len(counts[names[0]]) * BIN + BIN / 4,
        sampling_rate=None,
        source=ProvenanceRecord.for_memory("array"),
    )


def entropy(table):
    table = table[table > 0]
    p = table / N
    return -(p * np.log(p)).sum() + (len(table) - 1) / (2 * N)


def corrected(table):
    return entropy(table.sum(1)) + entropy(table.sum(0)) - entropy(table.ravel())


joint = SHARES[:, None] * (FOLLOW * np.eye(3) + (1 - FOLLOW) * SHARES)
truth = (joint * np.log(joint / np.outer(SHARES, SHARES))).sum()
rows = []
for _ in range(RECORDINGS):
    a, b, y = rng.choice(3, (3, N), p=SHARES)
    y = np.where(rng.random(N) < FOLLOW, a, y)
    table = np.bincount(9 * y + 3 * a + b, minlength=27).reshape(3, 3, 3)
    found = partial_information(recording(y=y, a=a, b=b), "y", ["a", "b"], BIN * 1000, 0, 3)
    one = found.redundancy + found.unique_1
    parts = one + found.unique_2 + found.synergy
    both = table.reshape(3, 9)
    rows.append([corrected(table.sum(2)), corrected(both), one, found.total_mi, parts])
rows = np.array(rows)
right_one, right_both, one, both, parts = rows.mean(0)
fewer = int((rows[:, 3] < rows[:, 2]).sum())
print(f"truth {truth:.4f}  corrected: one {right_one:.4f} both {right_both:.4f}")
print(f"package: one {one:.4f} both {both:.4f} sum of parts {parts:.4f}  both below one {fewer}")
assert abs(right_one - truth) < 0.001 and abs(right_both - truth) < 0.001
assert truth - one > 0.001 and truth - both > 0.004 and parts - both > 0.002
assert fewer > 0.8 * RECORDINGS
PY
