#!/usr/bin/env bash
# anyschedule 0.1.0: a polynomial schedule in its recursive form stays at the full rate: halfway it is at 0.98, where it should
# be 0.5, and it falls in the last ten steps.
#
# Packages: anyschedule 0.1.0, toml 0.10.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `closed_form` False is the other form of the same schedule, as torch's PolynomialLR has both: the
# factor (1 - t / T) / (1 - (t - 1) / T), by which the last rate is multiplied. Products of it give 1 - t / T.
#
# Happens: the factor is not multiplied to the last rate but to the first one: `AnySchedule` asks for a multiple of the base
# rate. It is 0.99 at first and 0.5 at the last step but one.
#
# Seen, rate 1, 100 steps, power 1
#   step                       1       10      50      90      99
#   closed form                0.99    0.9     0.5     0.1     0.01
#   torch PolynomialLR         0.99    0.9     0.5     0.1     0.01
#   `closed_form` False        0.99    0.989   0.98    0.909   0.5
#
# Matters for: whoever sets it to chain schedules: there is hardly any decay, and none is missed until losses are compared.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps anyschedule==0.1.0 toml==0.10.2
venv/bin/python -W ignore - <<'PY'
import torch
from anyschedule import AnySchedule

STEPS, SHOWN = 100, (1, 10, 50, 90, 99)


def rates(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler, found = make(optimizer), []
    for _ in range(STEPS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def polynomial(power, closed):
    return lambda optimizer: AnySchedule(
        optimizer, config={"lr": {"mode": "polynomial", "end": STEPS, "power": power, "closed_form": closed}})


for power in (1, 2):
    closed, other = rates(polynomial(power, True)), rates(polynomial(power, False))
    torchs = rates(lambda optimizer: torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=STEPS, power=power))
    print(f"power {power}: closed", *(f"{closed[t]:.4f}" for t in SHOWN), "other", *(f"{other[t]:.4f}" for t in SHOWN))
    product = 1.0
    for t in range(STEPS):
        factor = ((1 - t / STEPS) / (1 - (t - 1) / STEPS)) ** power
        product *= factor if t else 1.0
        assert abs(other[t] - factor) < 1e-9  # each rate is the factor alone
        assert abs(closed[t] - product) < 1e-9 and abs(torchs[t] - product) < 1e-9  # the product is the schedule
    assert other[50] > 0.95 and abs(closed[50] - 0.5**power) < 1e-9
PY
