#!/usr/bin/env bash
# cpdetect 0.0.2: the T statistic of a change takes the last number before it into the variance after
# it, and of eight numbers it finds no jump at the 1 % level, however large.
#
# Packages: cpdetect 0.0.2, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, setuptools 65.5.0.
#
# Expected: `BinSeg().fit(series, stat="T")` has Student's statistic of two samples for each way to
# split the series, and `predict` compares the largest with quantiles of it that come with the
# package. The larger a jump, the larger the statistic.
#
# Happens: variances of what is left after 0, 1, 2 ... numbers are shifted by one: with those after a
# split goes the number before it. At the place of a jump that is from the other level: the
# variance grows with the square of the jump. The quantiles are those of the right statistic.
#
# Seen, two levels, half of the numbers each:
#                          limit at 1 %   largest in 40   found   by the right statistic
#    8 numbers, jump 4     5.55           4.94            .00     .57
#    8 numbers, jump 1000  5.55           4.48            .00     1.00
#   12 numbers, jump 4     4.58           7.25            .68     .97
#
# Matters for: short series, and segments that become short; the series read backwards has others.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps cpdetect==0.0.2
venv/bin/python -W ignore - <<'PY'
import numpy as np
from cpdetect import BinSeg
from cpdetect.binseg.utils import quantile
from scipy.stats import ttest_ind

REPEATS = 40


def largest(series):
    """Student's statistic at the best split; single numbers have no variance of their own."""
    found = []
    for split in range(1, len(series)):
        parts = series[:split], series[split:]
        squares = sum(((part - part.mean()) ** 2).sum() for part in parts) / (len(series) - 2)
        found.append(abs(parts[0].mean() - parts[1].mean()) / np.sqrt(squares * sum(1 / len(part) for part in parts)))
        if 1 < split < len(series) - 1:
            assert np.isclose(found[-1], abs(ttest_ind(*parts).statistic))
    return max(found)


shares = {}
for size in (8, 12):
    limit = quantile(0.99, size, "T")
    for jump in (4, 10, 1000):
        rng, package, right, top = np.random.default_rng(0), 0, 0, 0.0
        for _ in range(REPEATS):
            series = rng.normal(size=size) + jump * (np.arange(size) >= size // 2)
            model = BinSeg().fit(series, stat="T")
            top = max(top, model.stat_values.max())
            package += model.stat_values.max() > limit
            right += largest(series) > limit
            if jump == 1000 and not package:
                assert model.predict(0.01) == []
        shares[size, jump] = package / REPEATS, right / REPEATS, top
        print(f"{size} numbers, jump {jump}: limit {limit:.2f}, largest {top:.2f}; found {package / REPEATS:.2f}, by Student's statistic {right / REPEATS:.2f}")
assert shares[8, 1000][0] == 0 and shares[8, 1000][1] == 1 and shares[8, 1000][2] < 4.6
assert shares[12, 4][1] > shares[12, 4][0] + 0.1
PY
