#!/usr/bin/env bash
# jmarkov 0.3.13: a queue with several servers ends at 100 customers: with 120 servers, of which
# 108 are busy, 18 customers are in the system.
#
# Packages: jmarkov 0.3.13, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `mmk(k, arr_rate, ser_rate)` "computes steady state metrics" of a queue without end: the
# number in the system is what is served, arrivals over rate, and what waits, by Erlang's formula.
# With one server it is rho / (1 - rho).
#
# Happens: means are sums over the first 100 states, whatever mass these have. With more servers
# than that nobody waits; from about 145 on the products of rates overflow, and all is 0.
#
# Seen:
#   servers   load    right in the system    found
#   1         .9      9.0                    9.0
#   1         .99     99.0                   26.2
#   120       .9      109.6                  18.5     of them in service, by the package, 108
#   150       .9      136.3                  0.0
#
# Matters for: queues that are busy or large, the ones that one computes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps jmarkov==0.3.13
venv/bin/python -W ignore - <<'PY'
import math

from jmarkov.queue.mmk import mmk


def right(servers, load):
    """What is served and what waits, by Erlang's formula, from its recursion for a loss system."""
    offered, blocked = servers * load, 1.0
    for n in range(1, servers + 1):
        blocked = offered * blocked / (n + offered * blocked)
    waits = blocked / (1 - load * (1 - blocked))
    return offered + waits * load / (1 - load)


found = {}
for servers, load in ((1, 0.9), (1, 0.99), (120, 0.9), (150, 0.9)):
    queue = mmk(servers, servers * load, 1.0)
    found[servers, load] = queue.mean_number_entities()
    print(f"{servers} servers, load {load}: right {right(servers, load):.1f}, found {found[servers, load]:.1f}; in service, by the package, {queue.mean_number_entities_service():.1f}")
assert math.isclose(right(1, 0.9), 9) and math.isclose(right(1, 0.99), 99)
assert abs(found[1, 0.9] - 9) < 0.05 and found[1, 0.99] < 50 and found[120, 0.9] < 30 and found[150, 0.9] == 0
PY
