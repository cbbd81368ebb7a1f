#!/usr/bin/env bash
# custom-rnn 0.1.0: from the second batch on the gradient of its CTC loss is made with the posteriors
# of the first batch.
#
# Packages: custom-rnn 0.1.0 (its only wheels are for Python 3.11 on Linux), numpy 2.4.6.
#
# Expected: `CTCLoss()` is called with probabilities, labels and lengths, and `backward()` gives the
# derivative of -log P(labels) by the probabilities: minus the posterior of each symbol at each
# step, divided by its probability.
#
# Happens: each call appends the posteriors of its rows to a list that is never emptied, and `backward`
# takes row i of the batch from place i of the list: the rows of the first call. (The number that
# the call gives is not -log P but the expectation of -log P(path), 3.9 to 4.5 more here.)
#
# Seen, four symbols, 8 steps, batches of 2 rows with 3 labels; largest error of the gradient and its
# cosine with the derivative, which is found by summing over all 4^8 paths:
#   batch   error   cosine
#   1       0.00    1.00
#   2      26.28    0.65
#   3      23.05    0.76
#   2, by a new CTCLoss: 0.00, 1.00
#
# Matters for: everyone who trains with it in the usual loop, with one loss for all batches.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps custom-rnn==0.1.0
venv/bin/python -W ignore - <<'PY'
import itertools

import numpy as np
from CTC import CTCLoss

STEPS, ROWS, SYMBOLS, LABELS, BATCHES = 8, 2, 4, 3, 3
paths = np.array(list(itertools.product(range(SYMBOLS), repeat=STEPS)))
collapsed = {}
for path in map(tuple, paths):
    kept = tuple(symbol for symbol, _ in itertools.groupby(path) if symbol)
    collapsed.setdefault(kept, []).append(path)


def derivative(probabilities, labels):
    """-log P(labels) and its derivative: a path's probability, without the factor of one step."""
    fits = np.array(collapsed[tuple(labels)])
    factors = probabilities[np.arange(STEPS), fits]  # [path, step]
    mass, gradient = factors.prod(1), np.zeros_like(probabilities)
    for step in range(STEPS):
        np.add.at(gradient[step], fits[:, step], -mass / factors[:, step] / mass.sum())
    return -np.log(mass.sum()), gradient


def errors(loss, probabilities, labels):
    lengths = np.full(ROWS, STEPS), np.full(ROWS, LABELS)
    value, gradient = loss(probabilities, labels, *lengths), loss.backward()
    right = [derivative(probabilities[:, row], labels[row]) for row in range(ROWS)]
    exact = np.stack([part for _, part in right], 1)
    cosine = (gradient * exact).sum() / np.linalg.norm(gradient) / np.linalg.norm(exact)
    return np.abs(gradient - exact).max(), cosine, value, np.mean([part for part, _ in right])


rng = np.random.default_rng(0)
same = CTCLoss()
for batch in range(1, BATCHES + 1):
    logits = rng.normal(size=(STEPS, ROWS, SYMBOLS))
    probabilities = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    labels = rng.integers(1, SYMBOLS, size=(ROWS, LABELS))
    for name, loss in (("one loss for all", same), ("a new loss", CTCLoss())):
        error, cosine, value, exact = errors(loss, probabilities, labels)
        print(f"batch {batch}, {name:16}: error {error:5.2f}, cosine {cosine:.2f}; value {value:.2f}, -log P {exact:.2f}")
        if batch == 1 or loss is not same:
            assert error < 1e-6
        else:
            assert error > 10 and cosine < 0.9
        assert value > exact + 1
PY
