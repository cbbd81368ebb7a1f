#!/usr/bin/env bash
# chronobox 0.1.0: the test for constant variance has one critical value for all lengths: it
# rejects two of three constant variances in short series, and hardly any change in long ones.
#
# Packages: chronobox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3.
#
# Expected: `cusumsq_test` rejects a constant variance in 5 % of the cases. The largest distance
# of the cumulative sum from its line shrinks with the root of the length (Brown, Durbin & Evans
# 1975): for n residuals the critical value is about 1.358 times the root of 2/n.
#
# Happens: it is 0.1478, which is right for n = 169.
#
# Seen, share rejected at 5 %, residuals:
#   n                                 30     169    1000
#   constant variance, chronobox      .66    .06    .00
#   constant variance, by the length  .01    .06    .03
#   second half at 1.5 times the variance
#     chronobox                       .82    .35    .02
#     by the length                   .05    .35    .96
#
# Matters for: long series, for which the test passes changes that are plain.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chronobox==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from chronobox.tests_stat.structural_breaks.cusum import cusumsq_test

SERIES, LENGTHS = 200, (30, 169, 1_000)
rng = np.random.default_rng(0)


def shares(n, growth):
    """How often the package rejects, and how often the distance is above the value for this length."""
    package = by_length = 0
    for _ in range(SERIES):
        y = rng.normal(size=n) * np.sqrt(np.where(np.arange(n) < n // 2, 1, growth))
        result = cusumsq_test(y, np.ones((n, 1)))
        assert result.critical_values["5%"] == 0.1478
        package += result.reject_at_5pct
        by_length += result.statistic > 1.358 * np.sqrt(2 / n)
    return package / SERIES, by_length / SERIES


for name, growth in (("constant", 1.0), ("from 1 to 1.5", 1.5)):
    rows = {n: shares(n, growth) for n in LENGTHS}
    print(f"variance {name}:", *(f" n = {n} chronobox {found:.2f}, by the length {right:.2f}" for n, (found, right) in rows.items()))
    if growth == 1:
        assert all(right < 0.1 for _, right in rows.values())
        assert rows[30][0] > 0.4 and rows[1_000][0] == 0
    else:
        assert rows[1_000][0] < 0.2 and rows[1_000][1] > 0.9
PY
