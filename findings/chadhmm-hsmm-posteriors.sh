#!/usr/bin/env bash
# chadhmm 0.3.10: a hidden semi-Markov model takes it that the state changes at every step.
#
# Packages: chadhmm 0.3.10, torch 2.13.0, scikit-learn 1.8.0, matplotlib 3.9.4.
#
# Expected: the posterior of the states weighs all segmentations of the sequence, and
# expectation-maximisation never lowers the likelihood.
#
# Happens: the joint posterior of a change from i to j after step t is divided by its own
# sum over i and j, instead of by the probability of the sequence. Its sum is the
# probability that there is a change at all after step t; divided by it, it is that of a
# change that is certain. The posteriors of the states are its running differences, cut
# to 0 to 1 where they fall outside, and transitions, durations and emissions are
# estimated from both.
#
# Seen, two states, durations to 3, symbols 0 1 1 0 1 0 0, probability of state 1:
#   enumeration  .581 .360 .572 .557 .364 .640 .687
#   chadhmm      .211 .989 .469 .490 1.00 .786 .687
# and of five iterations of estimation, log-likelihood by enumeration:
#   -5.271 -4.772 -4.741 -5.136 -4.793 -4.950
#
# Matters for: `predict(algorithm="map")`, the only decoding of these models, and `fit`,
# for all four kinds of emission. In 0.4.0, for Python 3.12 on, the lines are the same.
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

STATES, LONGEST = 2, 3
SYMBOLS = [0, 1, 1, 0, 1, 0, 0]
sequence = torch.nn.functional.one_hot(torch.tensor(SYMBOLS), 2)
model = MultinomialHSMM(n_states=STATES, n_features=2, max_duration=LONGEST, seed=0)


def double(*rows):
    return torch.tensor(rows, dtype=torch.float64)


model._params.update({
    "pi": Categorical(probs=torch.tensor([0.6, 0.4], dtype=torch.float64)),
    "A": Categorical(probs=double([0, 1], [1, 0])),
    "D": Categorical(probs=double([0.1, 0.8, 0.1], [0.2, 0.2, 0.6])),
    "emission_pdf": Multinomial(1, probs=double([0.3, 0.7], [0.7, 0.3])),
})


def enumerated(model):
    """Log-likelihood and posterior of state 1 at each step; the last segment may last beyond the end."""
    start, change, last, emit = (model._params[key].probs.tolist() for key in ("pi", "A", "D", "emission_pdf"))
    mass = [[0.0] * STATES for _ in SYMBOLS]

    def segment(begin, state, weight, path):
        for duration in range(1, LONGEST + 1):
            end = min(begin + duration, len(SYMBOLS))
            w = weight * last[state][duration - 1] * math.prod(emit[state][s] for s in SYMBOLS[begin:end])
            longer = path + [state] * (end - begin)
            if end == len(SYMBOLS):
                for step, there in enumerate(longer):
                    mass[step][there] += w
            else:
                for after in range(STATES):
                    segment(end, after, w * change[state][after], longer)

    for state in range(STATES):
        segment(0, state, start[state], [])
    return math.log(sum(mass[0])), [row[1] / sum(row) for row in mass]


_, right = enumerated(model)
found = model._compute_posteriors(model.to_observations(sequence))[0][0].exp()[:, 1].tolist()
print("enumeration ", *(f"{p:.3f}" for p in right))
print("chadhmm     ", *(f"{p:.3f}" for p in found))
assert abs(found[-1] - right[-1]) < 1e-6 and max(abs(a - b) for a, b in zip(found, right)) > 0.6
decoded = model.predict(sequence, algorithm="map")[0].tolist()
assert decoded == [int(p > 0.5) for p in found] != [int(p > 0.5) for p in right]

climb = [enumerated(model)[0]]
for _ in range(5):
    model.fit(sequence, max_iter=1, verbose=False)
    climb.append(enumerated(model)[0])
print("log-likelihood", *(f"{value:.3f}" for value in climb))
assert any(after < before - 0.01 for before, after in zip(climb, climb[1:])), "it never falls"
PY
