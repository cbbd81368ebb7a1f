#!/usr/bin/env bash
# automutualinformation 0.1.5: entropy is a logarithm to base 2 less a natural one, and
# mutual information grows with the length of the sequence.
#
# Packages: automutualinformation 0.1.5, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1.
#
# Expected: `sequential_mutual_information` returns the mutual information of symbols
# at a distance, by default with Grassberger's estimator: digamma for the logarithm of
# a count. For a fair coin that is 0; two estimators differ by their bias only.
#
# Happens: the entropy is log2(N) - (1/N) sum n psi(n), where psi is near the natural
# logarithm. H(A) + H(B) - H(A, B) then keeps log2(N) - ln(N) = .4427 ln N, whatever
# the sequence, and what is left is in nats. The other estimator, "naive", is in nats
# too, without that.
#
# Seen, a fair coin, and a binary chain that changes with probability .1 (.368 nats,
# .531 bits a step apart):
#        N    coin    chain    by one logarithm: coin, chain     .4427 ln N
#      100   2.040    2.273              0.005   0.239             2.034
#    1,000   3.058    3.370              0.000   0.312             3.058
#   10,000   4.077    4.443              0.000   0.365             4.077
#
# Matters for: decay of mutual information with distance, a usual test of what a
# language model has learnt: the curve of a longer text lies higher. The lower bound
# by shuffling that is returned beside it has the same offset: use the difference,
# which is in nats.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
    automutualinformation==0.1.5 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
venv/bin/python - <<'PY'
import numpy as np
from automutualinformation import sequential_mutual_information
from scipy.special import digamma

rng = np.random.default_rng(0)


def entropy(labels):
    counts = np.unique(labels, return_counts=True)[1]
    return np.log(labels.size) - (counts * digamma(counts)).sum() / labels.size


for length in (100, 1000, 10000):
    row = []
    for change in (0.5, 0.1):
        bits = np.cumsum(rng.random(length) < change) % 2
        (found, _), (shuffled, _) = sequential_mutual_information([list(bits)], np.array([1]), n_jobs=1, use_tqdm=False)
        right = entropy(bits[1:]) + entropy(bits[:-1]) - entropy(2 * bits[1:] + bits[:-1])
        offset = np.log2(length - 1) - np.log(length - 1)
        assert abs(found[0] - right - offset) < 1e-9, "the two logarithms have one base now"
        assert abs(shuffled[0] - offset) < 0.05
        row += [found[0], right]
    print(f"{length:6}  coin {row[0]:.3f}  chain {row[2]:.3f}  by one logarithm {row[1]:.3f} {row[3]:.3f}  .4427 ln N {offset:.3f}")
PY
