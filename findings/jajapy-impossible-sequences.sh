#!/usr/bin/env bash
# jajapy 0.10.8: a sequence that a model cannot generate, or one of 1,100 letters, counts as if the
# model were certain of it: the less a model can do the better it is.
#
# Packages: jajapy 0.10.8, numpy 1.26.4, scipy 1.15.3, sympy 1.14.0, alive-progress 3.3.0,
# about-time 4.2.1, graphemeu 0.7.2.
#
# Expected: `logLikelihood(sequences)` is the mean of the logarithms of their probabilities: minus
# infinity if one of them is 0, and -762 for 1,100 letters of a fair coin.
#
# Happens: logarithms that do not exist are left out of the sum, and the sum is divided by the
# number of all sequences: each of them is a 0 in it, as the logarithm of 1. Probabilities are
# multiplied without scaling, so that those of long sequences are 0 as well. What is said is
# "this model is not able to generate", and what is returned is 0.0.
#
# Seen, hidden Markov models with one letter or two:
#                                                right       found
#   coin, 1,000 letters                          -693.1      -693.1
#   coin, 1,100 letters                          -762.5      0.0
#   always b after the first; abbb and abab      -inf        0.0
#   coin; abbb and abab                          -2.8        -2.8
# So the model for which abab is impossible is preferred to the coin.
#
# Matters for: choosing between models, and for stopping rules, by this number.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.26.4 scipy==1.15.3 sympy==1.14.0 alive-progress==3.3.0 about-time==4.2.1 graphemeu==0.7.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps jajapy==0.10.8
venv/bin/python -W ignore - <<'PY'
import contextlib
import io
import math
from itertools import product

import numpy as np
from jajapy import HMM, Set

coin = HMM(np.array([[1.0]]), np.array([[0.5, 0.5]]), ["a", "b"], 0)
always = HMM(np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]), ["a", "b"], 0)


def right(model, sequence):
    """ln of the sum over all paths; for one state the logarithms add up."""
    if model.nb_states == 1:
        return sum(math.log(model.output[0][model.alphabet.index(letter)]) for letter in sequence)
    total = 0.0
    for path in product(range(model.nb_states), repeat=len(sequence)):
        p = model.initial_state[path[0]]
        for place, (state, letter) in enumerate(zip(path, sequence)):
            p *= model.output[state][model.alphabet.index(letter)] * (model.matrix[path[place - 1]][state] if place else 1.0)
        total += p
    return math.log(total) if total else -math.inf


def found(model, sequences):
    with contextlib.redirect_stdout(io.StringIO()):
        return model.logLikelihood(Set([list(s) for s in sequences], [1] * len(sequences)))


results = {}
for name, model, sequences in (
    ("coin, 1,000 letters", coin, ["a" * 1000]),
    ("coin, 1,100 letters", coin, ["a" * 1100]),
    ("always b, abbb and abab", always, ["abbb", "abab"]),
    ("coin, abbb and abab", coin, ["abbb", "abab"]),
):
    wanted = sum(right(model, s) for s in sequences) / len(sequences)
    results[name] = found(model, sequences), wanted
    print(f"{name:26} right {wanted:8.1f}  found {results[name][0]:8.1f}")
assert np.isclose(*results["coin, 1,000 letters"]) and np.isclose(*results["coin, abbb and abab"])
assert results["coin, 1,100 letters"][0] == 0 and results["always b, abbb and abab"] == (0.0, -math.inf)
PY
