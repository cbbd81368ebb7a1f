#!/usr/bin/env bash
# insurance-changepoint 0.1.0: the confidence interval of a break is 20 steps wide for a jump
# of 3000 standard deviations.
#
# Packages: insurance-changepoint 0.1.0, numpy 2.4.6, scipy 1.17.1, ruptures 1.1.10.
#
# Expected: `RetrospectiveBreakFinder` gives "bootstrap confidence intervals on break
# locations" that say how well a break is located: wide for a small jump, one step for a
# jump that nobody can miss.
#
# Happens: blocks of the series, both sides of the break, are drawn with replacement and
# strung together in the order they were drawn. In such a series there is no break, but
# jumps wherever blocks from the two sides meet, and of those the one nearest to the break
# is recorded. The interval is a property of the block length. Blocks should be drawn from
# each segment's residuals.
#
# Seen, 100 steps of noise, the level jumps at step 50, interval of 95 %:
#   jump of    3: break at 47, interval 20 to 76, by likelihood 45 to 51
#   jump of   30: break at 50, interval 40 to 60, by likelihood 50 to 50
#   jump of 3000: break at 50, interval 40 to 60, by likelihood 50 to 50
#
# Matters for: reports that say when something changed, and how surely.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 ruptures==1.1.10
venv/bin/pip install --quiet --disable-pip-version-check --no-deps insurance-changepoint==0.1.0
venv/bin/python - <<'PY'
import numpy as np
from insurance_changepoint import RetrospectiveBreakFinder

LENGTH, BREAK = 100, 50
noise = np.random.default_rng(0).normal(size=LENGTH)


def by_likelihood(values):
    """First and last break with a share of the likelihood above 0.05 / LENGTH; means of both sides at their best."""
    fit = np.array([-0.5 * (values[:b].var() * b + values[b:].var() * (LENGTH - b)) for b in range(1, LENGTH)])
    share = np.exp(fit - fit.max())
    inside = 1 + np.flatnonzero(share / share.sum() > 0.05 / LENGTH)
    return int(inside[0]), int(inside[-1])


widths = []
for jump in (3, 30, 3000):
    values = noise + jump * (np.arange(LENGTH) >= BREAK)
    found = RetrospectiveBreakFinder(penalty=4 * np.log(LENGTH), n_bootstraps=300).fit(values)
    (interval,), first, last = found.break_cis, *by_likelihood(values)
    widths.append(interval.upper - interval.lower)
    print(f"jump of {jump:4} standard deviations: break at {found.breaks[0]}, interval of 95 % {interval.lower} to {interval.upper},",
          f"by likelihood {first} to {last}")
assert (first, last) == (BREAK, BREAK) and found.breaks == [BREAK]
assert widths[1] == widths[2] >= 15, "the interval does not shrink with the evidence"
PY
