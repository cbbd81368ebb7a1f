#!/usr/bin/env bash
# uncertainty-calibration 0.1.4: the 90 % interval of a calibration error is the smallest and the
# largest of its hundred resamples, or nearly so, whatever alpha is.
#
# Packages: uncertainty-calibration 0.1.4, scikit-learn 1.8.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `get_calibration_error_uncertainties(probs, labels, alpha=0.1)` returns, as
# documented, "1-alpha confidence intervals produced by bootstrap resampling", from the 5th to
# the 95th percentile.
#
# Happens: alpha is passed on to a function that takes it in percent, so that the percentiles
# are 0.05 and 99.95. Of 100 resamples that is next to the extremes. An alpha of one half
# instead of one tenth moves them by next to nothing.
#
# Seen, 2,000 forecasts, uniform, of outcomes with probability p^1.3, p = 1, the same
# seed for every call, and the same resamples by hand:
#   alpha 0.05   by hand 0.0521 to 0.0829   by the package 0.0486 to 0.0884
#   alpha 0.1    by hand 0.0547 to 0.0811   by the package 0.0486 to 0.0883
#   alpha 0.5    by hand 0.0616 to 0.0742   by the package 0.0487 to 0.0875
#   extremes of the resamples, mirrored at the estimate 0.0703: 0.0486 to 0.0885
#
# Matters for: whether two models differ in calibration: intervals are too wide, and get
# wider with the number of resamples.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps uncertainty-calibration==0.1.4
venv/bin/python -W ignore - <<'PY'
import numpy as np
from calibration import get_calibration_error, get_calibration_error_uncertainties

COUNT, RESAMPLES = 2000, 100
rng = np.random.default_rng(0)
probs = rng.uniform(size=COUNT)
labels = (rng.uniform(size=COUNT) < probs**1.3).astype(int)
estimate = get_calibration_error(probs, labels, p=1, debias=False)

np.random.seed(0)
resampled = []
for _ in range(RESAMPLES):
    chosen = np.random.choice(COUNT, COUNT)
    resampled.append(get_calibration_error(probs[chosen], labels[chosen], p=1, debias=False))


def by_hand(alpha):
    """The basic bootstrap interval, which the package uses: percentiles mirrored at the estimate."""
    return 2 * estimate - np.percentile(resampled, [100 - 50 * alpha, 50, 50 * alpha])


extremes = 2 * estimate - np.array([max(resampled), min(resampled)])
for alpha in (0.05, 0.1, 0.5):
    np.random.seed(0)
    found = np.array(get_calibration_error_uncertainties(probs, labels, p=1, alpha=alpha))
    right = by_hand(alpha)
    print(f"alpha {alpha}: by hand {right[0]:.4f} to {right[2]:.4f}, by the package {found[0]:.4f} to {found[2]:.4f}")
    assert np.allclose(found, by_hand(alpha / 100)) and np.allclose(found[[0, 2]], extremes, atol=0.002)
    assert found[2] - found[0] > 1.2 * (right[2] - right[0])
print(f"extremes {extremes[0]:.4f} to {extremes[1]:.4f}, estimate {estimate:.4f}")
PY
