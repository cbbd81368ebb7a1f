#!/usr/bin/env bash
# aleatory 1.2.4: an inhomogeneous Poisson process keeps the largest intensity of its first simulation: a longer
# one, or one with another intensity, lacks events.
#
# Packages: aleatory 1.2.4, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2, statsmodels 0.14.6,
# ipywidgets 8.1.8.
#
# Expected: `simulate(N, T)` gives N paths of the process to time T, as a new object does.
#
# Happens: the largest intensity in [0, T], from which events are thinned, is worked out once and kept. `sample`
# forgets it afterwards, `simulate` does not. Where the intensity is higher later it is cut at the kept one.
#
# Seen, rate t, mean number of events of 400 paths
#                                       package     mean, exact
#   to 10, new object                   50          50
#   to 1 and then to 10                 9.4         50
#   rate 1, then set to 20, to 10       10          200
#
# Matters for: studies that go through horizons or intensities with one object, and its plots, which simulate too.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2 statsmodels==0.14.6 ipywidgets==8.1.8
venv/bin/pip install --quiet --disable-pip-version-check --no-deps aleatory==1.2.4
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from aleatory.processes import InhomogeneousPoissonProcess

PATHS = 400
print("aleatory", version("aleatory"), "numpy", np.__version__)


def process(intensity):
    return InhomogeneousPoissonProcess(intensity=intensity, rng=np.random.default_rng(0))


def events(one, end):
    """Mean number of events up to the end; a path begins with a 0 that is none."""
    return np.mean([((path > 0) & (path <= end)).sum() for path in one.simulate(PATHS, T=end)])


anew, kept = process(lambda t: t), process(lambda t: t)
short = events(kept, 1.0)
found, right = events(kept, 10.0), events(anew, 10.0)
cut = 0.5 + 9.0  # the rate t up to 1, and 1 from there on
print(f"rate t: to 1 {short:.2f} (exact 0.5); to 10, new object {right:.2f} (exact 50), after to 1 {found:.2f} (rate cut at 1: {cut})")
assert abs(right - 50) < 2 and abs(short - 0.5) < 0.15 and abs(found - cut) < 0.7

changed = process(lambda t: 1.0 + 0.0 * t)
before = events(changed, 10.0)
changed.intensity = lambda t: 20.0 + 0.0 * t
after, right = events(changed, 10.0), events(process(lambda t: 20.0 + 0.0 * t), 10.0)
print(f"rate 1: {before:.2f} (exact 10); set to 20: {after:.2f}, new object {right:.2f} (exact 200)")
assert abs(before - 10) < 0.7 and abs(after - 10) < 0.7 and abs(right - 200) < 3

samples = [((path > 0) & (path <= 10)).sum() for path in (kept.sample(10.0) for _ in range(PATHS))]
print(f"and by `sample` after a simulation to 10: {np.mean(samples):.2f}")
PY
