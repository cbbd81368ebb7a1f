#!/usr/bin/env bash
# elote 1.5.1: ranks of a bout are cut to whole numbers: 9.58, 9.69 and 9.72 are a tie, and ratings
# stay where they are.
#
# Packages: elote 1.5.1, numpy 2.4.6, scipy 1.17.1, tqdm 4.70.1.
#
# Expected: `OpenSkillCompetitor.apply_bout(..., ranks=...)` takes a sequence of float, "lower is
# better, equal ranks are ties". Only the order of ranks has a meaning: [0.2, 0.5, 0.9] is [0, 1, 2].
#
# Happens: after the check that each is a real number they go through `int`. Those with the same whole
# part become equal, and -0.5 the same as 0.5.
#
# Seen, three new players, ratings after the bout (mu), Plackett-Luce:
#   ranks 0, 1, 2             27.87  25.72  21.41
#   ranks 1, 1.5, 2           25.72  25.72  23.57
#   ranks 9.58, 9.69, 9.72    25.00  25.00  25.00
# The same in the three other models.
#
# Matters for: results that are times, distances or mean ranks.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps elote==1.5.1
venv/bin/python -W ignore - <<'PY'
from elote.competitors.openskill import OpenSkillCompetitor

MODELS = ("plackett_luce", "bradley_terry_full", "bradley_terry_partial", "thurstone")


def after(ranks, model, bouts=1):
    """Ratings of three new players after bouts with these ranks."""
    players = [OpenSkillCompetitor(model=model) for _ in ranks]
    for _ in range(bouts):
        OpenSkillCompetitor.apply_bout(players, ranks=ranks)
    return [round(player.mu, 2) for player in players]


def order(ranks):
    return [sorted(set(ranks)).index(rank) for rank in ranks]


for model in MODELS:
    for ranks in ([0, 1, 2], [1, 1.5, 2], [9.58, 9.69, 9.72], [-0.5, 0.5, 1.5]):
        found, right = after(ranks, model), after(order(ranks), model)
        print(f"{model:22} ranks {ranks}: found {found}, right {right}")
        assert found == after([int(rank) for rank in ranks], model)
        assert (found == right) == all(rank == int(rank) for rank in ranks)
    assert after([9.58, 9.69, 9.72], model) == [25.0] * 3
    assert after([3, 7, 50], model) == after([0, 1, 2], model)
PY
