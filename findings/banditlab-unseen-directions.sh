#!/usr/bin/env bash
# banditlab 1.1.0: the logistic model adds its prior to the Hessian with every observation: after a
# thousand contexts of one kind it is as sure of a kind that it has never seen.
#
# Packages: banditlab 1.1.0, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.8.0, pandas 2.3.3, PyYAML 6.0.3.
#
# Expected: `GLMLaplaceModel` is a "Generalized Linear Model (GLM) with Laplace Approximation". The
# Hessian of its log-posterior is that of the prior, once, and mu (1 - mu) x x' for each observation.
# In a direction that no context has had the posterior is the prior, with deviation 1, and UCB and
# Thompson sampling go there because of it.
#
# Happens: `fit` adds mu (1 - mu) x x' + I / prior_var, each time. The prior is counted as often as there
# are observations, in all directions.
#
# Seen, contexts (1, 0) only, prior variance 1, deviation in the direction (0, 1):
#   observations      0        10       100      1,000
#   right             1.000    1.000    1.000    1.000
#   found             1.000    .302     .100     .032
# `UCBAlgorithm`, two arms that have each seen (1, 0) 500 times, then 500 times (0, 1), where the first
# arm pays .6 and the second .9: the second is chosen 358 times with the prior once, and 0 times here.
#
# Matters for: `ThompsonSampling` and `UCBAlgorithm` with this model: they stop exploring.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 pandas==2.3.3 PyYAML==6.0.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps banditlab==1.1.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from mab_framework import UCBAlgorithm
from mab_framework.models.glm_laplace_model import GLMLaplaceModel

SEEN, UNSEEN = np.array([1.0, 0.0]), np.array([0.0, 1.0])


class PriorOnce(GLMLaplaceModel):
    """The same model with its prior counted once."""

    def fit(self, x, y):
        super().fit(x, y)
        self.hessian -= np.eye(self.d) / self.prior_var


for observations in (0, 10, 100, 1000):
    model, other = GLMLaplaceModel(2), PriorOnce(2)
    for _ in range(observations):
        model.fit(SEEN, 1.0)
        other.fit(SEEN, 1.0)
    found, right = (each.predict(UNSEEN)[1].item() for each in (model, other))
    print(f"{observations:5} observations: right {right:.3f}, found {found:.3f}")
    # The prior's precision is 1, and no observation adds to it in this direction.
    assert np.isclose(right, 1.0) and np.isclose(found, (1 + observations) ** -0.5)


def chosen(kind):
    """How often the second arm is chosen in the new context, where it pays more."""
    bandit, count = UCBAlgorithm(2, kind(2), alpha=1.0), 0
    for arm in (0, 1):
        for _ in range(500):
            bandit.update([{"action": arm, "reward": 0.5, "context": SEEN}])
    for _ in range(500):
        arm = bandit.select_arm(UNSEEN)
        count += arm
        bandit.update([{"action": arm, "reward": (0.6, 0.9)[arm], "context": UNSEEN}])
    return count


right, found = chosen(PriorOnce), chosen(GLMLaplaceModel)
print(f"the better arm is chosen {right} times with the prior once, {found} times")
assert right > 300 and found == 0
PY
