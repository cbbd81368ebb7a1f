#!/usr/bin/env bash
# glhmm 1.1.2: data sampled from a model with diagonal covariances have the variance for a standard
# deviation: 3 becomes 9 and 10 becomes 100.
#
# Packages: glhmm 1.1.2, numpy 1.26.4, scipy 1.11.4, scikit-learn 1.3.2, numba 0.59.1, h5py 3.11.0.
#
# Expected: `sample` generates states and data of the trained model: in each state they have the
# covariance that `get_covariance_matrix` returns.
#
# Happens: with covtype "diag" or "shareddiag" the covariances are vectors of variances, and these are
# passed on as `scale` of a normal distribution, a standard deviation.
#
# Seen, two states, 100 steps each in turn, trained on 2,000 steps, 20,000 sampled; deviation of the
#   first of two variables, in the two states:
#   covtype          data          get_covariance_matrix   sample
#   full             3.07  9.78    3.08  9.80              3.12  9.76
#   diag             3.07  9.78    3.08  9.80              9.57  96.9
#   shareddiag       3.07  9.78    7.25                    52.1  52.7
#   diag, data / 30  .102  .326    .112  .330              .013  .108
#
# Matters for: tests by simulation, of whether a model found what is in the data; near 1, as in
# standardised data, it is hard to see.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.11.4 scikit-learn==1.3.2 numba==0.59.1 h5py==3.11.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps glhmm==1.1.2
venv/bin/python -W ignore - <<'PY'
import numpy as np
from glhmm import glhmm

LENGTH, SAMPLED = 2000, 20_000
rng = np.random.default_rng(0)
state = np.arange(LENGTH) // 100 % 2
data = rng.normal(0, np.array([3.0, 10.0])[state], (2, LENGTH)).T


def deviations(kind, values):
    """Deviations of the first variable in each state by deviation: of the model's covariances, and of a sample."""
    np.random.seed(0)
    model = glhmm.glhmm(model_mean="no", model_beta="no", K=2, covtype=kind)
    model.train(X=None, Y=values, indices=np.array([[0, LENGTH]]), options={"verbose": False, "cyc": 50})
    sample, states = model.sample(np.array([SAMPLED]))
    known, drawn = [], []
    for k in range(2):
        covariance = model.get_covariance_matrix(0 if kind.startswith("shared") else k)
        known.append(np.sqrt(covariance if covariance.ndim == 1 else np.diag(covariance))[0])
        drawn.append(sample[states[:, k] == 1, 0].std())
    return np.sort(known), np.sort(drawn)


for kind, scale in (("full", 1), ("diag", 1), ("shareddiag", 1), ("diag", 1 / 30)):
    seen = np.sort([data[state == k, 0].std() * scale for k in range(2)])
    known, drawn = deviations(kind, data * scale)
    print(f"{kind}, times {scale:.3f}: data {seen.round(3)}, model {known.round(3)}, sample {drawn.round(3)}")
    wrong = known if kind == "full" else known**2
    assert np.allclose(drawn, wrong, rtol=0.05)
    assert kind == "shareddiag" or np.allclose(known, seen, rtol=0.15)
PY
