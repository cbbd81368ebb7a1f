#!/usr/bin/env bash
# influence-model 0.1.1: who influences whom is learned from the first observation alone, however
# long the sequences are.
#
# Packages: influence-model 0.1.1, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `learn_network_influence_matrix(observations, A, ...)` estimates the matrix D of an
# influence model: row i says whose last state decides on the next one of site i. If site 1
# always takes what site 0 had before, row 1 is (1, 0); if it always keeps its own, (0, 1).
#
# Happens: the loops over the observations run over `observations[i][:1]`, a list of one, where
# `[1:]` is due. Nothing after the first step is looked at. (And of that it compares states of
# one and the same step.)
#
# Seen, A that copies (identity), 1,000 steps of a coin as site 0; row 1 of D:
#                                           likeliest     found
#   site 1 copies site 0, begins unlike it     1 0         1 0
#   site 1 copies site 0, begins like it       1 0         0 1
#   site 1 keeps its own, begins unlike it     0 1         1 0
#   site 1 keeps its own, begins like it       0 1         0 1
#
# Matters for: all networks that are learned with it: they tell how the sequences begin.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps influence-model==0.1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from influence_model.learning import learn_network_influence_matrix

STEPS = 1000
copies = np.tile(np.eye(2), (2, 2))
leader = np.random.default_rng(0).integers(0, 2, STEPS)


def likeliest(own, other):
    """The share of the other site in row 1 with the highest likelihood, on a grid."""

    def likelihood(share):
        chance = share * (other[:-1] == own[1:]) + (1 - share) * (own[:-1] == own[1:])
        return np.log(chance + 1e-300).sum()

    return max(np.linspace(0, 1, 101), key=likelihood)


def learned(first, second):
    return learn_network_influence_matrix({0: first.tolist(), 1: second.tolist()}, copies, 2, 2)


told = {}
for rule in ("copies", "keeps"):
    for alike in (False, True):
        follower = np.empty_like(leader)
        follower[0] = leader[0] if alike else 1 - leader[0]
        follower[1:] = leader[:-1] if rule == "copies" else follower[0]
        right, found = likeliest(follower, leader), learned(leader, follower)[1]
        print(f"site 1 {rule}, begins {'like' if alike else 'unlike'} site 0: likeliest {right:.2f} {1 - right:.2f}  found {np.round(found, 2)}")
        assert (right > 0.99) == (rule == "copies")
        assert np.array_equal(learned(leader, follower), learned(leader[:1], follower[:1])), "the first step alone"
        told[rule, alike] = found
for alike in (False, True):
    assert np.array_equal(told["copies", alike], told["keeps", alike])
PY
