#!/usr/bin/env bash
# tensorboard-reducer 0.4.0: runs of unequal length pass the check for equal length once
# both have more than 10,000 steps, and most of the steps are left out.
#
# Packages: tensorboard-reducer 0.4.0, tensorboard 2.20.0, pandas 2.3.3, numpy 2.1.3.
#
# Expected: `load_tb_events(..., strict_steps=True)`, the default, is documented to "throw
# error if equal tags across different runs have unequal numbers of steps", and to return
# arrays of (n_steps, n_runs).
#
# Happens: of each tag a random 10,000 values are kept when the file is read (the
# comment says the last 10,000), so that all longer runs have equally many. The
# check counts what was kept and passes. The runs are then joined on their steps, of which
# those survive that both samples happen to hold.
#
# Seen:
#   9,000 and 8,000 steps:    refused, unequal numbers of steps
#   12,000 and 24,000 steps:  accepted, 5,017 steps left of 12,000
#   12,000 and 12,000 steps:  accepted, 10,000 steps left
#
# Matters for: averaging long runs over seeds: a run that ended early goes unnoticed, the
# best or worst step may be among those left out, and nothing says that any are.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.1.3 pandas==2.3.3 tensorboard==2.20.0 tqdm==4.67.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps tensorboard-reducer==0.4.0
venv/bin/python -W ignore - <<'PY'
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard_reducer import load_tb_events


def write(folder, steps):
    writer = EventFileWriter(folder)
    for step in range(steps):
        writer.add_event(Event(wall_time=step, step=step, summary=Summary(value=[Summary.Value(tag="loss", simple_value=1 / (step + 1))])))
    writer.close()


def left(*lengths):
    """How many steps are loaded of runs of these lengths; None if they are refused."""
    folders = [f"runs-{lengths}/{number}" for number in range(len(lengths))]
    for folder, steps in zip(folders, lengths):
        write(folder, steps)
    try:
        return len(load_tb_events(folders)["loss"])
    except ValueError as error:
        assert "Unequal number of steps" in str(error)
        return None


for lengths, seen in (((9_000, 8_000), None), ((12_000, 24_000), 5_017), ((12_000, 12_000), 10_000)):
    steps = left(*lengths)
    print(f"{lengths[0]} and {lengths[1]} steps:", "refused" if steps is None else f"accepted, {steps} steps left of {min(lengths)}")
    assert steps == seen
PY
