#!/usr/bin/env bash
# sofic 0.2.1: the cryptic order is too large: 5 instead of 3, and infinite for the even process,
# which hides nothing.
#
# Packages: sofic 0.2.1, networkx 3.6.1, PyYAML 6.0.4, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `cryptic_order` cites James et al. (2010): the least k for which the state at time k
# is known to who knows all symbols from time 0 on, H[S_k | X_0 X_1 ..] = 0. It is at most the
# Markov order, and 0 where all of the state shows, which is where the crypticity is 0.
#
# Happens: a walk over sets of states, refined by where each came from, takes the longest way
# to where nothing is ambiguous, and an ambiguity that only sequences of probability 0
# keep, such as 1 for ever in the even process, as one that never ends.
#
# Seen, H[S_k | X_0 .. X_(L-1)] in bits by enumerating all words:
#                               L    k = 0     1       2       3     order    sofic
#   golden mean                16    .6667   0       0       0         1        1
#   noisy random phase slip    16    .6777   .3444   .1148   0         3        5
#   even process                8    .0574   .0574   .0574   .0574
#                              16    .0036   .0036   .0036   .0036     0        inf
#
# Matters for: how much memory a process hides: examples of processes for which one predicts
# as well forwards as backwards look as if they were the hardest.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 networkx==3.6.1 PyYAML==6.0.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps sofic==0.2.1
venv/bin/python -W ignore - <<'PY'
import math

import numpy as np
from sofic import examples

ORDERS = 4


def matrices(machine):
    """For each symbol the joint probabilities of it and the next state given the last one."""
    states = list(machine.states())
    found = {}
    for step in machine.transitions():
        matrix = found.setdefault(step.data["emission"], np.zeros((len(states), len(states))))
        matrix[states.index(step.source), states.index(step.target)] += step.data["prob"]
    return list(found.values())


def entropy(masses):
    masses = masses[masses > 1e-15]
    return float(-(masses * np.log2(masses)).sum())


def hidden(symbols, lengths):
    """H[S_k | X_0 .. X_(L-1)] for k = 0, 1, .. by enumeration of all words of each length."""
    values, vectors = np.linalg.eig(sum(symbols).T)
    start = np.real(vectors[:, np.argmin(abs(values - 1))])
    words, found = [[np.diag(start / start.sum())]], {}  # of a word, for each k: P(word, S_k, S_now)
    for length in range(1, max(lengths) + 1):
        longer = []
        for word in words:
            for symbol in symbols:
                joint = [state @ symbol for state in word]
                if joint[0].sum() > 1e-15:
                    longer.append(joint + [np.diag(joint[0].sum(0))] * (length < ORDERS))
        words = longer
        if length in lengths:
            parts = [[entropy(j.sum(1)) - entropy(j.sum(keepdims=True)) for j in word] for word in words]
            found[length] = np.sum(parts, axis=0)
    return found


for name, order in (("golden_mean", 1), ("noisy_random_phase_slip", 3), ("even_process", 0)):
    machine = getattr(examples, name)()
    found = hidden(matrices(machine), (8, 16))
    for length, bits in found.items():
        print(f"{name:24} L = {length:2}", *(f"{max(x, 0):.4f}" for x in bits))
    print(f"{'':24} order {order}, sofic {machine.cryptic_order()}, Markov order {machine.markov_order()}")
    if name == "even_process":
        assert machine.cryptic_order() == math.inf
        assert np.allclose(found[16] / found[8], 2.0**-4, rtol=0.01), "halved every two symbols: 0 in the end"
    else:
        assert np.allclose(found[8], found[16], atol=1e-9) and abs(found[16][order]) < 1e-9 < found[16][order - 1]
        assert machine.cryptic_order() == {1: 1, 3: 5}[order]
PY
