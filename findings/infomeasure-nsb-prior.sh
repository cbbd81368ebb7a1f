#!/usr/bin/env bash
# infomeasure 0.6.3: the entropy of Nemenman, Shafee and Bialek is that of another
# likelihood, half of a prior, and the letters that occurred.
#
# Packages: infomeasure 0.6.3, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `entropy(data, approach="nsb", K=K)` is the posterior mean of the entropy
# over K letters, with a Dirichlet prior whose concentration beta is spread so that
# entropies are uniform: the documentation has the formula, with the evidence
# prod G(n_i + beta) / G(beta) over all K letters. It is made for few draws of many
# letters and nearly unbiased there.
#
# Happens: each factor of the evidence is raised to its count n_i. The prior's variable
# xi goes from 0 to ln K, and beta from 0 to infinity with it; here beta ends at ln K.
# The mean entropy given beta leaves out the letters without a count, whatever K is.
#
# Seen, nats (an integral by these three faults gives the package's numbers, to 1e-4):
#   counts        K    returned    right
#   5 2 2 1 1     5     1.4366     1.4630
#   5 2 2 1 1     8     1.4603     1.6718
#   5 2 2 1 1    26     1.4997     1.8705
#   2 1 1 1 1    10     1.4494     1.9977
# 30 times 16 draws of 8 equal letters: on average 1.81 instead of 1.92 of ln 8 = 2.08.
#
# Matters for: entropies of short symbol sequences, of which mutual information and
# transfer entropy with this approach are sums: K, the size of the alphabet, hardly
# matters, where it is what the method is chosen for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check infomeasure==0.6.3 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import infomeasure
import numpy as np
from scipy.special import digamma, gammaln, polygamma


def mean_entropy(counts, size, power, end):
    """Posterior mean entropy over the letters in `counts`, by a sum over log beta, in nats."""
    beta = np.geomspace(1e-6, end, 20001)
    n = np.array(counts, dtype=float)[:, None]
    total = n.sum() + len(counts) * beta
    evidence = gammaln(size * beta) - gammaln(n.sum() + size * beta)
    evidence += (n**power * (gammaln(n + beta) - gammaln(beta))).sum(0)
    weight = np.exp(evidence - evidence.max()) * beta
    weight *= size * polygamma(1, 1 + size * beta) - polygamma(1, 1 + beta)
    given = digamma(total + 1) - ((n + beta) / total * digamma(n + beta + 1)).sum(0)
    return (weight * given).sum() / weight.sum()


def right(counts, size):
    return mean_entropy([*counts, *[0] * (size - len(counts))], size, 0, 1e6)


for counts, size in (([5, 2, 2, 1, 1], 5), ([5, 2, 2, 1, 1], 8), ([5, 2, 2, 1, 1], 26), ([2, 1, 1, 1, 1], 10)):
    found = infomeasure.entropy(np.repeat(np.arange(len(counts)), counts), approach="nsb", K=size)
    print(f"{counts} K {size}: returned {found:.4f}, right {right(counts, size):.4f}")
    assert abs(found - mean_entropy(counts, size, 1, np.log(size))) < 1e-3, "computed otherwise now"
    assert right(counts, size) - found > 0.02

rng, pairs = np.random.default_rng(0), []
for draws in rng.integers(0, 8, (30, 16)):
    counts = np.unique(draws, return_counts=True)[1]
    pairs.append((infomeasure.entropy(draws, approach="nsb", K=8), right(counts, 8)))
found, expected = np.mean(pairs, axis=0)
print(f"8 equal letters, 16 draws: returned {found:.3f}, right {expected:.3f}, true {np.log(8):.3f}")
assert found < expected - 0.08
PY
