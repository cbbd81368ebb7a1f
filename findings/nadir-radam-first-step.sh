#!/usr/bin/env bash
# nadir 0.1.1: rectified Adam takes its first step in full, at its most uncertain.
#
# Packages: nadir 0.1.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: RAdam (Liu et al. 2020) does not divide by the root of the second moment as long
# as it rests on too few gradients (as long as the length of the average is 4 or less; torch
# asks for more than 5), and then begins with a small factor: that is its warm-up.
#
# Happens: the length is that of step t with t - 1 in one of two places: in step 1 it is the
# largest there is, the factor is 1, and the step is Adam's, rate times sign. From step 2 on,
# too, all is longer than it should be.
#
# Seen, decays 0.9 and 0.999, rate 0.001, gradients of 100 and 0.0001:
#   first step  torch.optim  0.1 and 0.0000001   nadir  0.001 and 0.000707
#   first step that divides  by the paper 5, torch 6, nadir 1
#
# Matters for: whoever uses RAdam instead of a warm-up: the step that it is to hold back is
# taken.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps nadir==0.1.1
OMP_NUM_THREADS=1 venv/bin/python - <<'PY'
import nadir
import torch

GRADIENTS, RATE, FIRST, SECOND = torch.tensor([100.0, 1e-4]), 0.001, 0.9, 0.999


def steps(make, times=8):
    """What each of the first steps with constant gradients subtracts."""
    weight = torch.nn.Parameter(torch.zeros(2))
    optimizer, taken = make([weight]), []
    for _ in range(times):
        before = weight.detach().clone()
        weight.grad = GRADIENTS.clone()
        optimizer.step()
        taken.append(before - weight.detach())
    return torch.stack(taken)


def length(t):
    """The length of the average in step t, counted from 1 (Liu et al., algorithm 2)."""
    longest = 2 / (1 - SECOND) - 1
    return longest - 2 * t * SECOND**t / (1 - SECOND**t)


right = steps(lambda w: torch.optim.RAdam(w, lr=RATE, betas=(FIRST, SECOND)))
found = steps(lambda w: nadir.Radam(w, nadir.RadamConfig(lr=RATE, beta_1=FIRST, beta_2=SECOND)))
for name, rows in (("torch.optim", right), ("nadir", found)):
    # a step that does not divide is rate times gradient, since these are constant
    plain = torch.isclose(rows[:, 0], RATE * GRADIENTS[0], rtol=1e-3)
    print(f"{name:11} first step", *(f"{size:.3g}" for size in rows[0].tolist()), " plain steps", (plain.nonzero().ravel() + 1).tolist())
by_length = [t for t in range(1, 9) if length(t) <= 4]
print("length of 4 or less in steps", by_length, f"- in step 1 it is {length(1):.2f}")
assert torch.allclose(right[: len(by_length)], RATE * GRADIENTS.expand(len(by_length), 2), rtol=1e-3)
assert torch.isclose(found[0, 0], torch.tensor(RATE), rtol=1e-3), "rate times sign"
PY
