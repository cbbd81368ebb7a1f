#!/usr/bin/env bash
# conformalpy 1.0.0: p-values that all come from one calibration set are not independent: scores that
# are exchangeable are rejected at 1 % in a third of the cases, and the more often the longer one looks.
#
# Packages: conformalpy 1.0.0, numpy 2.2.6, scikit-learn 1.6.1, scipy 1.15.3, pandas 2.2.3,
# matplotlib 3.9.4, seaborn 0.13.2.
#
# Expected: `ExchangeabilityTest.test(calibration_scores, test_scores)` rejects exchangeable scores with
# probability 1/threshold at the most. For p-values of a test martingale each new score has to
# be ranked among all before it; then they are independent and uniform.
#
# Happens: each test score is ranked among the calibration scores alone. Given these, p-values are
# independent but not uniform (by chance the calibration scores are high, or low), and a long enough
# test learns that of any set of them. Seen with the plain power martingale, which is a martingale.
#
# Seen, normal scores throughout, bet .92, threshold 100; share of 200 runs that are rejected
#   calibration, test              50, 200    50, 1,000    50, 5,000
#   found                          .015       .240         .325
#   each ranked among all before   .000       .005         .015
#
# Matters for: monitoring, which is long: an alarm is certain in the end, without any drift.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.2.6 scikit-learn==1.6.1 scipy==1.15.3 pandas==2.2.3 matplotlib==3.9.4 seaborn==0.13.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps conformalpy==1.0.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
from bisect import bisect_left, insort

import numpy as np
from conformalpy.diagnostics import ExchangeabilityTest

RUNS, EPSILON, THRESHOLD = 200, 0.92, 100.0


def ranked(before, scores, rng):
    """Conformal p-values, each score among all before it."""
    seen, result = sorted(before), []
    for score in scores:
        higher = len(seen) - bisect_left(seen, score)
        result.append((higher + rng.uniform()) / (len(seen) + 1))
        insort(seen, score)
    return np.array(result)


for calibration, test in ((50, 200), (50, 1000), (50, 5000)):
    found = right = 0
    for run in range(RUNS):
        rng = np.random.default_rng(run)
        scores = rng.normal(size=calibration + test)
        tested = ExchangeabilityTest(method="power", epsilon=EPSILON, threshold=THRESHOLD)
        found += tested.test(scores[:calibration], scores[calibration:], random_state=run)["rejected"]
        p_values = ranked(scores[:calibration], scores[calibration:], rng)
        right += tested.test_from_p_values(p_values)["rejected"]
    print(f"calibration {calibration}, test {test}: {found / RUNS:.3f}, ranked among all before {right / RUNS:.3f}")
    assert right / RUNS < 0.03
    if (calibration, test) == (50, 5000):
        assert found / RUNS > 0.1
PY
