#!/usr/bin/env bash
# qtheory 1.0.0: a rate of arrivals is never above one a minute: 10 a minute are .93, and one in ten
# minutes is .51.
#
# Packages: qtheory 1.0.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `rate` is the number of arrivals by the number of minutes that were watched, and
# `frequency` says in how many minutes there were none, one, two. Traffic, waits and lengths of all
# queues are reckoned from it.
#
# Happens: minutes without an arrival are to be counted, but the clock that goes from minute to
# minute is not kept ("database + timedelta(minutes=1)", no assignment). What is counted are
# arrivals that do not come in the first minute of their period, so that nearly every arrival is a
# minute without one.
#
# Seen, 2,000 arrivals in four periods:
#   right, a minute                      .10     .99    2.96    9.80
#   found                                .51     .61     .76     .93
#   minutes without one, right        18,325     742      39       0
#   found                              1,992   1,991   1,980   1,954
#   3 arrivals and 2 services a minute: found rho 1.09, right 1.48
#
# Matters for: all that the package says of a queue.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps qtheory==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
import pandas as pd
from qtheory import multiserver, stats

PERIODS, EACH = 4, 500
BEGINNINGS = [EACH * i for i in range(PERIODS + 1)]


def times(rate, seed):
    """Arrivals of a Poisson process in four periods, 30 days apart, to the second; and each one's minute."""
    rng, written, minutes = np.random.default_rng(seed), [], []
    for period in range(PERIODS):
        seconds = 60 * np.cumsum(rng.exponential(1 / rate, EACH))
        moments = pd.Timestamp("2026-01-01") + pd.to_timedelta(30 * period, unit="D") + pd.to_timedelta(seconds, unit="s")
        written += list(moments.strftime("%Y-%m-%d %H:%M:%S"))
        minutes.append((moments.floor("min") - moments[0].floor("min")) // pd.Timedelta("1min"))
    return written, minutes


def right(minutes):
    """Arrivals by minutes from the first to the last of each period."""
    return PERIODS * EACH / sum(int(each[-1]) + 1 for each in minutes)


for rate in (0.1, 1, 3, 10):
    written, minutes = times(rate, 0)
    found = stats.rate(written, BEGINNINGS)
    none = sum(int(each[-1]) + 1 - len(set(each)) for each in minutes)
    table = stats.frequency(written, BEGINNINGS)
    first = sum(int((each[:-1] == each[0]).sum()) for each in minutes)
    print(f"rate {rate}: right {right(minutes):.2f}, found {found:.2f}; minutes without an arrival: right {none}, found {table['frequency'][0]}")
    assert table["frequency"][0] == PERIODS * (EACH - 1) - first and found < 1
    assert abs(right(minutes) / rate - 1) < 0.1 and abs(found / rate - 1) > 0.3

arrivals, services = times(3, 1), times(2, 2)
found = multiserver.roh(arrivals[0], BEGINNINGS, services[0], BEGINNINGS)
print(f"3 arrivals, 2 services: rho found {found:.2f}, right {right(arrivals[1]) / right(services[1]):.2f}")
assert found < 1.2 and right(arrivals[1]) / right(services[1]) > 1.35
PY
