#!/usr/bin/env bash
# chinese-restauraunt-process 0.2.0: the probabilities of a Dirichlet-multinomial table sum to
# 0.03, or less, and a row of counts joins the wrong table.
#
# Packages: chinese_restauraunt_process 0.2.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, tqdm 4.70.1.
#
# Expected: `DirichletMultinomialTable.predict(count)` is the logarithm of
#   n! / prod x_i! * G(A) / G(A + n) * prod G(a_i + x_i) / G(a_i)
# with the sum A of the weights a_i. Over all counts of n letters it sums to 1.
#
# Happens: the logarithms of G(a_i) and G(a_i + n) are added up over i in the place of one of G(A)
# and one of G(A + n). What is left out depends on the weights, and so on the table.
#
# Seen, three letters, sum of the probabilities of all 15 counts of n = 4:
#   an empty table                              0.02604   right 1
#   a table with a row of counts 9 0 0          0.00331   right 1
# Counts 2 1 1, how much likelier at a table with 2 2 2 than at one with 6 0 0:
#   right 1.93 times     package .12 times
#
# Matters for: which table a row joins, and so how many classes there are.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chinese-restauraunt-process==0.2.0
venv/bin/python - <<'PY'
from itertools import product
from math import exp, factorial, prod

import numpy as np
from crp.table import DirichletMultinomialTable

ROWS = np.array([[9.0, 0, 0], [6, 0, 0], [2, 2, 2]])
LETTERS, COUNT = 3, 4


def table(*rows):
    made = DirichletMultinomialTable(ROWS)
    for row in rows:
        made.add_member(row)
    return made


def right(count, weights):
    """Draw letter by letter from the urn, times the number of orders."""
    chance, drawn = 1.0, 0
    for weight, times in zip(weights, count):
        for i in range(int(times)):
            chance *= (weight + i) / (sum(weights) + drawn)
            drawn += 1
    return chance * factorial(drawn) / prod(factorial(int(times)) for times in count)


counts = [np.array(count, float) for count in product(range(COUNT + 1), repeat=LETTERS) if sum(count) == COUNT]
sums = {}
for name, made, weights in (("empty", table(), [1, 1, 1]), ("9 0 0", table(0), [10, 1, 1])):
    sums[name] = sum(exp(made.predict(count)) for count in counts)
    whole = sum(right(count, weights) for count in counts)
    print(f"{name}: {len(counts)} counts sum to {sums[name]:.5f}, right {whole:.5f}")
    assert abs(whole - 1) < 1e-12
ask = np.array([2.0, 1, 1])
ratio = exp(table(2).predict(ask) - table(1).predict(ask))
expected = right(ask, [3, 3, 3]) / right(ask, [7, 1, 1])
print(f"ratio: package {ratio:.2f}, right {expected:.2f}")
assert sums["empty"] < 0.03 and sums["9 0 0"] < 0.01
assert expected > 1.5 and ratio < 0.2
PY
