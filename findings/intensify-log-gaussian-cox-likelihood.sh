#!/usr/bin/env bash
# intensify 0.3.3: the probabilities of how many events a log-Gaussian Cox process has sum to 8,103,
# and finer bins are better whatever is in them.
#
# Packages: intensify 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2.
#
# Expected: given the rates of the bins, `log_likelihood` is that of "independent Poisson counts
# per bin", ln P(n) = n ln(rate width) - rate width - ln n!. Or it is that of the times of the
# events, as for the package's Poisson processes: n ln rate - rate width, without ln n!.
#
# Happens: it is n ln rate - rate width - ln n!, half of each. It is right for bins of width 1.
# Counts shrink with their bins, and ln n! with them.
#
# Seen, sum of exp(log-likelihood) over 0 to 99 events in a bin:
#   rate 10, width 1       1
#   rate 10, width .1      8,103
#   rate 1, width 10       .00012
# 100 events in a time of 20, rate 5:
#   bins      times     counts     package
#   1         60.9      -3.2       -302.8
#   20        60.9      -38.9      -38.9
#   1,000     60.9      -334.1     57.1
#
# Matters for: comparing numbers of bins, and with the other Poisson processes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps intensify==0.3.3
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import math

import numpy as np
from intensify import HomogeneousPoisson, LogGaussianCoxProcess


def process(bins, rate):
    made = LogGaussianCoxProcess(n_bins=bins)
    made.log_lambda = np.full(bins, math.log(rate))
    return made


for width, rate in ((1.0, 10.0), (0.1, 10.0), (10.0, 1.0)):
    total = sum(math.exp(process(1, rate).log_likelihood(np.linspace(0.1, 0.9, number) * width, width)) for number in range(100))
    right = sum(math.exp(number * math.log(rate * width) - rate * width - math.lgamma(number + 1)) for number in range(100))
    print(f"rate {rate}, width {width}: counts of 0 to 99 sum to {total:.6g}, right {right:.6g}")
    assert abs(right - 1) < 1e-9
    assert (abs(total - 1) < 1e-9) == (width == 1)

events = np.sort(np.random.default_rng(0).uniform(0, 20, 100))
times = HomogeneousPoisson(5.0).log_likelihood(events, 20.0)
for bins in (1, 20, 1000):
    counts = np.histogram(events, bins=bins, range=(0, 20))[0]
    right = sum(int(count) * math.log(100 / bins) - 100 / bins - math.lgamma(int(count) + 1) for count in counts)
    found = process(bins, 5.0).log_likelihood(events, 20.0)
    print(f"100 events in 20, rate 5, {bins} bins: of times {times:.2f}, of counts {right:.2f}, package {found:.2f}")
    assert abs(found - times + sum(math.lgamma(int(count) + 1) for count in counts)) < 1e-6
    assert bins == 20 or abs(found - right) > 1
PY
