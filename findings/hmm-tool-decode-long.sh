#!/usr/bin/env bash
# hmm-tool 0.0.4: the most probable path of a long sequence is state 0 from where its probability underflows: 1,000
# letters, and only the first few hundred are decoded.
#
# Packages: hmm-tool 0.0.4, numpy 2.4.6.
#
# Expected: `decode([sequence])` gives the most probable path of hidden states, for a sequence of any length.
#
# Happens: the probability of the best path is a product without logarithms or scaling. Once it is 0 every candidate is
# equal and the first one is taken. From the last step, where all are 0, the path is followed back through zeros: state
# 0 up to there. Neither a warning nor an error says so, but that the path's probability comes out as 0.
#
# Seen, two states that stay with .95 and show their own one of six letters with .5, others with .1; learned from 20
# sequences of 100 letters
#   letters                          200    500    1,000   4,000
#   wrong states, package            .21    .18     .36     .45
#   wrong states, with logarithms    .21    .17     .13     .11
#   all are state 0 from              -     435     422     427
#
# Matters for: whoever decodes more than some hundred letters.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation hmm-tool==0.0.4
venv/bin/python -W ignore - <<'PY'
import contextlib
import io
from importlib.metadata import version

import numpy as np
from hmmtool import HMM

LENGTHS = (200, 500, 1_000, 4_000)
print("hmm-tool", version("hmm-tool"), "numpy", np.__version__)
rng = np.random.default_rng(3)
SHOWN = np.array([[0.5, 0.1, 0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]])


def simulate(length):
    moves = rng.random(length) < 0.05
    states = np.cumsum(moves) % 2
    return states, np.array([rng.choice(6, p=SHOWN[state]) for state in states])


def most_probable(model, letters):
    """The same path with sums of logarithms, and the logarithm of its probability."""
    best, back = np.log(model.pi) + np.log(model.B[:, letters[0]]), []
    for letter in letters[1:]:
        candidates = best[:, None] + np.log(model.A)
        back.append(candidates.argmax(axis=0))
        best = candidates.max(axis=0) + np.log(model.B[:, letter])
    path = [best.argmax()]
    for last in back[::-1]:
        path.append(last[path[-1]])
    return np.array(path[::-1]), best.max()


np.random.seed(0)
model = HMM(2, 6)
model.add_data([simulate(100)[1] for _ in range(20)])
with contextlib.redirect_stdout(io.StringIO()):
    model.train(maxStep=30, delta=1e-9)
print("learned: stays with", np.diag(model.A).round(2).tolist(), "shows", model.B.round(2).tolist())
for length in LENGTHS:
    states, letters = simulate(length)
    probability, path = model.decode([letters])[0]
    right, logarithm = most_probable(model, letters)
    # names of states are arbitrary: those that fit better
    wrong = [min(np.mean(guess != states), np.mean(guess == states)) for guess in (path, right)]
    last = np.flatnonzero(path).max() + 1
    print(f"{length}: log-probability {logarithm:.0f}, package {probability:.2g}; wrong {wrong[0]:.3f}, right "
          f"{wrong[1]:.3f}; differ in {np.mean(path != right):.3f}; last step that is not state 0: {last}")
    assert (probability == 0) == (length > 400) and wrong[1] < 0.25
    if length >= 1_000:
        assert wrong[0] > 0.25 and last < 500 and np.any(right[500:] == 1)
PY
