#!/usr/bin/env bash
# pytorch-stream-dataloader 1.0: with two workers and padding by data, what is left of a longer stream is dropped: 4 of
# its 20 items come out. With padding by zeros there are batches of nothing but padding at the end.
#
# Packages: pytorch-stream-dataloader 1.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `StreamDataLoader(StreamDataset(streams, streamer, batch_size, padding_mode, fill_value), num_workers, ...)`
# streams "anything in temporally coherent batches", "with several workers". Padding fills up rows whose streams have
# ended while others go on. How many workers there are does not change what is read.
#
# Happens: a batch is put together as soon as every worker has a part. When the worker with the short stream ends, the
# parts of the others wait in a queue, which is emptied only if the padding is zeros. There each worker goes on for
# one step after its last item, and the loop that empties the queues begins with a batch of padding in any case.
#
# Seen, streams of 3 and 20 items in a batch of two
#   padding   workers    batches    items of the longer stream    batches of padding alone
#   data      0, 1       21         20 of 20                      -
#   data      2           4          4 of 20                      -
#   zeros     0, 1       22         20 of 20                      2
#   zeros     2          21         20 of 20                      1
#
# Matters for: training recurrent networks on long recordings: with more workers most of the longest ones is not seen.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 setuptools==80.9.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation pytorch-stream-dataloader==1.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import torch
from pytorch_stream_dataloader.stream_dataloader import StreamDataLoader
from pytorch_stream_dataloader.stream_dataset import StreamDataset

SHORT, LONG, PADDING = ("short", 3), ("long", 20), ("padding", 0)
print("pytorch-stream-dataloader", version("pytorch-stream-dataloader"), "torch", torch.__version__)


def streamer(stream):
    name, length = stream
    for index in range(length):
        yield name, index


found = {}
for padding in ("data", "zeros"):
    for workers in (0, 1, 2):
        dataset = StreamDataset([SHORT, LONG], streamer, 2, padding, PADDING)
        batches = [list(batch) for batch in StreamDataLoader(dataset, workers, list)]
        seen = {item for batch in batches for item in batch}
        of_long = sum(name == "long" for name, _ in seen)
        empty = sum(all(item == PADDING for item in batch) for batch in batches)
        print(f"padding by {padding}, {workers} workers: {len(batches)} batches, {of_long} of 20 items of the longer "
              f"stream, {empty} batches of padding alone")
        assert sum(name == "short" for name, _ in seen) == 3
        found[padding, workers] = of_long, empty
assert all(found["data", workers] == (20, 0) for workers in (0, 1)) and found["data", 2] == (4, 0)
assert all(found["zeros", workers] == (20, 2) for workers in (0, 1)) and found["zeros", 2] == (20, 1)
PY
