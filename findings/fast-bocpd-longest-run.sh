#!/usr/bin/env bash
# fast-bocpd 1.0.0: a run that reaches the maximum length, 200 by default, is dropped: in the next step
# something must have changed, and the detector reports it in half of the series in which nothing has.
#
# Packages: fast-bocpd 1.0.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `max_run_length` is the "maximum run length to track". Runs that are longer are to be kept
# together in the last place, or their number limited; the posterior says how long nothing has changed.
#
# Happens: the last place is not carried on. Where the run that began at the start has nearly all of the
# probability, step 201 takes it away and shares it among runs that had nearly none.
#
# Seen, 40 series of 201 standard normal numbers, one change in 1,000 steps expected, probability that
#   there was a change in the last 150 of 201 steps, mean; changes that `OnlineChangeDetector` reports at
#   step 201:
#   exact                               .027
#   BOCPD, max_run_length = 1000        .027      0 of 40
#   BOCPD, the default                  .605      19 of 40
#
# Matters for: everything that stays as it is for more than 200 steps; it happens again later. Give the
# length of the series.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps fast-bocpd==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from fast_bocpd import BOCPD, ConstantHazard, GaussianNIG, OnlineChangeDetector
from scipy.special import logsumexp
from scipy.stats import t as student

SERIES, EXPECTED, DEFAULT, SHORT = 40, 1000.0, 200, 150


def exact(values):
    """Posterior of the run length after all values: mean 0, kappa, alpha and beta 1; run 0 begins with the last value."""
    joint, hazard = np.zeros(1), 1 / EXPECTED
    mean, kappa, alpha, beta = np.zeros(1), np.ones(1), np.ones(1), np.ones(1)

    def density(value, mean, kappa, alpha, beta):
        return student.logpdf(value, 2 * alpha, mean, np.sqrt(beta * (kappa + 1) / (alpha * kappa)))

    def learned(value, mean, kappa, alpha, beta):
        return (kappa * mean + value) / (kappa + 1), kappa + 1, alpha + 0.5, beta + kappa * (value - mean) ** 2 / (2 * (kappa + 1))

    prior = np.zeros(1), np.ones(1), np.ones(1), np.ones(1)
    for value in values:
        begun = logsumexp(joint) + np.log(hazard) + density(value, *prior)
        goes_on = joint + np.log(1 - hazard) + density(value, mean, kappa, alpha, beta)
        joint = np.concatenate([begun, goes_on])
        parameters = [np.concatenate(pair) for pair in zip(prior, (mean, kappa, alpha, beta))]
        mean, kappa, alpha, beta = learned(value, *parameters)
    return np.exp(joint - logsumexp(joint))


def run(values, **options):
    """Posterior after 201 values, and whether a change is reported at the 201st."""
    model = BOCPD(GaussianNIG(0, 1, 1, 1), ConstantHazard(EXPECTED), **options)
    detector = OnlineChangeDetector(model)
    reports = [detector.update(value) for value in values]
    return model.get_posterior(), reports[-1] is not None


short, reported = {"exact": [], "long": [], "default": []}, {"long": 0, "default": 0}
for seed in range(SERIES):
    values = np.random.default_rng(seed).normal(size=DEFAULT + 1)
    posterior = exact(values)
    short["exact"].append(posterior[:SHORT].sum())
    for name, options in (("long", {"max_run_length": 1000}), ("default", {})):
        found, report = run(values, **options)
        short[name].append(found[:SHORT].sum())
        reported[name] += report
        if name == "long":
            assert np.allclose(found[: len(posterior)], posterior, atol=1e-6)

for name, values in short.items():
    print(f"{name:8} P(change in the last {SHORT}) {np.mean(values):.3f}", f"reported at step {DEFAULT + 1}: {reported.get(name, '-')} of {SERIES}")
assert np.mean(short["exact"]) < 0.05 and np.mean(short["default"]) > 0.5
assert reported["long"] == 0 and reported["default"] > SERIES / 3
PY
