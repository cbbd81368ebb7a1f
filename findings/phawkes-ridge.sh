#!/usr/bin/env bash
# phawkes 0.1.0: the ridge of a Hawkes process draws every branching ratio to 1 instead of 0: the
# more it is stabilised, the nearer it is to an explosion.
#
# Packages: phawkes 0.1.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `HawkesExpMLE(decay, penalty_l2=...)` has a ridge that "stabilises fits when some dims
# are near-empty". Coefficients that data say little about shrink: to no excitation.
#
# Happens: the squares are those of the logarithms of the coefficients. They are least where
# a coefficient is 1: each event causes another one in each dimension.
#
# Seen, three dimensions that excite nothing, 1,012, 943 and 1 events in 1,000 units of time:
#   penalty_l2                            0       1       10      100     10,000    right
#   spectral radius                       .03     .59     1.02    1.53    2.88      0
#   of the first, by the thin one         .00     .59     .92     .99     1.00      0
#
# Matters for: short or thin records, for which the ridge is made; a process above 1 explodes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps phawkes==0.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from phawkes import HawkesExpMLE

END, DECAY, RATES = 1000.0, 1.0, (1.0, 1.0, 0.002)
draw = np.random.default_rng(0)
events = [np.sort(draw.uniform(0, END, draw.poisson(rate * END))) for rate in RATES]
print("events", [len(times) for times in events])
radius = {}
for penalty in (0.0, 1.0, 10.0, 100.0, 1e4):
    fitted = HawkesExpMLE(decay=DECAY, penalty_l2=penalty).fit(events, END)
    radius[penalty] = fitted.branching_ratio()
    print(f"penalty {penalty:8.0f}: spectral radius {radius[penalty]:.2f}, of the first by the thin one {fitted.adjacency_[0, 2]:.2f}")
assert radius[0.0] < 0.1 and list(radius.values()) == sorted(radius.values())
assert radius[10.0] > 1 and np.allclose(fitted.adjacency_, 1, atol=0.1), "towards one event by each event"
PY
