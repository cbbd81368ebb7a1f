#!/usr/bin/env bash
# pyro-ppl 1.9.2: the initial distribution of `DiscreteHMM` is moved on once before
# the first observation.
#
# Packages: pyro-ppl 1.9.2, torch 2.13.0.
#
# Expected: `initial_logits` is documented as "an initial categorical distribution over
# latent states". In Rabiner's tutorial, hmmlearn, dynamax, TensorFlow Probability and
# distrax the first observation comes from that state.
#
# Happens: n observations take n transitions. The first state is drawn, moved on and
# only then observed, so that `transition_logits` of a chain that changes with time
# has n entries, the first of which acts before anything was seen. The docstring of
# `GaussianHMM` in the same file can be read so from its formula; that of `DiscreteHMM`
# says nothing. `filter` does the same. From a stationary start, or with one sticky
# state, it can not be seen.
#
# Seen, 4 symbols, log likelihood and probability of state 0 after the last:
#   enumeration, observed from the initial state   -5.0152  0.1706
#   enumeration, moved on once before              -4.9691  0.1729
#   DiscreteHMM                                    -4.9691  0.1729
#   the same with initial @ inverse(transition)    -5.0152  0.1706
#
# Matters for: comparing likelihoods with another library, and for a model with a known
# start (a left-to-right chain): it never emits from its first state. Where the inverse
# has no negative entry it can be undone, else add a state that is left at once.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 pyro-ppl==1.9.2
venv/bin/python -W ignore - <<'PY'
from itertools import product

import torch
from pyro.distributions import Categorical, DiscreteHMM

START = torch.tensor([0.55, 0.45], dtype=torch.float64)
MOVE = torch.tensor([[0.83, 0.17], [0.37, 0.63]], dtype=torch.float64)
EMIT = torch.tensor([[0.71, 0.20, 0.09], [0.13, 0.29, 0.58]], dtype=torch.float64)
seen = [0, 2, 1, 2]


def enumerated(start):
    ends = torch.zeros(2, dtype=torch.float64)
    for path in product(range(2), repeat=len(seen)):
        p = start[path[0]] * EMIT[path[0], seen[0]]
        for before, after, symbol in zip(path, path[1:], seen[1:]):
            p = p * MOVE[before, after] * EMIT[after, symbol]
        ends[path[-1]] += p
    return ends.sum().log().item(), (ends[0] / ends.sum()).item()


def package(start):
    model = DiscreteHMM(start.log(), MOVE.log(), Categorical(EMIT))
    data = torch.tensor(seen)
    return model.log_prob(data).item(), model.filter(data).probs[0].item()


def same(one, other):
    return max(abs(a - b) for a, b in zip(one, other)) < 1e-9


at_once, moved = enumerated(START), enumerated(START @ MOVE)
found, undone = package(START), package(START @ MOVE.inverse())
for name, (likelihood, state) in (("observed at once", at_once), ("moved on once", moved), ("DiscreteHMM", found), ("undone", undone)):
    print(f"{name:18}{likelihood:.4f}  {state:.4f}")
assert same(found, moved) and not same(found, at_once)
assert same(undone, at_once)
PY
