#!/usr/bin/env bash
# unite-toolbox 0.2.1: the divergence of p from q is by default that of q from p, and by the other
# method it leaves out all of p that lies beyond the samples of q: .69 and .23 where 2.9 is right.
#
# Packages: unite-toolbox 0.2.1, numpy 2.3.5, scipy 1.17.1.
#
# Expected: `calc_kde_kld(p, q)` is the Kullback-Leibler divergence between p and q, the mean under p of
# ln p / q; its two modes are ways to the same number, and `calc_knn_kld(p, q)` is that.
#
# Happens: "resubstitution" takes the mean of ln p / q over the samples of q, which is the other
# divergence with the sign turned, and its absolute value; samples of q where the estimate of p has
# nothing weigh most. "integral" is of p ln p / q, from the least
# to the greatest sample of q and a little more.
#
# Seen, 2,000 samples of normals with mean 0:
#   deviations of p, q        3, 1      1, 3     1.5, 1
#   right                     2.90      .654      .220
#   the other way             .654      2.90      .128
#   "resubstitution"          .694     16.37      .129
#   "integral"                .232      .698      .109
#
# Matters for: comparisons of a model with a reference: tails that the reference has not are what the
# divergence is for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.3.5 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps unite-toolbox==0.2.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from scipy.stats import gaussian_kde
from unite_toolbox.kde_estimators import calc_kde_kld
from unite_toolbox.knn_estimators import calc_knn_kld

rng = np.random.default_rng(0)


def right(a, b):
    """Of normals with mean 0 and these deviations: ln b/a + a^2 / 2 b^2 - 1/2."""
    return float(np.log(b / a) + a**2 / (2 * b**2) - 0.5)


for first, second in ((3.0, 1.0), (1.0, 3.0), (1.5, 1.0)):
    p, q = rng.normal(0, first, (2000, 1)), rng.normal(0, second, (2000, 1))
    found = {mode: float(calc_kde_kld(p, q, mode=mode)) for mode in ("resubstitution", "integral")}
    smooth_p, smooth_q = gaussian_kde(p.T), gaussian_kde(q.T)
    own = {"p": float(np.mean(np.log(smooth_p(p.T) / np.maximum(smooth_q(p.T), 1e-300)))), "q": float(np.mean(np.log(smooth_q(q.T) / np.maximum(smooth_p(q.T), 1e-300))))}
    beyond = float(((p < q.min()) | (p > q.max())).mean())
    print(f"p {first}, q {second}: right {right(first, second):.3f}, the other way {right(second, first):.3f}; found", {mode: round(value, 3) for mode, value in found.items()}, f"by neighbours {float(calc_knn_kld(p, q, k=5)):.3f}, share of p beyond q {beyond:.3f}, mean over q's own samples {own['q']:.3f}")
    assert np.isclose(found["resubstitution"], own["q"])
    if first > second:
        assert found["resubstitution"] < 0.7 * right(first, second) and found["integral"] < 0.6 * right(first, second)
    else:
        assert found["resubstitution"] > 10 * right(first, second) and abs(found["integral"] - right(first, second)) < 0.1
PY
