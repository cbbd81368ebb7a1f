#!/usr/bin/env bash
# calibrax 0.1.1: Spearman's correlation ranks ties by their place: independent rare events have a correlation of .8,
# and a constant follows every rising series perfectly.
#
# Packages: calibrax 0.1.1, jax 0.10.2, flax 0.12.8, jaxtyping 0.3.11, psutil 7.2.2, numpy 2.3.5.
#
# Expected: `spearman_rank_correlation(a, b)` is "Pearson correlation computed on ranks", 1.0 for a "perfect monotonic
# relationship". Equal numbers have the same, mean, rank; and the order of the pairs does not matter.
#
# Happens: ranks come from sorting twice, which gives equal numbers rising ranks in the order in which they stand. All
# ties of a and of b rise together with the place in the file. Kendall's tau, "tau-b", is also divided by all pairs,
# tied or not: a series of rare events and itself have .10.
#
# Seen, two independent series of 200 with events of probability .1
#                                   package     mean ranks
#   as they stand                      .83          .09
#   pairs shuffled, 200 times     .66 to .90        .09
#   (1, 2, 3, 4) and (5, 5, 5, 5)     1.00          undefined
#
# Matters for: counts, grades, labels and scores with ties, where it finds an association that is not there.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 flax==0.12.8 jaxtyping==0.3.11 psutil==7.2.2 \
    numpy==2.3.5
venv/bin/pip install --quiet --disable-pip-version-check --no-deps calibrax==0.1.1
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import jax
import numpy as np
from calibrax.metrics.functional.statistical import kendall_tau, spearman_rank_correlation

LENGTH = 200
print("calibrax", version("calibrax"), "jax", jax.__version__)


def mean_ranks(values):
    return np.array([np.sum(values < value) + (np.sum(values == value) - 1) / 2 for value in values])


def spearman(first, second):
    return np.corrcoef(mean_ranks(first), mean_ranks(second))[0, 1]


def tau_b(first, second):
    """Kendall's tau with pairs that are tied taken out of the divisor, from all pairs."""
    one, other = (np.sign(np.subtract.outer(values, values)) for values in (first, second))
    return np.sum(one * other) / np.sqrt(np.sum(one != 0) * np.sum(other != 0))


rng = np.random.default_rng(0)
first, second = rng.standard_normal((2, LENGTH))
found, right = float(spearman_rank_correlation(first, second)), spearman(first, second)
print(f"without ties: {found:.4f}, right {right:.4f}")
assert abs(found - right) < 1e-4

first, second = (rng.random((2, LENGTH)) < 0.1).astype(float)
found, right = float(spearman_rank_correlation(first, second)), spearman(first, second)
print(f"rare events, {first.sum():.0f} and {second.sum():.0f}: {found:.3f}, right {right:.3f}")
assert found > 0.4 and abs(right) < 0.2

orders = [rng.permutation(LENGTH) for _ in range(200)]
shuffled = [float(spearman_rank_correlation(first[order], second[order])) for order in orders]
print(f"pairs shuffled: {min(shuffled):.2f} to {max(shuffled):.2f}, right {right:.2f} in any order")
assert np.allclose([spearman(first[order], second[order]) for order in orders[:5]], right)
assert min(shuffled) > 0.3 and max(shuffled) - min(shuffled) > 0.1

found = float(spearman_rank_correlation(np.arange(4.0), np.full(4, 5.0)))
print(f"a constant: {found:.4f}")
assert found > 0.999

found, right = float(kendall_tau(first, first)), tau_b(first, first)
print(f"tau-b of a series with itself: {found:.3f}, right {right:.3f}")
assert np.isclose(right, 1) and found < 0.4
PY
