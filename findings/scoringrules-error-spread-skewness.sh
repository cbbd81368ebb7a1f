#!/usr/bin/env bash
# scoringrules 0.10.0: the error-spread score divides the skewness by the size of the
# ensemble, and cannot tell a skewed forecast from a symmetric one.
#
# Packages: scoringrules 0.10.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: the error-spread score of Christensen and others is (s^2 - e^2 - e s g)^2,
# where m, s and g are mean, deviation and skewness of the ensemble and e = m - y. It is
# proper: its mean is least for the distribution that the outcomes come from, and g is
# what makes it so. For outcomes of an exponential distribution it is 4 with the right
# skewness, 2, and 8 with none.
#
# Happens: g is the sum of cubes over (M - 1)(M - 2); the factor M of the unbiased
# skewness is missing, in the compiled version as well. For 1,000 members g is .002.
#
# Seen, 1,000 members, 4,000 outcomes of an exponential distribution:
#                                    returned    right
#   exponential ensemble, perfect      7.70       3.79
#   normal, same mean and deviation    7.70       7.70
#
# Matters for: ranking forecasts of waiting times, counts and losses, which are skewed:
# one that has the shape right gains nothing by it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check scoringrules==0.10.0 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import numpy as np
import scoringrules
from scipy.stats import expon, norm, skew


def middles(count):
    return (np.arange(count) + 0.5) / count


def score(ensemble, outcomes, skewness):
    error = ensemble.mean() - outcomes
    spread = ensemble.std(ddof=1)
    return ((spread**2 - error**2 - error * spread * skewness) ** 2).mean()


outcomes, perfect = expon.ppf(middles(4000)), expon.ppf(middles(1000))
symmetric = norm.ppf(middles(1000))
symmetric = perfect.mean() + perfect.std() * symmetric / symmetric.std()
returned, right = [], []
for name, ensemble in (("exponential", perfect), ("normal", symmetric)):
    members = np.broadcast_to(ensemble, (outcomes.size, ensemble.size))
    returned.append(scoringrules.error_spread_score(outcomes, members, backend="numpy").mean())
    right.append(score(ensemble, outcomes, skew(ensemble, bias=False)))
    print(f"{name} ensemble: returned {returned[-1]:.2f}, right {right[-1]:.2f}")
    assert abs(returned[-1] - score(ensemble, outcomes, skew(ensemble, bias=False) / 1000)) < 1e-6, "g is the skewness now"
assert right[0] < 0.6 * right[1] and returned[0] > 0.99 * returned[1]
PY
