#!/usr/bin/env bash
# pespila 0.1.1: the uniform law of goals is tested on the scores that it allows alone: it is chosen
# where a third of all matches have scores that it rules out.
#
# Packages: pespila 0.1.1, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, polars 2.1.0, httpx 0.28.1.
#
# Expected: `DistributionSelector` takes the law "with the highest chi-squared p-value". A law under
# which something that was seen has no chance has a p-value of 0.
#
# Happens: `UniformDist` has 1 / 2 mean for 0 goals, 1 goal and so on while the number plus 1 is at most
# twice the mean, which sums to less than 1, and is lower than the mean by about one goal. Its p-value
# leaves out all cells where it is 0; those of other laws are over all cells.
#
# Seen, seasons of 38 matches, goals from a Poisson distribution:
#   mean of the goals              1.0     1.5     2.0
#   uniform chosen, of 300           2      10      19
#   against what was seen            2      10      19
#   share ruled out, at most       .37     .39     .39
# A season with 13 13 9 2 1 0 times 0 to 5 goals: .463 .463 0 0 0 0, p-value .12, right 0
#
# Matters for: forecasts that follow, where three goals have no chance.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 polars==2.1.0 httpx==0.28.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pespila==0.1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from pespila.distributions import PoissonDist, UniformDist
from pespila.distributions.selector import DistributionSelector
from scipy.stats import chi2

MATCHES, SEASONS = 38, 300


def right(frequencies, chances):
    """Pearson's p-value over all six cells; 0 if something was seen that has no chance."""
    expected = chances * frequencies.sum()
    if (frequencies[expected == 0] > 0).any():
        return 0.0
    kept = expected > 0
    return float(chi2.sf(((frequencies - expected)[kept] ** 2 / expected[kept]).sum(), kept.sum() - 1))


rng = np.random.default_rng(0)
goals = np.arange(6)
for mean in (1.0, 1.5, 2.0):
    chosen = impossible = 0
    worst, means = 0.0, []
    for _ in range(SEASONS):
        frequencies = np.bincount(np.minimum(rng.poisson(mean, MATCHES), 5), minlength=6)
        best = DistributionSelector().select(frequencies)
        if best.name == "Uniform":
            chances = best.pmf(goals)
            chosen += 1
            ruled_out = frequencies[chances == 0].sum()
            impossible += ruled_out > 0
            worst = max(worst, ruled_out / MATCHES)
            means.append((chances * goals).sum() - (frequencies * goals).sum() / MATCHES)
            if ruled_out:
                assert right(frequencies, chances) == 0 and best.p_value_ > PoissonDist().fit(frequencies).p_value_
    assert chosen == impossible > 0 and worst > 0.3
    print(f"Poisson goals of mean {mean}: uniform in {chosen} of {SEASONS} seasons, in {impossible} of them against what was seen, at most {worst:.2f} of all matches; mean of the law less that of the season {np.mean(means):.2f}")

season = np.array([13, 13, 9, 2, 1, 0])
law = UniformDist().fit(season)
print("season", season, "uniform:", np.round(law.pmf(goals), 3), f"sum {law.pmf(goals).sum():.3f}, p-value found {law.p_value_:.3f}, right {right(season, law.pmf(goals))}")
assert law.p_value_ > 0.1 and law.pmf(goals).sum() < 0.95
PY
