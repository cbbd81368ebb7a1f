#!/usr/bin/env bash
# torch 2.13.0: `all_reduce` of a flag on gloo adds its bytes, so that a flag that is
# set turns unset after 9 steps.
#
# Packages: torch 2.13.0 (gloo, two processes on one machine).
#
# Expected: the sum of booleans is "any", the operation that `all_reduce` takes when it
# is told none: so it is on NCCL, where a sum of booleans is made a maximum for this
# reason, and so is `True + True` of two tensors.
#
# Happens: gloo takes a boolean for a byte and adds. True and True give a boolean whose
# byte is 2. It reads as True, but it is no longer one: what is added to it again and
# again, as a flag "somebody wants to stop" that is kept and reduced at every step,
# goes 1, 2, 4 ... 128, 256, and the byte of 256 is 0: False. So is the sum of 256 flags
# that are all set.
#
# Seen, of two ranks of which one sets the flag once, byte and value after each step:
#   1 True, 2 True, 4 True, 8 True, 16 True, 32 True, 64 True, 128 True, 0 False
# and with MAX in the place of SUM:
#   1 True, 1 True, 1 True, 1 True, 1 True, 1 True, 1 True, 1 True, 1 True
#
# Matters for: flags and masks that processes on CPUs share. Name the operation: MAX.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0
cat > one.py <<'PY'
import sys

import torch
import torch.distributed as dist
import torch.multiprocessing as mp


def steps(rank, op):
    flag, said = torch.tensor([rank == 1]), []
    for _ in range(9):
        dist.all_reduce(flag, op)
        said.append(f"{flag.view(torch.uint8).item()} {flag.item()}")
    return ", ".join(said)


def member(rank, folder):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", f"file://{folder}/store", rank=rank, world_size=2)
    for name in ("SUM", "MAX"):
        said = steps(rank, getattr(dist.ReduceOp, name))
        if rank == 0:
            print(f"{name}: {said}")
    dist.destroy_process_group()


if __name__ == "__main__":
    assert (torch.tensor([True]) + torch.tensor([True])).view(torch.uint8).item() == 1
    mp.spawn(member, (sys.argv[1],), 2)
PY
found=$(venv/bin/python one.py "$work" | grep ": ")
echo "$found"
[ "$found" = "SUM: 1 True, 2 True, 4 True, 8 True, 16 True, 32 True, 64 True, 128 True, 0 False
MAX: 1 True, 1 True, 1 True, 1 True, 1 True, 1 True, 1 True, 1 True, 1 True" ]
