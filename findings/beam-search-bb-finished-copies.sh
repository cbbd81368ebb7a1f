#!/usr/bin/env bash
# beam-search-bb 0.1: a finished sentence goes on in every way, and each continuation counts as another candidate: the
# three best of a search are one sentence three times.
#
# Packages: beam-search-bb 0.1, torch 2.13.0, scipy 1.17.1, numpy 2.4.6.
#
# Expected: `BeamSearch(transition_fn, ..., terminal_state)` "returns the nbest sequences amongst beam_width best
# candidates". A sentence that has reached the terminal state ends there, and takes one place in the beam.
#
# Happens: finished candidates are extended by each of the next states like all others. What follows the end counts
# neither for the length nor for the score, so that all extensions tie, and they push unfinished sentences out.
#
# Seen, chains of words a, b, c and an end, up to 6 states, beam of 4, three best, score ln P / length^.75
#   package          finished ones kept once    all sentences
#   a end  -.49      a end    -.49              a end    -.49
#   a end  -.49      b end    -.75              b end    -.75
#   a end  -.49      a b end  -.79              a b end  -.79
# In 163 of 200 random chains there are copies among the three best, and in 4 the best one itself is worse than that of
# a beam of the same width that keeps finished ones once.
#
# Matters for: lists of n best, and long sentences that begin worse than a short one: some are never found.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 scipy==1.17.1 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps beam-search-bb==0.1
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import torch
from beam_search import BeamSearch

NAMES, END, LENGTH, WIDTH, BEST = "^abc$", 4, 6, 4, 3
print("beam-search-bb", version("beam-search-bb"), "torch", torch.__version__)


def score(states, table):
    logs = [np.log(table[before, after]) for before, after in zip(states, states[1:])]
    return sum(logs) / len(states) ** 0.75


def ended(states):
    return states[: states.index(END) + 1] if END in states else states


def search(table):
    """A beam in which finished sentences stay as they are."""
    beam = [(0,)]
    for _ in range(LENGTH - 1):
        longer = [states + (after,) for states in beam if states[-1] != END for after in range(1, 5)]
        longer += [states for states in beam if states[-1] == END]
        beam = sorted(longer, key=lambda states: score(states, table), reverse=True)[:WIDTH]
    return beam[:BEST]


def everything(table, states=(0,)):
    if states[-1] == END or len(states) == LENGTH:
        return [states]
    return [longer for after in range(1, 5) for longer in everything(table, states + (after,))]


def package(table):
    def transitions(candidates):
        return torch.tensor(np.array([[table[candidate.states[-1]] for candidate in row] for row in candidates]))

    found = BeamSearch(transitions, None, terminal_state=END)(torch.tensor([[0]]), WIDTH, LENGTH, nbest=BEST)[0]
    for candidate in found:
        assert np.isclose(float(candidate.score), score(ended(tuple(candidate.states)), table))
    return [ended(tuple(candidate.states)) for candidate in found]


def show(title, sentences, table):
    print(f"{title}: " + ", ".join(f"{''.join(NAMES[state] for state in states)} {score(states, table):.3f}"
                                   for states in sentences))


table = np.array([
    [0.00, 0.60, 0.30, 0.09, 0.01],
    [0.00, 0.10, 0.30, 0.05, 0.55],
    [0.00, 0.20, 0.10, 0.10, 0.60],
    [0.00, 0.10, 0.10, 0.70, 0.10],
    [0.00, 0.25, 0.25, 0.25, 0.25],
])
found, kept = package(table), search(table)
right = sorted(everything(table), key=lambda states: score(states, table), reverse=True)[:BEST]
for title, sentences in (("package", found), ("finished ones kept once", kept), ("all sentences", right)):
    show(title, sentences, table)
assert len(set(found)) == 1 and len(set(kept)) == BEST and kept == right

rng, copies, missed = np.random.default_rng(0), 0, 0
for _ in range(200):
    table = np.zeros((5, 5))
    table[:, 1:] = rng.dirichlet(np.ones(4), 5)
    found, kept = package(table), search(table)
    copies += len(set(found)) < BEST
    missed += score(found[0], table) < score(kept[0], table) - 1e-9
print(f"200 random chains: with copies among the three best {copies}, worse than a beam that keeps them once {missed}")
assert copies > 100 and missed > 0
PY
