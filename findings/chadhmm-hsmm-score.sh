#!/usr/bin/env bash
# chadhmm 0.3.10: the log-likelihood of a hidden semi-Markov model is one number for each
# duration that the last state may still have.
#
# Packages: chadhmm 0.3.10, torch 2.13.0, scikit-learn 1.8.0, matplotlib 3.9.4.
#
# Expected: `score` returns the log-likelihood of each sequence, as the package's hidden
# Markov models do, and `ic` Akaike's criterion of each.
#
# Happens: the forward variable has an axis for the state and one for the time that is
# left in it. The sum is over states only. Each number is the logarithm of a joint
# probability, of the sequence and of a time left; that of the sequence is the sum of the
# probabilities. `score(by_sample=False)` and `fit` add up the logarithms: what is
# monitored, and decides between several starts, is their sum.
#
# Seen, two states, durations to 3, a sequence of 7 symbols, log-likelihood:
#   enumeration            -5.271
#   score                  -6.387 -5.975 -7.000   whose logsumexp is -5.271
#   score, by_sample=False -6.387 -5.975 -7.000
#   monitored in fit       -19.36
#
# Matters for: comparing models, numbers of states and starts: longer durations make
# more numbers to add. Take the logsumexp over the last axis.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check scikit-learn==1.8.0 matplotlib==3.9.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chadhmm==0.3.10
venv/bin/python - <<'PY'
import math

import torch
from chadhmm.hsmm import MultinomialHSMM
from torch.distributions import Categorical, Multinomial

LONGEST, SYMBOLS = 3, [0, 1, 1, 0, 1, 0, 0]
START, CHANGE = [0.6, 0.4], [[0, 1], [1, 0]]
LAST, SHOW = [[0.1, 0.8, 0.1], [0.2, 0.2, 0.6]], [[0.3, 0.7], [0.7, 0.3]]
sequence = torch.nn.functional.one_hot(torch.tensor(SYMBOLS), 2)
model = MultinomialHSMM(n_states=2, n_features=2, max_duration=LONGEST, seed=0)
start, change, last, show = (torch.tensor(table, dtype=torch.float64) for table in (START, CHANGE, LAST, SHOW))
model._params.update({
    "pi": Categorical(probs=start),
    "A": Categorical(probs=change),
    "D": Categorical(probs=last),
    "emission_pdf": Multinomial(1, probs=show),
})


def mass(begin, state):
    """Probability of the symbols from a segment's first on; the last segment may last beyond the end."""
    total = 0.0
    for duration, chance in enumerate(LAST[state], 1):
        end = min(begin + duration, len(SYMBOLS))
        seen = chance * math.prod(SHOW[state][symbol] for symbol in SYMBOLS[begin:end])
        rest = 1.0 if end == len(SYMBOLS) else sum(CHANGE[state][after] * mass(end, after) for after in (0, 1))
        total += seen * rest
    return total


right = math.log(sum(START[state] * mass(0, state) for state in (0, 1)))
found, summed = model.score(sequence), model.score(sequence, by_sample=False)
whole = found.logsumexp(-1).item()
print(f"enumeration {right:.3f}")
print("score", *(f"{value:.3f}" for value in found.flatten().tolist()), f"  logsumexp {whole:.3f}")
print("score, by_sample=False", *(f"{value:.3f}" for value in summed.flatten().tolist()))
monitored = model._compute_log_likelihood(model.to_observations(sequence)).sum().item()
print(f"monitored in fit {monitored:.2f}")
assert found.numel() == LONGEST == summed.numel() and abs(whole - right) < 1e-6
assert abs(monitored - found.sum().item()) < 1e-9 and monitored < right - 10
PY
