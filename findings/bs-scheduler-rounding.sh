#!/usr/bin/env bash
# bs-scheduler 1.0.2: each batch size is computed from the rounded one before: a linear growth from 16
# to 64 in 100 epochs stays at 16.
#
# Packages: bs-scheduler 1.0.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `LinearBS(start_factor, end_factor, milestone)` goes from `start_factor` to `end_factor`,
# "the number we multiply the batch size at the end of the linear changing process"; `MultiplicativeBS`
# multiplies by what a function says, 1.05 in its example. Batch sizes are whole numbers, so each is
# within a half of that.
#
# Happens: the next size is the current one, already rounded, times the quotient of two factors. What is
# rounded off is lost; where a step is below a half, nothing happens ever. `ExponentialBS` keeps the
# number that is not rounded, and is right.
#
# Seen:
#   LinearBS, 100 epochs       epoch 0   25    50    75    100     right at 100
#   16, from 1 to 4            16        16    16    16    16      64
#   16, from 3 to 1            48        48    48    38    25      16
#   32, from 3 to 1            96        71    50    38    25      32
#   times 1.05                 epoch 1   10    20    50    100     right at 100
#   MultiplicativeBS, 10       10        10    10    10    10      1,315
#   ExponentialBS, 10          10        16    27    115   1,315   1,315
#
# Matters for: small batches and long schedules. The examples, with sixfold batches in 5 epochs, are
# right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bs-scheduler==1.0.2
venv/bin/python -W ignore - <<'PY'
import torch
from bs_scheduler import ExponentialBS, LinearBS, MultiplicativeBS
from torch.utils.data import DataLoader, TensorDataset

EPOCHS, GROWTH, SHOWN = 100, 1.05, (0, 25, 50, 75, 100)
data = TensorDataset(torch.zeros(100_000, 1))


def sizes(base, make, epochs=EPOCHS):
    """Batch sizes that the loader has in epochs 0, 1, ..."""
    loader = DataLoader(data, batch_size=base)
    scheduler, found = make(loader), []
    for _ in range(epochs + 1):
        found.append(loader.batch_sampler.batch_size)
        scheduler.step()
    return found


def linear(start, end, epochs=EPOCHS):
    return lambda loader: LinearBS(loader, start_factor=start, end_factor=end, milestone=epochs)


def line(base, start, end, epoch, epochs=EPOCHS):
    return base * (start + (end - start) * epoch / epochs)


for base, start, end, last in ((16, 1.0, 4.0, 16), (16, 3.0, 1.0, 25), (32, 3.0, 1.0, 25)):
    found = sizes(base, linear(start, end))
    print(f"{base}, from {start:g} to {end:g}:", *(found[epoch] for epoch in SHOWN), f"right {line(base, start, end, EPOCHS):g}")
    assert found[-1] == last != line(base, start, end, EPOCHS)
    current = round(base * start)
    for epoch in range(1, EPOCHS + 1):  # the rounded size times the quotient of two factors
        current = round(current * line(1, start, end, epoch) / line(1, start, end, epoch - 1))
        assert abs(found[epoch] - current) <= 1
assert sizes(10, linear(6.0, 1.0, 5), 5) == [line(10, 6, 1, epoch, 5) for epoch in range(6)]  # its example

for name, make in (
    ("MultiplicativeBS", lambda loader: MultiplicativeBS(loader, bs_lambda=lambda epoch: GROWTH)),
    ("ExponentialBS", lambda loader: ExponentialBS(loader, gamma=GROWTH)),
):
    found, right = sizes(10, make), [10 * GROWTH**epoch for epoch in range(EPOCHS + 1)]
    print(f"{name}, 10:", *(found[epoch] for epoch in (1, 10, 20, 50, 100)), f"right {right[-1]:.0f}")
    if name == "ExponentialBS":
        assert all(abs(a - b) <= 0.5 for a, b in zip(found, right, strict=True))
    else:
        assert set(found) == {10}
PY
