#!/usr/bin/env bash
# minihmm 0.3.3: a first-order model that is written as a second-order one begins in states that
# have a past: paths have a third of their probability.
#
# Packages: minihmm 0.3.3, numpy 2.4.6, scipy 1.17.1, matplotlib 3.11.2, jsonpickle 4.1.4.
#
# Expected: `ModelReducer(2, 2).remap_from_first_order(model)` is the same model over pairs of
# states: the probability of a path and its observations is what it was. A sequence begins in a
# pair whose first half is the dummy state -1; `get_pseudocount_arrays` allows nothing else.
#
# Happens: every pair, begun or not, is given the start probability of its second half, and all are
# divided by their sum: a third for two states, a seventh for order 3. `joint_path_logprob` takes
# the path from its dummy pair. The model's own likelihood is right, for it sums over all of them.
#
# Seen, two states, three observations:
#                                         order 1    order 2    order 3
#   ln P(path 011, observations 011)      -2.372     -3.470     -4.318
#   sum over all paths                     .1486      .0495      .0212
#   likelihood by the forward pass         .1486      .1486      .1486
#   share of starts with a dummy          1.0000      .3333      .1429
#
# Matters for: comparing paths between orders, and training from there on: counts of starts go to
# pairs that no sequence can begin with.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2 jsonpickle==4.1.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps minihmm==0.3.3
venv/bin/python -W ignore - <<'PY'
from itertools import product

import numpy as np
from minihmm.factors import ArrayFactor, MatrixFactor
from minihmm.hmm import FirstOrderHMM
from minihmm.represent import ModelReducer

START, STEP, LETTERS = np.array([0.6, 0.4]), np.array([[0.7, 0.3], [0.1, 0.9]]), np.array([[0.9, 0.1], [0.2, 0.8]])
SEEN, PATHS = [0, 1, 1], list(product((0, 1), repeat=3))
first = FirstOrderHMM(ArrayFactor(START), [ArrayFactor(row) for row in LETTERS], MatrixFactor(STEP))


def joint(path):
    return float(np.log(START[path[0]] * LETTERS[list(path), SEEN].prod() * np.prod([STEP[a, b] for a, b in zip(path, path[1:])])))


total = float(np.exp([joint(path) for path in PATHS]).sum())
assert np.isclose(total, first.probability(SEEN)) and all(np.isclose(first.joint_path_logprob(path, SEEN), joint(path)) for path in PATHS)
print(f"order 1: path 011 {joint((0, 1, 1)):.4f}, sum over paths {total:.4f}")
for order in (2, 3):
    reducer = ModelReducer(order, 2)
    reducer.hmm = reducer.remap_from_first_order(first)
    found = [reducer.joint_path_logprob(list(path), SEEN) for path in PATHS]
    starts = reducer.hmm.state_priors.data[reducer.get_pseudocount_arrays()[0] > 0]
    tuples = len(reducer.low_states_to_high) // 2
    print(f"order {order}: path 011 {reducer.joint_path_logprob([0, 1, 1], SEEN):.4f}, sum over paths {np.exp(found).sum():.4f}, forward {reducer.hmm.probability(SEEN):.4f}, starts {starts.sum():.4f}")
    assert np.isclose(reducer.hmm.probability(SEEN), total)
    assert np.isclose(starts.sum(), 1 / tuples) and np.allclose(np.array(found) + np.log(tuples), [joint(path) for path in PATHS])
PY
