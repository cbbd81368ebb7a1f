#!/usr/bin/env bash
# intensify 0.3.3: the branching simulation of a Hawkes process with a power law draws exponential
# delays with the law's exponent for their rate, without a word: no long memory is in the path.
#
# Packages: intensify 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2.
#
# Expected: `branching_simulation(process, T)` draws each event's children after it by the kernel,
# here alpha (t + c)^-(1 + beta), or warns, as it does for other kernels, that only the
# exponential one is supported. `process.simulate`, by thinning, draws from the same process.
#
# Happens: a kernel is taken for an exponential one if it has `alpha` and `beta`. The power law's beta
# is its exponent; it is used as the rate of an exponential distribution. There is no warning, and
# the number of children is right.
#
# Seen, alpha .25, beta .5, c 1, half a child for each event, mu .0001, T 4,000,000:
#                           events    steps up to 1    1 to 10    10 to 100
#   found                   793       .242             .242       .008
#   right, written anew     826       .165             .218       .097
#   exponential, anew       788       .266             .247       .006
#
# Matters for: simulations of long memory, which have none.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps intensify==0.3.3
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import warnings

import numpy as np
from intensify import PowerLawKernel, UnivariateHawkes
from intensify.core.simulation import branching_simulation

ALPHA, BETA, C, MU, LENGTH = 0.25, 0.5, 1.0, 1e-4, 4e6
process = UnivariateHawkes(mu=MU, kernel=PowerLawKernel(alpha=ALPHA, beta=BETA, c=C))
children = ALPHA / BETA * C**-BETA
assert np.isclose(process.kernel.l1_norm(), children)


def shares(events):
    """Shares of the steps between events up to 1, of 1 to 10, of 10 to 100."""
    steps = np.diff(events)
    return [np.mean((steps > low) & (steps <= high)) for low, high in ((0, 1), (1, 10), (10, 100))]


def branching(rng, power):
    """Immigrants and their children, each after a delay by the kernel or by an exponential law."""
    queue, events = list(rng.uniform(0, LENGTH, rng.poisson(MU * LENGTH))), []
    while queue:
        events.append(queue.pop())
        count = rng.poisson(children)
        delays = C * (rng.uniform(size=count) ** (-1 / BETA) - 1) if power else rng.exponential(1 / BETA, count)
        queue.extend(time for time in events[-1] + delays if time <= LENGTH)
    return np.sort(events)


with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    found = np.asarray(branching_simulation(process, LENGTH, seed=0))
right, exponential = branching(np.random.default_rng(1), True), branching(np.random.default_rng(2), False)
for name, events in (("found", found), ("right", right), ("exponential", exponential)):
    print(f"{name}: {len(events)} events, steps up to 1, 10, 100:", *(f"{share:.3f}" for share in shares(events)))
noise = 5 * (0.25 / len(found)) ** 0.5
assert not said and np.allclose(shares(found), shares(exponential), atol=noise)
assert shares(right)[2] > 3 * shares(found)[2]
PY
