#!/usr/bin/env bash
# pymse 0.2.1: means of whole numbers are cut to whole numbers: the multiscale entropy of a
# fair coin falls from scale to scale instead of rising.
#
# Packages: pymse 0.2.1, numpy 2.4.6.
#
# Expected: the multiscale entropy (Costa et al. 2002) of scale s is the sample entropy of the
# means of s neighbours. For independent numbers it is -ln of the probability that two means
# are within the tolerance, here that they are equal: counts of heads have a binomial
# distribution.
#
# Happens: the means are written into a copy of the data. Where that holds integers, 1/2
# becomes 0 and 2/3 becomes 0. (The same numbers as floats are right.)
#
# Seen, 1,000 tosses as 0 and 1, nats:
#   scale        1      2      3
#   expected 0.693  0.981  1.163
#   floats   0.692  0.981  1.214
#   ints     0.692  0.535  0.382
#
# Matters for: intervals in milliseconds, counts, symbols: what a file of whole numbers is
# read as. Convert with `astype(float)`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation pymse==0.2.1
venv/bin/python - <<'PY'
import numpy as np
from pymse import mse

SCALES, LENGTH, TOLERANCE = (1, 2, 3), 2, 0.15
tosses = np.random.default_rng(0).integers(0, 2, 1_000)
expected = [np.log(2), -np.log(6 / 16), -np.log(20 / 64)]  # sums of squared binomial probabilities


def sample_entropy(means, tolerance):
    """-ln of how often windows that agree in two numbers agree in the third."""
    windows = np.lib.stride_tricks.sliding_window_view(means, LENGTH + 1)
    close = np.abs(windows[:, None] - windows[None]) <= tolerance
    pairs = np.triu_indices(len(windows), 1)
    both = close[..., :LENGTH].all(-1)[pairs]
    return -np.log(close.all(-1)[pairs].sum() / both.sum())


def by_hand(cut):
    """Over all scales, with means or with means cut to whole numbers."""
    rows = (tosses[: len(tosses) // s * s].reshape(-1, s).mean(1) for s in SCALES)
    return [sample_entropy(np.floor(means) if cut else means, TOLERANCE * tosses.std()) for means in rows]


floats, ints = mse(tosses.astype(float), SCALES).ravel(), mse(tosses, SCALES).ravel()
for name, row in (("expected", expected), ("floats", floats), ("ints", ints)):
    print(f"{name:8}", *(f"{value:.3f}" for value in row))
assert np.allclose(by_hand(cut=False), expected, atol=0.1)
assert np.allclose(floats, by_hand(cut=False)) and np.allclose(ints, by_hand(cut=True))
assert ints[0] > ints[1] > ints[2]
PY
