#!/usr/bin/env bash
# cut2min-bucket 0.1.3: the length of a bucketing sampler is not the number of its batches: with
# `drop_last` it says twice as many, and where none comes at all it says 99.
#
# Packages: cut2min-bucket 0.1.3, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `len(BucketBatchSampler(...))`, which is the length of a DataLoader made with it, is the
# number of batches of an epoch, as for torch's samplers. With `drop_last` the last batch of each
# partition is left out if it is not full.
#
# Happens: the length is counted without looking at `drop_last`. The last partition, which may be smaller,
# gets the size of the others less (n // partitions) % partitions, which has to do with it only by
# chance: the length is off without `drop_last` too.
#
# Seen, samples / batch size / partitions (100 is the default): length, batches that come:
#   1000 / 8 / 100                   198   200
#   1030 / 8 / 100                   199   187
#   10000 / 64 / 100                 200   200
#   10000 / 64 / 100, drop_last      200   100
#   1000 / 32 / 100, drop_last        99     0   an epoch without a step, and without an error
#
# Matters for: whoever gives `epochs * len(loader)` to a schedule: at the end of the run the learning
# rate is where it should be in the middle. Progress, checkpoints by step, and gradient accumulation too.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps cut2min-bucket==0.1.3
venv/bin/python -W ignore - <<'PY'
import math

import torch
from cut2min_bucket import BucketBatchSampler
from torch.utils.data import DataLoader, TensorDataset


def batches(samples, size, partitions, drop):
    """Partitions of equal size, the last one with what is left, cut into batches."""
    each, total = math.ceil(samples / partitions), 0
    for begin in range(0, samples, each):
        full, rest = divmod(min(each, samples - begin), size)
        total += full + (rest > 0 and not drop)
    return total


lengths = {}
for case in ((1000, 8, 100, False), (1030, 8, 100, False), (10_000, 64, 100, False), (10_000, 64, 100, True), (1000, 32, 100, True)):
    samples, size, partitions, drop = case
    torch.manual_seed(0)
    data, sizes = TensorDataset(torch.arange(samples)), torch.randint(1, 50, (samples,))
    loader = DataLoader(data, batch_sampler=BucketBatchSampler(data, sizes, size, n_partitions=partitions, drop_last=drop))
    seen = [int(sample) for (batch,) in loader for sample in batch]
    come = sum(1 for _ in loader)
    print(f"{samples} samples, batches of {size}, {partitions} partitions, drop_last {drop}: length {len(loader)}, batches {come}")
    assert come == batches(*case) and len(set(seen)) == len(seen) and (drop or len(seen) == samples)
    lengths[case] = (len(loader), come)

    steps, rate = len(loader), torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(rate, steps)
    for _ in loader:
        rate.step()
        cosine.step()
    print(f"    a cosine over one epoch ends with {cosine.get_last_lr()[0]:.2f} of its rate")
    assert drop is False or cosine.get_last_lr()[0] > 0.49
assert lengths[1000, 8, 100, False] == (198, 200) and lengths[1030, 8, 100, False] == (199, 187)
assert lengths[10_000, 64, 100, True] == (200, 100) and lengths[1000, 32, 100, True] == (99, 0)
PY
