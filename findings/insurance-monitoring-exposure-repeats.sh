#!/usr/bin/env bash
# insurance-monitoring 1.2.2: an observation that counts for two is entered twice: a calibrated
# model sets off the alarm in 39 of 60 runs at 5 %, and with five times in all.
#
# Packages: insurance-monitoring 1.2.2, numpy 2.4.6, scipy 1.17.1, polars 2.1.0, statsmodels 0.15.0,
# sortedcontainers 2.4.0, matplotlib 3.11.2, pandas 2.3.3.
#
# Expected: `PITMonitor` has an anytime-valid alarm: as long as the probability transforms are
# independent and uniform, the chance that it ever goes off is at most alpha. Its `update` has
# an `exposure`, "for repetition".
#
# Happens: the same value is entered as many times, one after the other, and ranked among all
# before it. Ties of a value with itself come together, so that ranks tell the next ones: what
# is tested for is that the values are exchangeable, and by the repetition they are not.
#
# Seen, alpha = .05, 300 uniform numbers a run, 60 runs; runs with an alarm:
#   exposure 1     2
#   exposure 2     39
#   exposure 5     60
#
# Matters for: policies of several years, fleets and groups, which the argument is meant for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 polars==2.1.0 statsmodels==0.15.0 sortedcontainers==2.4.0 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-monitoring==1.2.2
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from insurance_monitoring import PITMonitor
from scipy.stats import binom

ALPHA, RUNS, LENGTH = 0.05, 60, 300


def alarms(exposure):
    count = 0
    for seed in range(RUNS):
        monitor = PITMonitor(alpha=ALPHA, rng=seed + 1000)
        count += any(bool(monitor.update(u, exposure=exposure)) for u in np.random.default_rng(seed).random(LENGTH))
    return count


found = {exposure: alarms(exposure) for exposure in (1, 2, 5)}
for exposure, count in found.items():
    print(f"exposure {exposure}: an alarm in {count} of {RUNS} runs; as many by chance, probability {binom.sf(count - 1, RUNS, ALPHA):.1e}")
assert binom.sf(found[1] - 1, RUNS, ALPHA) > 0.01 and found[2] > RUNS / 2 and found[5] == RUNS
PY
