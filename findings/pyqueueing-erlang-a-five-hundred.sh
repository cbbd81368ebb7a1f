#!/usr/bin/env bash
# pyqueueing 0.1.1: with 500 servers or more nobody waits in an Erlang A queue, and from 400 on
# too few do.
#
# Packages: pyqueueing 0.1.1, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `ErlangA` is a birth and death chain: arrivals, services, and impatient customers who
# leave. Its numbers are sums over the states of that chain, in logarithms "for numerical
# stability with large c".
#
# Happens: the sums end at 500 customers in the system, however many servers there are. States
# with a queue beyond that have no probability; with 500 servers or more there are none.
#
# Seen, mean patience two services, waiting, queue, leaving:
#   servers, load   right                    package
#   100, 110        .929   20.8   9.46 %     .929   20.8   9.46 %
#   450, 460        .790   25.9   2.82 %     .748   17.8   1.94 %
#   500, 510        .781   26.6   2.61 %     .048   0      0
#   600, 620        .893   43.1   3.47 %     .054   0      0
#
# Matters for: staffing with `CallCenterPlanner` of this size: any number of servers above 500
# leaves nobody unserved.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyqueueing==0.1.1
venv/bin/python - <<'PY'
import numpy as np
from pyqueueing import ErlangA

IMPATIENCE, STATES = 0.5, 6_000


def by_balance(servers, load):
    """Probability of waiting, mean queue and share of those who leave."""
    customers = np.arange(STATES)
    out = np.minimum(customers, servers) + IMPATIENCE * np.maximum(customers - servers, 0)
    logs = np.concatenate([[0], np.cumsum(np.log(load) - np.log(out[1:]))])
    probabilities = np.exp(logs - logs.max())
    probabilities /= probabilities.sum()
    queue = (np.maximum(customers - servers, 0) * probabilities).sum()
    return probabilities[servers:].sum(), queue, IMPATIENCE * queue / load


for servers, load in ((100, 110), (450, 460), (500, 510), (600, 620)):
    model = ErlangA(arrival_rate=load, service_rate=1.0, servers=servers, patience_rate=IMPATIENCE)
    right, found = by_balance(servers, load), (model.prob_wait(), model.mean_queue_length(), model.prob_abandon())
    served = load * (1 - right[2])
    assert served < servers and abs(load - served - IMPATIENCE * right[1]) < 1e-9
    print(f"{servers}, {load}: right", *(f"{number:.4g}" for number in right), " package", *(f"{number:.4g}" for number in found))
    if servers == 100:
        assert np.allclose(right, found, atol=1e-9)
    elif servers < 500:
        assert right[1] > found[1] + 5
    else:
        assert found[1] == found[2] == 0 and found[0] < 0.1 and right[0] > 0.7
PY
