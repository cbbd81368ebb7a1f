#!/usr/bin/env bash
# hidden-py 1.2.0: alpha, beta and the backward filter are right for symmetric
# observation matrices only.
#
# Packages: hidden-py 1.2.0, numpy, numba.
#
# Expected: the package's matrices have one column per hidden state: A[i, j] is the
# probability of state i after j, B[y, x] that of symbol y in state x. `alpha` is
# documented as the probability of the symbols up to t with the state, `beta` as that of
# those after t given the state; alpha(t) . beta(t) is the likelihood at every t.
#
# Happens: `alpha` reads the first symbol from B[:, y] and the others from B[y, :];
# `beta` reads all from B[:, y], `backward_algo` reads B.T with the symbol as row. With
# a symmetric B, as `init_uniform_cycle` makes it, they are the same. With another, alpha
# starts from numbers that are no probabilities of the symbol, alpha . beta differs from
# step to step, and so do the estimates that expectation-maximisation makes of them. The filter
# (`forward_algo`) and the smoother are not touched.
#
# Seen, 4 symbols, B = [[.71, .13], [.29, .87]]:
#   likelihood by enumeration (weight 1 for each first state): 0.08148
#   sum of the package's last alpha:                           0.10720
#   its alpha . beta at each step:                             0.0848 0.0998 0.1269 0.1072
#
# Matters for: any model whose two letters are not mirror images of each other.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check hidden-py==1.2.0
venv/bin/python -W ignore - <<'PY'
from itertools import product

import numpy as np
from hidden_py.infer import MarkovInfer

MOVE = np.array([[0.83, 0.37], [0.17, 0.63]])
seen = np.array([0, 1, 1, 0])


def likelihood(look):
    total = 0.0
    for path in product(range(2), repeat=len(seen)):
        p = look[seen[0], path[0]]
        for before, after, symbol in zip(path, path[1:], seen[1:]):
            p *= MOVE[after, before] * look[symbol, after]
        total += p
    return total


def package(look):
    model = MarkovInfer(2, 2)
    alpha, beta = model.alpha(seen, MOVE, look), model.beta(seen, MOVE, look)
    return alpha[-1].sum(), (alpha * beta).sum(1)


for name, look in (("symmetric", np.array([[0.71, 0.29], [0.29, 0.71]])), ("asymmetric", np.array([[0.71, 0.13], [0.29, 0.87]]))):
    right, (last, products) = likelihood(look), package(look)
    print(f"{name}: enumeration {right:.5f}, sum of last alpha {last:.5f}, alpha . beta", *products.round(4))
    assert (abs(last - right) < 1e-9) == (name == "symmetric")
    assert (np.ptp(products) < 1e-9) == (name == "symmetric")
PY
