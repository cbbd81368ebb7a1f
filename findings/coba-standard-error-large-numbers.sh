#!/usr/bin/env bash
# coba 8.1.0: standard errors are lost where numbers are large beside their spread: 0 for values around
# 300 million whose deviation is 3, a quarter too much around 200 million.
#
# Packages: coba 8.1.0.
#
# Expected: `StdDevCI` and `StdErrCI`, by which results are plotted, are the standard deviation and error of
# a sample. A constant that is added to all values changes the mean and neither of them.
#
# Happens: the variance is the sum of squares less the square of the sum over n, "one-pass", with the
# remark that `hypot` makes it safe. That is right for the root; both terms are then squared and subtracted,
# and what is left is their rounding.
#
# Seen, the numbers 0 to 9 and a constant:
#   constant            0         10^7      10^8      1.5 10^8   2 10^8    3 10^8    right
#   deviation           3.02765   3.02994   2.98142   3.26599    3.77124   0         3.02765
#   interval, 95 %      1.877     1.878     1.848     2.025      2.338     0         1.877
#
# Matters for: rewards that are times, money or counts: no warning, and a plot with error bars of another size.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps coba==8.1.0
venv/bin/python - <<'PY'
import statistics

from coba.results.errors import StdDevCI, StdErrCI

off = {}
for constant in (0, 1e6, 1e7, 1e8, 1.5e8, 2e8, 3e8):
    values = [constant + k for k in range(10)]  # all exact in 64 bits
    right = statistics.stdev(values)
    _, (found, _) = StdDevCI().point_interval(values)
    _, (interval, _) = StdErrCI(0.95).point_interval(values)
    off[constant] = found / right - 1
    print(f"constant {constant:.1e}: deviation {found}, right {right:.5f}, interval {interval:.3f}, right {1.96 * right / 10**0.5:.3f}")
    assert abs(right - 3.0276503540974917) < 1e-12
print({f"{constant:.1e}": f"{share:+.1%}" for constant, share in off.items()})
assert off[0] < 1e-5 and off[2e8] > 0.2 and off[3e8] == -1
PY
