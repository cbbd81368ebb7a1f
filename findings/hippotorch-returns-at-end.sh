#!/usr/bin/env bash
# hippotorch 0.5.0: n-step returns of the last steps leave out the value of what follows: 1, 2 and 3 where 100 is right.
#
# Packages: hippotorch 0.5.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `compute_returns(gamma, n_steps, value_fn=..., last_value=...)`, where last_value is the "bootstrap value
# for the state following the final transition", used "for n-step bootstrapping past the end". An episode
# that was cut off, with no `dones`, goes on: its last steps have fewer rewards to sum, and then gamma
# to the power of their number times last_value.
#
# Happens: last_value is added where the horizon ends exactly at the end, in one step of the episode. The n - 1 after it
# get the sum of their rewards alone, as if the episode were over.
#
# Seen, rewards of 1, gamma 0.99, values of 100 everywhere (which is what they are worth), 8 steps; returns
#   step         0     1     2     3     4     5      6      7
#   right        100   100   100   100   100   100    100    100
#   n_steps 4    100   100   100   100   100   2.97   1.99   1.00
#   n_steps 1    100   100   100   100   100   100    100    100
#   gae_lambda 1 100   100   100   100   100   100    100    100
#
# Matters for: targets of episodes that are cut off by a time limit, or stored in pieces: n - 1 of each piece.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps hippotorch==0.5.0
venv/bin/python -W ignore - <<'PY'
import torch
from hippotorch.core.episode import Episode

STEPS, GAMMA, WORTH = 8, 0.99, 100.0


def returns(rewards, values, last, dones=None, **settings):
    rewards, values = torch.tensor(rewards, dtype=torch.float64), torch.tensor(values, dtype=torch.float64)
    episode = Episode(torch.zeros(STEPS, 1), torch.zeros(STEPS, 1), rewards, dones=dones)
    return episode.compute_returns(GAMMA, value_fn=lambda states: values, last_value=last, **settings).tolist()


def right(rewards, values, last, n):
    """Up to n rewards, and then the value of where one is, also behind the end."""
    after = [*values, last]
    found = []
    for t in range(STEPS):
        end = min(t + n, STEPS)
        found.append(sum(GAMMA ** (k - t) * rewards[k] for k in range(t, end)) + GAMMA ** (end - t) * after[end])
    return found


def close(a, b):
    return all(abs(x - y) < 1e-5 for x, y in zip(a, b, strict=True))


rewards, values = [1.0] * STEPS, [WORTH] * STEPS
for n in (1, 2, 4):
    found, exact = returns(rewards, values, WORTH, n_steps=n), right(rewards, values, WORTH, n)
    print(f"n_steps {n}:", [round(x, 2) for x in found])
    assert close(exact, values) and close(found[: STEPS - n + 1], exact[: STEPS - n + 1])
    ending = [sum(GAMMA**k for k in range(STEPS - t)) for t in range(STEPS - n + 1, STEPS)]
    assert close(found[STEPS - n + 1 :], ending)
assert found[-1] == 1.0
whole = returns(rewards, values, WORTH, gae_lambda=1.0)
print("gae_lambda 1:", [round(x, 2) for x in whole])
assert close(whole, values)
over = returns(rewards, values, WORTH, n_steps=4, dones=torch.arange(STEPS) == STEPS - 1)
assert close(over[STEPS - 3 :], found[STEPS - 3 :])  # cut off or over: no difference
PY
