#!/usr/bin/env bash
# infomeasure 0.6.3: a divergence is negative where the second distribution lacks a
# letter of the first, and a Bayesian one lacks the letters too.
#
# Packages: infomeasure 0.6.3, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `kld(p, q)` is the sum of p log(p / q): never below 0, and infinite, or an
# error, where q has no mass on a letter of p. A Dirichlet prior on an alphabet of K
# letters gives each of them a mass, so `approach="bayes", K=K` is always finite.
#
# Happens: the cross-entropy sums over the letters that both have and drops the rest of
# p without renormalising it; the entropy of p that is taken off has them all. Only
# where nothing is in common is there a line in the log. With a prior the letters
# without a count stay out as well: the masses that are summed add up to less than 1,
# in the entropy too.
#
# Seen, nats:
#                                         returned    right
#   p = abababab, q = aaaaaaaa             -0.693     infinite
#   p = abababab, q = cccccccc             -0.693     infinite
#   bayes, 1/2, K = 2, the first pair      -0.665     0.781
#   entropy of aaaaaaaa, bayes, 1/2, K = 2  0.054     0.215
#
# Matters for: comparing what a model generates with what it should: a model that
# gives one letter only is the closest there is. Compute the divergence from counts.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check infomeasure==0.6.3 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import infomeasure
import numpy as np

both, first, third = [0, 1] * 4, [0] * 8, [2] * 8
PRIOR = {"approach": "bayes", "alpha": 0.5, "K": 2}


def smoothed(sequence):
    counts = np.bincount(sequence, minlength=2) + 0.5
    return counts / counts.sum()


p, q = smoothed(both), smoothed(first)
partial = infomeasure.kld(both, first, approach="discrete")
disjoint = infomeasure.kld(both, third, approach="discrete")
bayes, right = infomeasure.kld(both, first, **PRIOR), (p * np.log(p / q)).sum()
entropy, right_entropy = infomeasure.entropy(first, **PRIOR), -(q * np.log(q)).sum()
print(f"q lacks one letter: {partial:.3f}; both: {disjoint:.3f}; right infinite")
print(f"with a prior: {bayes:.3f}, right {right:.3f}; entropy {entropy:.3f}, right {right_entropy:.3f}")
assert abs(partial + np.log(2)) < 1e-12, "the letters that q lacks count"
assert abs(disjoint + np.log(2)) < 1e-12
assert abs(bayes - ((p[:1] * np.log(1 / q[:1])).sum() + (p * np.log(p)).sum())) < 1e-9, "the prior covers all letters"
assert abs(entropy + q[0] * np.log(q[0])) < 1e-12 and right > 0 and right_entropy > 3 * entropy
PY
