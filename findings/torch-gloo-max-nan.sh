#!/usr/bin/env bash
# torch 2.13.0: `all_reduce` with MAX or MIN on gloo keeps a NaN of rank 0 and loses
# those of all other ranks.
#
# Packages: torch 2.13.0 (gloo, processes on one machine), numpy 2.4.6.
#
# Expected: the largest of numbers of which one is no number is none, whoever has it:
# so say `torch.max`, `torch.maximum` and NumPy's, and `all_reduce` with SUM. It is the
# usual way to ask whether any process has met a loss that is none.
#
# Happens: two numbers are compared as C++'s std::max does, which gives its first
# argument where a comparison with a NaN is false. A NaN that only rank 0 has reaches
# all; one that only another has is lost on all, that one too, and nobody is told. In a
# long tensor the ranks take turns in being first, part by part, so that of NaNs that
# stand everywhere a part is left.
#
# Seen, all ranks alike; of a long tensor, 100 NaNs among 100,000 numbers:
#   2 ranks, rank 0 has it: MAX nan, MIN nan, SUM nan; of 100 MAX keeps 50
#   2 ranks, rank 1 has it: MAX 1.0, MIN 1.0, SUM nan; of 100 MAX keeps 50
#   3 ranks, rank 1 has it: MAX 1.0, MIN 1.0, SUM nan; of 100 MAX keeps 33
#   3 ranks, rank 2 has it: MAX 1.0, MIN 1.0, SUM nan; of 100 MAX keeps 33
#
# Matters for: whoever looks for a NaN, clips by a largest norm, or keeps a running
# maximum over processes on CPUs. Ask by SUM, or by `isnan()` and MAX.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
cat > one.py <<'PY'
import os
import sys

import torch
import torch.distributed as dist
import torch.multiprocessing as mp


def reduced(tensor, op):
    dist.all_reduce(tensor, getattr(dist.ReduceOp, op))
    return tensor


def member(rank, size, who, folder):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", f"file://{folder}/store", rank=rank, world_size=size)
    own = float("nan") if rank == who else 1.0
    said = ", ".join(f"{op} {reduced(torch.tensor([own]), op).item()}" for op in ("MAX", "MIN", "SUM"))
    long = torch.ones(100_000)
    long[::1000] = own
    left = int(reduced(long, "MAX").isnan().sum())
    every = [None] * size
    dist.all_gather_object(every, (said, left))
    assert len(set(every)) == 1, every
    if rank == 0:
        print(f"{size} ranks, rank {who} has it: {said}; of 100 MAX keeps {left}")
    dist.destroy_process_group()


if __name__ == "__main__":
    assert torch.maximum(torch.tensor(1.0), torch.tensor(float("nan"))).isnan()
    assert torch.maximum(torch.tensor(float("nan")), torch.tensor(1.0)).isnan()
    size, who = map(int, sys.argv[1:3])
    mp.spawn(member, (size, who, sys.argv[3]), size)
PY
expect() {
  mkdir "$1-$2"
  found=$(venv/bin/python one.py "$1" "$2" "$work/$1-$2" | grep ranks)
  echo "$found"
  [ "$found" = "$1 ranks, rank $2 has it: $3" ]
}
expect 2 0 "MAX nan, MIN nan, SUM nan; of 100 MAX keeps 50"
expect 2 1 "MAX 1.0, MIN 1.0, SUM nan; of 100 MAX keeps 50"
expect 3 1 "MAX 1.0, MIN 1.0, SUM nan; of 100 MAX keeps 33"
expect 3 2 "MAX 1.0, MIN 1.0, SUM nan; of 100 MAX keeps 33"
