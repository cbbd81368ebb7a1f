#!/usr/bin/env bash
# intensify 0.3.3: without a seed all simulations of a Hawkes process are the same one, if its kernel
# is exponential.
#
# Packages: intensify 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2.
#
# Expected: `simulate(T, seed=None)` draws anew at each call, as it does for the package's Poisson
# processes and for all other kernels. The number of events has a variance of about
# m T / (1 - n)^3, for a base rate m and n children an event.
#
# Happens: for an exponential kernel, and a matrix of them with one decay, no seed is seed 0.
# numpy.random.seed has no effect either.
#
# Seen, 20 simulations without a seed, how many are different:
#   exponential                    1
#   three series, exponential      1
#   power law                      20
#   Poisson                        20
# Variance of 100 numbers of events, m = 1, n = .5, T = 100: right about 800, of seeds 0 to 99 670,
# without a seed 0.
#
# Matters for: averages over simulations: their standard error is 0, and they do not get better.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps intensify==0.3.3
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from intensify import ExponentialKernel, Hawkes, HomogeneousPoisson, MultivariateHawkes, PowerLawKernel

END, RUNS = 100.0, 100

exponential = Hawkes(1.0, ExponentialKernel(alpha=0.5, beta=2.0))
seeded = [len(exponential.simulate(END, seed=seed)) for seed in range(RUNS)]
print(f"variance right about {END / 0.5**3:.0f}, of seeds 0 to 99 {np.var(seeded):.0f}, without a seed {np.var([len(exponential.simulate(END)) for _ in range(RUNS)]):.0f}")
assert 400 < np.var(seeded) < 1300

cases = {
    "exponential": exponential,
    "three series, exponential": MultivariateHawkes(3, 0.3, ExponentialKernel(alpha=0.1, beta=1.0)),
    "power law": Hawkes(1.0, PowerLawKernel(alpha=0.4, beta=1.0)),
    "Poisson": HomogeneousPoisson(2.0),
}
for name, process in cases.items():
    np.random.seed(None)
    runs = [process.simulate(END) for _ in range(20)]
    joined = {np.concatenate(run).tobytes() if isinstance(run, list) else np.asarray(run).tobytes() for run in runs}
    print(f"{name}: 20 simulations without a seed, {len(joined)} different")
    assert len(joined) == (1 if "exponential" in name else 20)
assert np.array_equal(exponential.simulate(END), exponential.simulate(END, seed=0))
PY
