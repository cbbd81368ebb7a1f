#!/usr/bin/env bash
# lr-schedules 0.0.2: times in steps are divided by the number of steps where that is given as well: a
# rate that is to be 1 after 100 steps is 0.01 at the end of 1,000.
#
# Packages: lr-schedules 0.0.2.
#
# Expected: `LinearScheduler(times, values, total_training_steps)`: times "between 0 and 1" are
# "interpreted as fractions of total_training_steps. [...] Otherwise, can be absolute values, e.g.
# [0, 100, 200, etc.]"; the number of steps is only needed for fractions.
#
# Happens: the step is divided by `total_training_steps` whenever it is given, and the quotient, which
# goes from 0 to 1, is looked up among the times. With absolute times training ends at time 1.
#
# Seen, times 0, 100, 1000, values 0, 1, 0 (up in 100 steps, down in 900), 1,000 steps:
#   step                              0       50      100     550     1,000
#   without the number of steps       0       0.5     1       0.5     0
#   fractions, with the number        0       0.5     1       0.5     0
#   with the number                   0       0.0005  0.001   0.0055  0.01
#
# Matters for: whoever passes the number of steps in every case: the whole run has a hundredth of its
# rate, which only grows.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps lr-schedules==0.0.2
venv/bin/python - <<'PY'
from lr_schedules import LinearScheduler

WARM_UP, STEPS, SHOWN = 100, 1_000, (0, 50, 100, 550, 1_000)
times, values = [0, WARM_UP, STEPS], [0.0, 1.0, 0.0]


def right(step):
    return step / WARM_UP if step <= WARM_UP else (STEPS - step) / (STEPS - WARM_UP)


schedules = {
    "steps": LinearScheduler(times, values),
    "fractions": LinearScheduler([time / STEPS for time in times], values, total_training_steps=STEPS),
    "steps, total": LinearScheduler(times, values, total_training_steps=STEPS),
}
print(f"{'right':12}", *(f"{right(step):g}" for step in SHOWN))
for name, schedule in schedules.items():
    print(f"{name:12}", *(f"{schedule(step):g}" for step in SHOWN))
    wanted = right if name != "steps, total" else lambda step: right(step / STEPS)
    assert all(abs(schedule(step) - wanted(step)) < 1e-9 for step in range(STEPS + 1))
both = schedules["steps, total"]
assert max(both(step) for step in range(STEPS + 1)) == both(STEPS) == 1 / WARM_UP
PY
