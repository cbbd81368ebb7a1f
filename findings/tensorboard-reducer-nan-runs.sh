#!/usr/bin/env bash
# tensorboard-reducer 0.4.0: a run whose loss has become NaN leaves the mean, which falls.
#
# Packages: tensorboard-reducer 0.4.0, tensorboard 2.20.0, pandas 2.3.3, numpy 2.1.3.
#
# Expected: the reductions are documented as NumPy's, `{"mean": arr.mean(-1), "std":
# arr.std(-1)}`, over all runs of a step. By that the mean with one NaN is NaN, and the
# standard deviation divides by the number of runs.
#
# Happens: they are pandas' methods of the same names. A NaN is passed over: the step's
# mean, maximum and spread are those of the runs that are left, with the number of runs
# changing mid-way and no word about it (`min_runs_per_step`, which warns of this, is not
# used, and the NaN was recorded). The spread divides by the number of runs less one: 1.41
# times the documented value for two runs, NaN for one.
#
# Seen, losses of three runs at three steps (1 3 5), (3 NaN 5), (2 NaN 4):
#   step 0: mean 3, std 2.0000, NumPy 3 and 1.6330
#   step 1: mean 4, std 1.4142, NumPy NaN
#   step 2: mean 3, std 1.4142, NumPy NaN
#
# Matters for: curves averaged over seeds. One diverged seed of five makes the mean curve
# better from there on, where it should end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.1.3 pandas==2.3.3 tensorboard==2.20.0 tqdm==4.67.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps tensorboard-reducer==0.4.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard_reducer import load_tb_events, reduce_events

RUNS = {"a": [1, 3, 2], "b": [3, float("nan"), float("nan")], "c": [5, 5, 4]}
for folder, losses in RUNS.items():
    writer = EventFileWriter(folder)
    for step, loss in enumerate(losses):
        writer.add_event(Event(wall_time=step, step=step, summary=Summary(value=[Summary.Value(tag="loss", simple_value=loss)])))
    writer.close()
loaded = load_tb_events(list(RUNS))
assert np.array_equal(loaded["loss"].to_numpy().T, list(RUNS.values()), equal_nan=True), "the NaN is read as it was written"
reduced = reduce_events(loaded, ["mean", "std", "max"])
array = loaded["loss"].to_numpy()
for step, right_mean, right_std in zip(range(3), array.mean(-1), array.std(-1)):
    mean, std, largest = (float(reduced[name]["loss"][step]) for name in ("mean", "std", "max"))
    print(f"step {step}: mean {mean:.4g}, std {std:.4f}, max {largest:.4g}; NumPy mean {right_mean:.4g}, std {right_std:.4f}")
    others = array[step][~np.isnan(array[step])]
    assert np.allclose([mean, std, largest], [others.mean(), others.std(ddof=1), others.max()])
    assert np.isnan(right_mean) == (step > 0) and (step > 0 or abs(std / right_std - 1.5**0.5) < 1e-9)
PY
