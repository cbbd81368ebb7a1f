#!/usr/bin/env bash
# bclr 0.3.3: change points of prior probability 0 are drawn: where the prior allows 6 of 29, 95 % of
# the draws are others.
#
# Packages: bclr 0.3.3, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, scikit-learn 1.8.0, matplotlib 3.11.2,
# polyagamma 2.0.2, tabulate 0.10.0, joblib 1.6.0.
#
# Expected: `BayesCC(..., prior_kappa=p)` draws from the posterior of the change point; `p` are
# "nonnegative values", one for each place. Where p is 0 the posterior is 0, and elsewhere it is as
# under a uniform prior but for its sum.
#
# Happens: logarithms of the weights start as zeros and are set only where p is above `tol`. A place
# that is left out has a weight of 1, a hundred times that of the first place. Of the
# observations between two allowed places, only the last is counted in the step from one to the other.
#
# Seen, 15 numbers around -1 and 15 around 1, one coefficient with variance 3, 6,000 draws:
#   allowed places     draws of others     allowed ones, right             found
#   all                -                   15: .63  16: .27  17: .08       15: .63  16: .28  17: .07
#   4 to 9             .95                 4 to 9: 1                       4 to 9: .05
#   even ones          .25                 16: .94  18: .05                14: .42  16: .23  18: .06
#
# Matters for: priors that rule out beginning and end, or days of the week; a prior above `tol` works.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 scikit-learn==1.8.0 matplotlib==3.11.2 polyagamma==2.0.2 tabulate==0.10.0 joblib==1.6.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps bclr==0.3.3
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from bclr import BayesCC

HALF, VARIANCE, DRAWS = 15, 3.0, 6000
rng = np.random.default_rng(0)
data = np.concatenate([rng.normal(-1, 1, HALF), rng.normal(1, 1, HALF)])[:, None]
places = np.arange(1, len(data))  # a change after so many observations


def posterior(prior):
    """Sum over a grid of the coefficient: logistic probabilities of being before or after."""
    grid = np.linspace(-12, 12, 4001)
    after, before = -np.logaddexp(0, -data * grid), -np.logaddexp(0, data * grid)
    weight = np.exp(-(grid**2) / 2 / VARIANCE)
    mass = np.array([(np.exp(before[:place].sum(0) + after[place:].sum(0)) * weight).sum() for place in places]) * prior
    return mass / mass.sum()


def package(prior):
    model = BayesCC(data, [0.0], [[VARIANCE]], DRAWS, prior_kappa=prior, scaled=True)
    model.fit(rng=np.random.default_rng(1))
    return np.bincount(model.post_k.astype(int), minlength=len(data))[1:] / len(model.post_k)


priors = {"all": np.ones(len(places)), "4 to 9": 1.0 * ((places > 3) & (places < 10)), "even": 1.0 * (places % 2 == 0)}
others = {}
for name, prior in priors.items():
    right, found = posterior(prior), package(prior)
    others[name] = found[prior == 0].sum()
    top = np.argsort(-right)[:4]
    print(f"{name}: others {others[name]:.3f};", *(f"{places[i]}: right {right[i]:.3f} found {found[i]:.3f}," for i in top), f"14: found {found[13]:.3f}")
    assert right[prior == 0].sum() == 0
    if name == "all":
        assert np.abs(right - found).max() < 0.04
    if name == "even":
        assert found[13] > 0.3 and right[13] < 0.03 and right[15] > 0.9 and found[15] < 0.3
assert others["4 to 9"] > 0.9 and others["even"] > 0.2
PY
