#!/usr/bin/env bash
# garchbox 0.1.0: a Markov-switching autoregression has a log-likelihood of minus 10^10 for each
# lag, and its estimation ends after two steps, since nothing changes it by a 10^8th part.
#
# Packages: garchbox 0.1.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, matplotlib 3.11.2.
#
# Expected: `MarkovSwitchingAR(y, order=p).fit()` goes on until the log-likelihood changes by less
# than 1e-8 of itself. The first p values have no past; they are left out or conditioned on.
#
# Happens: their log-density is set to -10^10 in every regime, and added to the rest. Beside it the
# log-likelihood of all others is not seen: "converged". AIC and BIC are 2 * 10^10 times p.
#
# Seen, 600 values, regimes of 100 with means 0 and 5, deviation 1:
#               log-likelihood         steps    means found     staying in a regime
#   order 0     -876                   7        -.01, 4.97      .990, .993
#   order 1     -10,000,001,079        3        1.45, 3.27      .815, .859
#   order 4     -40,000,000,997        2        .06, 4.34       .751, .811
# The same of order 1, carried on for 200 steps: the others have -1,070, after 3 steps -1,079
#
# Matters for: choosing the order by AIC (it is always 0), and every fit of order 1 or more.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps garchbox==0.1.0
MPLBACKEND=Agg venv/bin/python -W ignore - <<'PY'
import numpy as np
from archbox.regime.ms_ar import MarkovSwitchingAR

LENGTH = 600
rng = np.random.default_rng(0)
regimes = np.arange(LENGTH) // 100 % 2
y = 5.0 * regimes + rng.normal(size=LENGTH)
found = {}
for order in (0, 1, 4):
    result = found[order] = MarkovSwitchingAR(y, order=order).fit(verbose=False)
    means = [round(result.regime_params[s]["mu"], 2) for s in (0, 1)]
    print(f"order {order}: log-likelihood {result.loglike:.0f}, AIC {result.aic:.0f}, {result.n_iter} steps, converged {result.converged}, means {means}, staying {np.diag(result.transition_matrix).round(3)}")
    assert result.converged and (result.loglike > -900 if order == 0 else abs(result.loglike / (-1e10 * order) - 1) < 1e-5)
assert found[1].n_iter < 5 and found[4].n_iter < 5
assert np.diag(found[0].transition_matrix).min() > 0.98 and np.diag(found[1].transition_matrix).max() < 0.9

further = MarkovSwitchingAR(y, order=1).fit(verbose=False, tol=-1.0, maxiter=200)
rest = further.loglike + 1e10
print(f"order 1, 200 steps: {rest:.0f} for the others, after {found[1].n_iter} steps {found[1].loglike + 1e10:.0f}; staying {np.diag(further.transition_matrix).round(3)}")
assert rest > found[1].loglike + 1e10 + 5
PY
