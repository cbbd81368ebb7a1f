#!/usr/bin/env bash
# pyqueueing 0.1.1: the rates that lead out of the lowest level of a quasi-birth-death process are
# not used, and the mean level ends at 200.
#
# Packages: pyqueueing 0.1.1, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `QBD` takes B0, the rates from level 0 to level 1, beside those between all other
# levels. Levels from 1 on are each the one before times R; level 1 is found from level 0 by the
# balance at the boundary. The mean level is that of all levels.
#
# Happens: B0 is kept but used nowhere: level 1 too is level 0 times R, which is right only if
# arrivals do not depend on whether the system is empty. And the levels are counted up to 200 and
# made to sum to 1: a busy queue is shorter than it is.
#
# Seen, mean level:
#                                             right     package
#   two phases, one arrival rate each         1.3505    1.3505
#   the same, arrivals at a quarter of their
#   rates while the system is empty           .694      .465
#   M/M/1 with a load of .98                  49        45.4
#   M/M/1 with a load of .995                 199       83.1
#
# Matters for: balking, set-up and vacations, for which one gives B0, and for heavy traffic.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pyqueueing==0.1.1
venv/bin/python - <<'PY'
import numpy as np
from pyqueueing import MM1, QBD


def by_balance(up, within, down, up_first, within_first, levels=300):
    """The probabilities of levels, from the balance of all states of the first 300 levels."""
    phases = len(up)
    rates = np.zeros((phases * levels,) * 2)
    for level in range(levels):
        here = slice(level * phases, (level + 1) * phases)
        rates[here, here] = within if level else within_first
        if level:
            rates[here, slice((level - 1) * phases, level * phases)] = down
        if level + 1 < levels:
            rates[here, slice((level + 1) * phases, (level + 2) * phases)] = up if level else up_first
        else:
            rates[here, here] += np.diag(up.sum(axis=1))
    system = np.vstack([rates.T, np.ones(len(rates))])
    solved = np.linalg.lstsq(system, np.append(np.zeros(len(rates)), 1.0), rcond=None)[0]
    return solved.reshape(levels, phases).sum(axis=1)


change = np.array([[-0.1, 0.1], [0.3, -0.3]])
up, down = np.diag([0.2, 1.2]), np.eye(2)
within = change - up - down
for name, up_first in (("equal arrivals", up), ("fewer while empty", up / 4)):
    within_first = change - up_first
    right = by_balance(up, within, down, up_first, within_first)
    model = QBD(up, within, down, B0=up_first, B1=within_first)
    mean = right @ np.arange(len(right))
    print(f"{name:18} right {mean:.4f}  package {model.mean_level():.4f}  levels 0 to 3: {right[:4].round(3)} {model.level_distribution()[:4].round(3)}")
    assert abs(mean - model.mean_level()) < 1e-6 if name == "equal arrivals" else abs(mean - model.mean_level()) > 0.1
for load in (0.5, 0.98, 0.995):
    model = QBD(np.array([[load]]), np.array([[-1 - load]]), np.array([[1.0]]), B1=np.array([[-load]]))
    right = load / (1 - load)
    print(f"M/M/1, load {load}: right {right:.1f}  the package's MM1 {MM1(load, 1.0).mean_system_size():.1f}  QBD {model.mean_level():.1f}")
    assert abs(right - model.mean_level()) < 1e-6 if load == 0.5 else model.mean_level() < right - 3
PY
