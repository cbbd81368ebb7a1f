#!/usr/bin/env bash
# dpsprt 1.2.0: the private sequential tests decide for the other hypothesis, every time, if the first one
# has the higher rate.
#
# Packages: dpsprt 1.2.0, numpy 2.4.6.
#
# Expected: `DPSPRT(mu0, mu1, alpha, beta, epsilon)` decides between two rates and is wrong in alpha and
# beta of the cases at most. "mu0 and mu1 must differ" is what is asked of them. Which of them is called
# the first does not matter: with the names changed the same data have the same answer. `ClassicalSPRT`
# has it.
#
# Happens: means below a bound are for the first hypothesis, and means above another for the second one,
# whichever is lower. The bounds are divided by the difference of the two logits, which is negative.
#
# Seen, rates .7 and .3, alpha = beta = .05, epsilon = 1, 200 tests of data with rate mu0; wrong
#                        mu0 = .3, mu1 = .7    mu0 = .7, mu1 = .3
#   ClassicalSPRT        .020                  .030
#   DPSPRT               .000                  1.000
#   DPSPRTGaussian       .000                  1.000
#   DPSPRTTuned          .000                  1.000
#   DPSPRTSubsampled     .000                  .860
#
# Matters for: a test whether a rate has fallen: a failure rate, or a null hypothesis that is the old,
# higher value.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps dpsprt==1.2.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from dpsprt import DPSPRT, ClassicalSPRT, DPSPRTGaussian, DPSPRTSubsampled, DPSPRTTuned, run_sprt_on_batch

LOW, HIGH, ERROR, EPSILON, TESTS, LENGTH = 0.3, 0.7, 0.05, 1.0, 200, 3000
FIRST = -1  # the decision for mu0


def wrong(make, mu0, mu1):
    """Share of tests of data with rate mu0 that do not decide for mu0."""
    count = 0
    for seed in range(TESTS):
        data = (np.random.default_rng(seed).random(LENGTH) < mu0).astype(int)
        decision, _, _ = run_sprt_on_batch(make(mu0, mu1, seed), data)
        count += decision != FIRST
    return count / TESTS


tests = {
    "ClassicalSPRT": lambda mu0, mu1, seed: ClassicalSPRT(mu0, mu1, ERROR, ERROR),
    "DPSPRT": lambda mu0, mu1, seed: DPSPRT(mu0, mu1, ERROR, ERROR, EPSILON, random_seed=seed),
    "DPSPRTGaussian": lambda mu0, mu1, seed: DPSPRTGaussian(mu0, mu1, ERROR, ERROR, EPSILON, 1e-5, random_seed=seed),
    "DPSPRTTuned": lambda mu0, mu1, seed: DPSPRTTuned(mu0, mu1, ERROR, ERROR, EPSILON, random_seed=seed),
    "DPSPRTSubsampled": lambda mu0, mu1, seed: DPSPRTSubsampled(mu0, mu1, ERROR, ERROR, EPSILON, random_seed=seed),
}
for name, make in tests.items():
    rising, falling = wrong(make, LOW, HIGH), wrong(make, HIGH, LOW)
    print(f"{name:18} wrong {rising:.3f} with mu0 < mu1, {falling:.3f} with mu0 > mu1")
    assert rising <= ERROR
    assert falling <= ERROR if name == "ClassicalSPRT" else falling > 0.8
PY
