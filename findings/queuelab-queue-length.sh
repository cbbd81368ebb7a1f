#!/usr/bin/env bash
# queuelab 0.2.0: a simulated queue only grows: its length is the number of all who have come since
# the server was last idle, 91 where 8.1 is right.
#
# Packages: queuelab 0.2.0, matplotlib 3.11.2.
#
# Expected: the mean length of the queue that `MM1(...).simulate()` finds goes to rho^2 / (1 - rho), as
# `mm1_metrics` has it; arrivals of a Poisson process see what there is in the mean. By Little's
# law it is the arrival rate times the mean wait, which comes with it and is right.
#
# Happens: an arrival at a busy server adds one to the length. Nothing is taken off when a service
# ends; only an arrival at an idle server sets the length to 0.
#
# Seen, 200,000 customers:
#   arrivals, services         1, 2      8, 10     .9, 1
#   wait, found                .499      .400      9.09
#   wait, right                .500      .400      9.00
#   length, found             1.997    20.36      90.7
#   length, right              .500     3.20       8.10
#   length, by departures      .499     3.21       8.19
#
# Matters for: `compare_mm1`, which sets simulation beside theory for students.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps queuelab==0.2.0
MPLBACKEND=agg venv/bin/python -W ignore - <<'PY'
import random

from queuelab import MM1

CUSTOMERS = 200_000


def by_departures(arrival, service):
    """Mean number in the queue at arrivals, from the same random numbers, with all departures kept."""
    random.seed(0)
    now, ends, total, first = 0.0, [], 0, 0
    for _ in range(CUSTOMERS):
        now += random.expovariate(arrival)
        while first < len(ends) and ends[first] <= now:
            first += 1
        total += max(len(ends) - first - 1, 0)
        ends.append(max(now, ends[-1] if ends else 0.0) + random.expovariate(service))
    return total / CUSTOMERS


for arrival, service in ((1, 2), (8, 10), (0.9, 1)):
    random.seed(0)
    found, rho = MM1(arrival, service, max_customers=CUSTOMERS).simulate(), arrival / service
    wait, length, counted = rho / (service - arrival), rho**2 / (1 - rho), by_departures(arrival, service)
    print(f"{arrival}, {service}: wait {found['avg_wait_time']:.3f}, right {wait:.3f}; length {found['avg_queue_length']:.3f}, right {length:.3f}, by departures {counted:.3f}")
    assert abs(found["avg_wait_time"] / wait - 1) < 0.06 and abs(counted / length - 1) < 0.06
    assert found["avg_queue_length"] > 3.5 * length
PY
