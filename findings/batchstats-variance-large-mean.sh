#!/usr/bin/env bash
# batchstats 0.8: the variance, called stable, is a mean of squares less a square: temperatures in kelvin have a
# standard deviation of NaN or 0.16 instead of 0.10 in float32.
#
# Packages: batchstats 0.8, numpy 2.4.6.
#
# Expected: `BatchVar` is "an implementation of Welford's online algorithm" that "is numerically stable and
# avoids a two-pass approach" (its documentation): what is summed are differences from means, and no
# accuracy is lost where the mean is large beside the spread. `BatchStd` and `BatchCorr` are made of it.
#
# Happens: a batch adds sum of squares - (old mean + new mean) * sum + n * old mean * new mean: the same number in
# exact arithmetic, and the difference of large ones in floating point. `BatchCov` subtracts the means first, and
# is right.
#
# Seen, 10 batches of 1000 normal numbers in two columns; standard deviation by BatchStd, by BatchCov's diagonal
#   numbers                             right           BatchStd      BatchCov
#   float32, mean 300, deviation 0.1    0.0995, 0.0997  NaN, 0.16     0.0995, 0.0997
#   float32, mean 10,000, deviation 1   0.995, 0.997    NaN, NaN      0.995, 0.997
#   float64, mean 1e8, deviation 1      0.995, 0.997    1.75, NaN     0.995, 0.997
#   float64, mean 1.7e9, deviation 1    0.995, 0.997    34.7, NaN     0.995, 0.997
#   float64, mean 1, deviation 1        0.995, 0.997    0.995, 0.997  0.995, 0.997
#   correlation of a column with itself: NaN, NaN, infinite, 0.001, 1. Which wrong number it is depends on the machine.
#
# Matters for: normalising inputs by streamed statistics: kelvins, pascals, time stamps and prices.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check batchstats==0.8 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import numpy as np
from batchstats import BatchCorr, BatchCov, BatchStd


def told(kind, mean, deviation):
    """Deviations right, by BatchStd and by BatchCov, and the correlation of the first column with itself."""
    x = (mean + deviation * np.random.default_rng(0).standard_normal((10, 1000, 2))).astype(kind)
    spread, joint, related = BatchStd(), BatchCov(), BatchCorr()
    for batch in x:
        spread.update_batch(batch)
        joint.update_batch(batch)
        related.update_batch(batch[:, :1], batch)
    exact = x.astype(np.longdouble).reshape(-1, 2)
    return exact.std(0).astype(float), spread(), np.sqrt(np.diag(joint())), float(related()[0, 0])


for kind, mean, deviation in ((np.float32, 300, 0.1), (np.float32, 10000, 1), (np.float64, 1e8, 1), (np.float64, 1.7e9, 1), (np.float64, 1, 1)):
    right, found, other, related = told(kind, mean, deviation)
    print(kind.__name__, mean, deviation, "right", right.round(4), "BatchStd", found, "BatchCov", other.round(4), "correlation", related)
    assert np.allclose(other, right, rtol=1e-4)
    if mean == 1:
        assert np.allclose(found, right) and abs(related - 1) < 1e-9
    else:
        assert not np.allclose(found, right, rtol=0.05) and not abs(related - 1) < 1e-3
PY
