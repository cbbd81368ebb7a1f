#!/usr/bin/env bash
# orts 2.5.0: with rates below 0.1 % odds-ratio Thompson sampling is sure of the arm that is its reference, were it half
# as good.
#
# Packages: orts 2.5.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `LogisticBandit.update` fits a logistic model to exposures and events of arms; with two arms and many
# events the contrast is the logarithm of their odds ratio, with its known standard error, and `allocate` gives the
# probability that each arm is the best one. Nothing is said of rates that are too small.
#
# Happens: probabilities are kept above 0.001 in the likelihood, and not in its gradient. Where both rates are smaller
# the likelihood is level, the line search of the optimiser finds nothing that is better, and it stops where its
# first steps have led to, with the precision of a fit that worked.
#
# Seen, ten batches of a million exposures for each arm, the first one twice as good (log odds ratio .69): contrast
# against the other one and probability that it is the better one, with either arm for the reference
#   rates              reference: worse     reference: better
#   .02, .01            .70   1              .70   1
#   .002, .001          .69   1              .70   1
#   .0008, .0004       -.07   0              .69   1
#   .0006, .0003       -.15   0              .71   1
#   .0001, .00005      -.85   0             1.97   1
# By the odds ratio and its standard error, and with a Beta distribution for each arm, it is 1 in every row. The
# reference is the first arm of the first batch if none is named.
#
# Matters for: clicks and purchases, which are as rare as that: all exposures go to the control, whatever is tried.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps orts==2.5.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from orts import LogisticBandit
from scipy.stats import norm

EXPOSURES, BATCHES = 1_000_000, 10
print("orts", version("orts"), "numpy", np.__version__)


def run(rates, reference):
    """Contrast of the better arm and probability that it is the better one."""
    counts = {"better": [EXPOSURES, round(EXPOSURES * rates[0])], "worse": [EXPOSURES, round(EXPOSURES * rates[1])]}
    bandit = LogisticBandit(reference=reference)
    for _ in range(BATCHES):
        assert bandit.update(counts)
    plan = bandit.allocate(["better", "worse"], draw=50_000, rng=np.random.default_rng(0))
    ((other, (mean, _)),) = bandit.contrasts().items()
    return mean if other == "better" else -mean, plan.p_best["better"], plan.leader


for rates in ((0.02, 0.01), (0.002, 0.001), (0.0008, 0.0004), (0.0006, 0.0003), (0.0001, 0.00005)):
    hits = BATCHES * EXPOSURES * np.array(rates)
    misses = BATCHES * EXPOSURES - hits
    ratio, error = np.log(hits[0] * misses[1] / (misses[0] * hits[1])), np.sqrt((1 / hits + 1 / misses).sum())
    betas = np.random.default_rng(1).beta(1 + hits, 1 + misses, size=(50_000, 2))
    sure, by_beta = norm.cdf(ratio / error), (betas[:, 0] > betas[:, 1]).mean()
    below, above = run(rates, "worse"), run(rates, "better")
    print(f"rates {rates[0]:g}, {rates[1]:g}: reference worse {below[0]:.3f}, p {below[1]:.4f}; reference better {above[0]:.3f}, p {above[1]:.4f}; right {ratio:.3f}, p {sure:.4f}, by Beta {by_beta:.4f}")
    assert sure > 0.9999 and by_beta > 0.9999 and above[1] > 0.9999
    if rates[1] >= 0.001:
        assert abs(below[0] - ratio) < 0.01 and abs(above[0] - ratio) < 0.01 and below[2] == "better"
    else:
        assert below[0] < 0 and below[1] < 0.01 and below[2] == "worse"
PY
