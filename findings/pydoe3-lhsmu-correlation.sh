#!/usr/bin/env bash
# pyDOE3 1.6.2: the correlation that a Latin hypercube is asked for is not the one that it
# has, and it is no Latin hypercube any more.
#
# Packages: pyDOE3 1.6.2, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `lhs(n, samples, criterion="lhsmu", correlation_matrix=C)`: "enforce
# correlation between factors". The factors' normal scores have the correlations C, up to
# the noise of a sample, and each factor has one value in each of `samples` intervals.
#
# Happens: independent normal scores z (a row a sample) are multiplied by the lower
# Cholesky factor L from the right, where its transpose belongs. Their covariance is
# L'L, not LL' = C: for two factors r becomes r / sqrt(1 + r^2), and the scores'
# deviations sqrt(1 + r^2) and sqrt(1 - r^2), so that values crowd at the ends of the first
# factor and in the middle of the second. The step that puts one value into each interval
# is left out when a correlation is given.
#
# Seen, 2 factors, 40 samples, 20 seeds:
#   asked for 0.5: 0.456 by the normal scores (0.447 by the formula), deviations 1.31 1.01
#   asked for 0.9: 0.673 (0.669), deviations 1.58 0.51
#   intervals with a value, asked for 0.9: 24.3 and 22.8 of 40, without correlation 40 and 40
#
# Matters for: sampling correlated parameters: the dependence is too weak, and the
# factors are not uniform.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyDOE3==1.6.2 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
from pyDOE3 import lhs
from scipy.stats import norm

SAMPLES, SEEDS = 40, 20


def designs(matrix):
    return [lhs(2, samples=SAMPLES, criterion="lhsmu", correlation_matrix=matrix, seed=seed) for seed in range(SEEDS)]


def filled(drawn):
    """Mean number of the intervals that hold a value, a factor."""
    return np.mean([[len(set((SAMPLES * column).astype(int))) for column in design.T] for design in drawn], axis=0)


for asked in (0.5, 0.9):
    drawn = designs(np.array([[1, asked], [asked, 1]]))
    scores = [norm.ppf(design) for design in drawn]
    found, spread = np.mean([np.corrcoef(z.T)[0, 1] for z in scores]), np.mean([z.std(0) for z in scores], axis=0)
    formula = asked / np.sqrt(1 + asked**2)
    print(f"asked for {asked}: {found:.3f} ({formula:.3f}), deviations", *(f"{s:.2f}" for s in spread))
    assert abs(found - formula) < 0.03 and found < asked - 0.03
    assert spread[0] / spread[1] > 0.9 * np.sqrt((1 + asked**2) / (1 - asked**2))
print("intervals with a value:", *(f"{count:.1f}" for count in filled(drawn)), " without correlation:",
      *(f"{count:.1f}" for count in filled(designs(None))))
assert (filled(drawn) < 30).all() and (filled(designs(None)) == SAMPLES).all()
PY
