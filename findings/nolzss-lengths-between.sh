#!/usr/bin/env bash
# nolzss 1.2.0: probabilities of lengths that the shuffled text does not have are drawn on a straight line between
# others: .94 instead of .10. A threshold above its longest factor is never found.
#
# Packages: nolzss 1.2.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `infer_length_significance(real, shuffled)` gives each real factor its S0(L), the share of shuffled factors
# that are at least as long, and L*, the least length with at most one false hit expected from the upper bound of S0,
# "None if no L meets criterion". A share of the longer ones is a step: between two lengths it is that of the next.
#
# Happens: S0 is interpolated between the lengths that occur, and with it the probability that any factor is as long.
# Only lengths that occur in the shuffled text are tried for L*; those above have the smallest bound of all.
#
# Seen
#   shuffled: 90 of length 2, 10 of length 100    S0(3)   S0(9)   S0(50)   S0(99)   S0(100)
#   package                                       .99     .94     .56      .11      .10
#   right                                         .10     .10     .10      .10      .10
#   L* when 400 shuffled factors are all 20 long, and one of 50 real ones is 300: none; right 21, where at most .37
#   false hits are expected. With 300 twice as the longest of 301 and a real one of 301: none; right 301.
#
# Matters for: short shuffled texts and long repeats, whose lengths are rare: they seem common, or get no threshold.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps nolzss==1.2.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from noLZSS.genomics.significance import clopper_pearson_upper, infer_length_significance
from scipy.stats import binom

print("nolzss", version("nolzss"), "numpy", np.__version__)


def at_least(lengths, length):
    return sum(value >= length for value in lengths)


def upper(hits, trials, alpha=0.05):
    """The share at which that many hits or fewer have probability alpha, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if binom.cdf(hits, trials, middle) > alpha else (low, middle)
    return low


def threshold(real, shuffled):
    return next((length for length in range(1, max(max(real), max(shuffled)) + 2)
                 if len(real) * upper(at_least(shuffled, length), len(shuffled)) <= 1), None)


shuffled = [2] * 90 + [100] * 10
real = [2, 3, 9, 50, 99, 100]
found = infer_length_significance(real, shuffled)
for length, share in zip(real, found["rarity_scores_real"]):
    right = at_least(shuffled, length) / len(shuffled)
    print(f"length {length:3}: S0 {share:.3f}, right {right:.2f}; any so long {found['p_any_ge'](length):.3f}, "
          f"right {1 - np.exp(-len(real) * right):.3f}")
    assert np.isclose(share, right) == (length in (2, 100)) and share >= right - 1e-12
    assert np.isclose(found["p_any_ge"](length), 1 - np.exp(-len(real) * share))

assert all(np.isclose(clopper_pearson_upper(hits, 100), upper(hits, 100)) for hits in (0, 3))
for name, real, shuffled, missed in (
    ("shuffled are all 20 long", [5] * 30 + [10] * 19 + [300], [20] * 400, True),
    ("shuffled have 300 twice as the longest", [5] * 60 + [301], list(range(1, 300)) + [300, 300], True),
    ("shuffled have every length once", [5] * 60 + [300], list(range(1, 400)), False),
):
    found, right = infer_length_significance(real, shuffled)["L_star"], threshold(real, shuffled)
    expected = len(real) * upper(at_least(shuffled, right), len(shuffled))
    print(f"{name}: L* {found}, right {right}, where at most {expected:.2f} false hits are expected")
    assert expected <= 1 and (found is None if missed else found == right)
    assert not missed or max(shuffled) < right <= max(real)
PY
