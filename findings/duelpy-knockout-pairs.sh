#!/usr/bin/env bash
# duelpy 1.0.0: in a knockout tournament everybody meets everybody, and one defeat does not knock out: a
# round leaves out one arm where it is to halve them.
#
# Packages: duelpy 1.0.0, numpy 1.23.5, scipy 1.10.1, tqdm 4.70.1.
#
# Expected: `KnockoutTournament` "randomly pairs the arms": of [A, B, C, D] it makes [A, B] and [C, D], and
# "at the end of each round, the size of the input is halved". 16 arms take 4 rounds and 15 matches; the
# number of duels grows in proportion to the number of arms.
#
# Happens: a round plays all pairs, and all that won one of their matches go on. Only who lost all of
# them is out: the last of the ranking.
#
# Seen, arms of which the better one wins with .9
#   arms    rounds, right   rounds, found   matches, right   matches, found   duels, found
#   4       2               3               3                10               308
#   8       3               7               7                84               2,814
#   16      4               15              15               680              21,932
#
# Matters for: comparisons of numbers of duels, of which this algorithm is to have few.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==1.23.5 scipy==1.10.1 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps duelpy==1.0.0
venv/bin/python -W ignore - <<'PY'
import numpy as np
from duelpy.algorithms import KnockoutTournament
from duelpy.feedback import MatrixFeedback

for arms in (4, 8, 16):
    preferences = np.where(np.arange(arms)[:, None] < np.arange(arms), 0.9, 0.1)
    np.fill_diagonal(preferences, 0.5)
    matches = 0

    class Counting(KnockoutTournament):
        def _determine_winner(self, *given):
            global matches
            matches += 1
            return super()._determine_winner(*given)

    tournament = Counting(MatrixFeedback(preferences, random_state=np.random.RandomState(0)))
    sizes = [len(tournament.tournament_arms)]
    while not tournament.exploration_finished():
        tournament.explore()
        sizes.append(len(tournament.tournament_arms))
    duels = tournament.wrapped_feedback.duels_conducted
    print(f"{arms} arms: left after each round {sizes}, rounds {len(sizes) - 1}, right {int(np.log2(arms))}; matches {matches}, right {arms - 1}; duels {duels}")
    assert sizes == list(range(arms, 0, -1))
    assert matches == sum(size * (size - 1) // 2 for size in sizes) > 3 * (arms - 1)
PY
