#!/usr/bin/env bash
# scoringrules 0.10.0: the CRPS of a hypergeometric forecast stops at the number of
# failures in the urn, and lacks every outcome above it.
#
# Packages: scoringrules 0.10.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `crps_hypergeometric(obs, m, n, k)` for m successes, n failures and k draws
# is the sum of (F(x) - 1{x >= obs})^2 over all whole x. It is a proper score: on
# average over the forecast's own outcomes, no other forecast has a lower one.
#
# Happens: the closed form's sum runs over x from 0 to n, the failures, where successes
# go up to min(m, k). With more draws than failures the upper outcomes are left out.
# The example in the documentation has n = 13 and k = 12.
#
# Seen, 5 draws:
#   urn                      observed    returned    right
#   13 successes, 13 failures    2        0.303      0.303
#   13 successes,  3 failures    2        0.347      1.669
#   13 successes,  3 failures    5        0.092      0.544
# Four or five successes, eight draws in ten from the second urn, are left out.
#
# Matters for: scoring forecasts of how many of a window's symbols are of a kind, drawn
# without replacement. Urns with at least as many failures as draws are right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check scoringrules==0.10.0 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
from fractions import Fraction
from math import comb

import scoringrules


def mass(x, successes, failures, draws):
    return Fraction(comb(successes, x) * comb(failures, draws - x), comb(successes + failures, draws)) if x <= draws else 0


def right(observed, successes, failures, draws):
    """Sum of squared differences of the distribution functions, exactly."""
    total = below = Fraction(0)
    for x in range(draws + 1):
        below += mass(x, successes, failures, draws)
        total += (below - (x >= observed)) ** 2
    return float(total)


def by_formula(observed, successes, failures, draws, last):
    """The closed form 2 sum f(x) (1{obs < x} - F(x) + f(x) / 2) (x - obs), up to `last`."""
    total = below = Fraction(0)
    for x in range(last + 1):
        here = mass(x, successes, failures, draws)
        below += here
        total += 2 * here * ((observed < x) - below + here / 2) * (x - observed)
    return float(total)


for observed, successes, failures in ((2, 13, 13), (2, 13, 3), (5, 13, 3)):
    found = float(scoringrules.crps_hypergeometric(observed, successes, failures, 5))
    exact = right(observed, successes, failures, 5)
    print(f"{successes} successes, {failures} failures, 5 draws, observed {observed}: {found:.3f}, right {exact:.3f}")
    assert abs(by_formula(observed, successes, failures, 5, 5) - exact) < 1e-12
    assert abs(found - by_formula(observed, successes, failures, 5, min(failures, 5))) < 1e-9, "summed otherwise now"
    assert (abs(found - exact) < 1e-9) == (failures >= 5)
PY
