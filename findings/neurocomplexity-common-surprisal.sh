#!/usr/bin/env bash
# neurocomplexity 1.2.2: `redundancy="iccs"` finds one bit that two independent sources share,
# where the measure it names was made to find none.
#
# Packages: neurocomplexity 1.2.2, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, tqdm 4.70.1,
# joblib 1.6.0.
#
# Expected: "Ince (2017) I_ccs", the pointwise common change in surprisal. There the common
# part is i1 + i2 - i12, the local co-information, counted where its sign and those of i1, i2
# and i12 agree. For a target that is the pair of two independent sources it is 1 + 1 - 2 = 0
# everywhere: nothing is common, one bit is unique to each. That sources without information
# of each other share none of the pair is the property which that paper asks for against the
# measure of Williams and Beer, the other choice, which says 1 bit.
#
# Happens: min(i1, i2) is summed where the signs of i1 and i2 agree: i12 is not looked at. Two
# different bits of the target count as one common bit, whenever both are told.
#
# Seen, bits (redundant, unique to 1, unique to 2, synergy; without correction for size):
#                         I_ccs by definition         package
#   target is the pair    0, 1, 1, 0                  1, 0, 0, 1
#   target is the xor     0, 0, 0, 1                  0, 0, 0, 1
#
# Matters for: the choice offered for being more careful than the default: on such streams it
# turns all unique information to redundancy and synergy, as the default does.
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

BIN = 0.005
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


def decomposition(y, a, b):
    """I_ccs by its definition, where the target tells both or the sources decide alone."""
    total = len(y)

    def share(*columns):
        _, where, n = np.unique(np.stack(columns), axis=1, return_inverse=True, return_counts=True)
        return n[where.ravel()] / total

    i1 = np.log2(share(y, a) / share(y) / share(a))
    i2 = np.log2(share(y, b) / share(y) / share(b))
    i12 = np.log2(share(y, a, b) / share(y) / share(a, b))
    common = i1 + i2 - i12
    signs = np.sign(np.round([i1, i2, i12, common], 9))
    red = np.mean(np.where((signs == signs[0]).all(0), common, 0))
    return red, i1.mean() - red, i2.mean() - red, i12.mean() - i1.mean() - i2.mean() + red


n = 40000  # each pair of values equally often
pairs = rng.permutation(np.arange(n) % 4)
a, b = pairs // 2, pairs % 2
for name, y, levels in ("pair", 2 * a + b, 4), ("xor", a ^ b, 2):
    found = partial_information(
        recording(y=y, a=a, b=b), "y", ["a", "b"], BIN * 1000, 0, levels, redundancy="iccs"
    )
    parts = np.array([found.redundancy, found.unique_1, found.unique_2, found.synergy]) / np.log(2)
    right = np.array(decomposition(y, a, b))
    print(name, "by definition", np.round(right + 0, 2) + 0, " package", np.round(parts, 2) + 0)
    if name == "pair":
        assert np.allclose(right, [0, 1, 1, 0], atol=1e-9)
        assert np.allclose(parts, [1, 0, 0, 1], atol=0.01)
    else:
        assert np.allclose(right, [0, 0, 0, 1], atol=1e-9)
        assert np.allclose(parts, right, atol=0.01)
PY
