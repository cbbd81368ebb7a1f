#!/usr/bin/env bash
# infomeasure 0.6.3: `step_size` moves what is predicted and thins the data, while a
# warning says that it does nothing.
#
# Packages: infomeasure 0.6.3, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `transfer_entropy(..., src_hist_len, dest_hist_len, step_size)` is T(Y_{t+1}
# | Y^(k), X^(l)): the next symbol, given histories whose members are `step_size` apart.
# With histories of one symbol nothing is apart; the package logs a warning then that a
# step size above 1 does not impact the calculation.
#
# Happens: the symbol that is predicted lies `step_size` after the history, and only
# every `step_size`-th symbol is predicted at all. Where each symbol copies the other
# sequence's last one, nothing is transferred two steps on.
#
# Seen, y_t = x_{t-1}, a tenth of the bits flipped, fair x, 2,000 symbols, nats
# (ln 2 - H(.1) = .368):
#   step size                1      2      3
#   histories of 1 and 1   .354   .000   .001     by the formula  .354 .354 .354
#   histories of 2 and 2   .358   .003   .012     by the formula  .358 .356 .355
#
# Matters for: looking for the delay at which one sequence drives another, or thinning
# a long memory: the strongest link there is comes out as none.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check infomeasure==0.6.3 numpy==2.4.6 scipy==1.17.1
venv/bin/python - <<'PY'
import infomeasure
import numpy as np

rng = np.random.default_rng(1)
x = rng.integers(0, 2, 2000)
y = np.r_[0, x[:-1]] ^ (rng.random(2000) < 0.1)


def entropy(*columns):
    counts = np.unique(np.stack(columns, 1), axis=0, return_counts=True)[1]
    return -(counts / counts.sum() * np.log(counts / counts.sum())).sum()


def transfer(length, step, ahead, every):
    """Of y[t], given `length` symbols each, the last one `ahead` before it, in nats."""
    now = np.arange(length * step, 2000, every)
    own = [y[now - ahead - step * back] for back in range(length)]
    other = [x[now - ahead - step * back] for back in range(length)]
    return entropy(y[now], *own) + entropy(*own, *other) - entropy(y[now], *own, *other) - entropy(*own)


for length in (1, 2):
    for step in (1, 2, 3):
        found = infomeasure.transfer_entropy(
            x, y, approach="discrete", src_hist_len=length, dest_hist_len=length, step_size=step
        )
        right = transfer(length, step, ahead=1, every=1)
        print(f"histories of {length}, step size {step}: {found:.3f}, by the formula {right:.3f}")
        assert abs(found - transfer(length, step, ahead=step, every=step)) < 1e-9, "sliced otherwise now"
        assert right > 0.35 and (found > 0.35) == (step == 1)
PY
