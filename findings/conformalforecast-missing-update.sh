#!/usr/bin/env bash
# conformalforecast 0.1.0: a missing number counts as one inside its interval: 70 % instead of 90 % where a third is
# seen.
#
# Packages: conformalforecast 0.1.0, numpy 2.4.6, scipy 1.17.1, pydantic 2.14.4, narwhals 2.29.0.
#
# Expected: panels may have gaps, "through NaN masking", and adaptive conformal inference moves its level by
# gamma (alpha - missed) after each number. For one that is not there nothing is known. `fit` leaves the level alone
# then, and coverage averages skip such numbers.
#
# Happens: `update` compares the missing score with the threshold, which is false, as for a hit. The level rises by
# gamma alpha at every gap, and intervals shrink until misses among the numbers that are seen make up for all gaps.
#
# Seen, normal numbers, alpha = .1, gamma = .05, forecasts of 0
#   numbers seen     inside, package   right   level after 3,000 steps
#   all              .90               .90      .10
#   every third      .70               .90      .15
#   every tenth      .06               .90     1.00
# A hundred missing numbers move the level from .15 to .65; after a fit with the same numbers it is .15.
#
# Matters for: panels of series that come at different times, as monthly and quarterly ones, and late numbers.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pydantic==2.14.4 narwhals==2.29.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps conformalforecast==0.1.0
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from conformalforecast.methods.aci import AdaptiveConformalInference

ALPHA, GAMMA, START, STEPS = 0.1, 0.05, 200, 3_000
print("conformalforecast", version("conformalforecast"), "numpy", np.__version__)
rng = np.random.default_rng(0)
first = rng.standard_normal((3, START, 1))
later = rng.standard_normal((3, STEPS, 1))
later[1, np.arange(STEPS) % 3 != 0] = np.nan
later[2] = np.nan
later[2, ::10] = rng.standard_normal((STEPS // 10, 1))


def adaptive(past, numbers):
    """Gibbs and Candes, from the same start: the level stays when there is no number. Share of hits."""
    scores, level, hits = list(np.abs(past)), ALPHA, []
    for count, score in enumerate(list(np.abs(past)) + list(np.abs(numbers))):
        known = np.array(scores[:count] if count < START else scores)
        if np.isnan(score):
            continue
        kept = np.clip(1 - level, 0, 1)
        radius = np.inf if kept >= 1 else -np.inf if kept <= 0 else np.quantile(known, kept) if len(known) else -np.inf
        if count >= START:
            hits.append(score <= radius)
            scores.append(score)
        level += GAMMA * (ALPHA - (score > radius))
    return np.mean(hits)


model = AdaptiveConformalInference(alpha=ALPHA, gamma=GAMMA).fit(np.zeros_like(first), first)
hits, point = np.full(later.shape[:2], np.nan), np.zeros((3, 1, 1))
for step in range(STEPS):
    now = later[:, step : step + 1]
    low, high = np.moveaxis(model.interval(point)[:, 0, 0], -1, 0)
    hits[:, step] = np.where(np.isnan(now[:, 0, 0]), np.nan, (low <= now[:, 0, 0]) & (now[:, 0, 0] <= high))
    model.update(point, now)
for series, (name, share) in enumerate((("every number", 1), ("every third", 1 / 3), ("every tenth", 1 / 10))):
    found, right = np.nanmean(hits[series]), adaptive(first[series, :, 0], later[series, :, 0])
    # The level stands still where share * missed = alpha.
    level = model.alpha_t_[series, 0]
    print(f"{name}: {found:.3f} of those seen are inside, right {right:.3f}; level at the end {level:.2f}")
    assert abs(right - (1 - ALPHA)) < 0.03 and abs(found - max(1 - ALPHA / share, 0)) < (0.03 if share > ALPHA else 0.1)

gaps = first.copy()
gaps[1, START // 2 :] = np.nan
method = AdaptiveConformalInference(alpha=ALPHA, gamma=GAMMA)
whole = method.fit(np.zeros_like(gaps), gaps)
half = method.fit(np.zeros_like(first[:, : START // 2]), first[:, : START // 2])
before = half.alpha_t_[1, 0]
for _ in range(START // 2):
    half.update(point, np.full((3, 1, 1), np.nan))
print(f"{START // 2} missing: level {before:.3f} before them, {whole.alpha_t_[1, 0]:.3f} after a fit with them, "
      f"{half.alpha_t_[1, 0]:.3f} after updates")
assert np.isclose(before, whole.alpha_t_[1, 0])
assert np.isclose(half.alpha_t_[1, 0], whole.alpha_t_[1, 0] + GAMMA * ALPHA * (START // 2))
PY
