#!/usr/bin/env bash
# divergent-beamsearch 0.2.3: a beam may take any letter that some other beam may take: with
# two answers and two beams it finds neither.
#
# Packages: divergent-beamsearch 0.2.3, multi-choices-parser 0.10.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: the search finds the answers, out of a set given as a grammar, with the highest
# probability of being generated and not continued. With as many beams as there are
# beginnings of answers nothing is lost, and all answers are found.
#
# Happens: the letters allowed are collected over all beams, and each beam may take any of
# them. A beam that has begun one answer goes on with a letter of another one where that is
# likelier, which no answer does; the beam is then a dead end, and if all are, nothing is
# found. More beams than answers cure it here by chance.
#
# Seen, answers "ac" (probability .061) and "bd" (.147); after a the model likes d (.8), after
# b it likes c (.6):
#   beams      right                 found
#     1       ac                    ac
#     2       bd -1.92, ac -2.79    nothing
#     3       bd -1.92, ac -2.79    bd -1.92
#     4       bd -1.92, ac -2.79    bd -1.92, ac -2.79
#
# Matters for: ranking the entities of a large set by a language model, what it is made for:
# answers disappear, and which ones depends on the others.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps divergent-beamsearch==0.2.3 multi-choices-parser==0.10.0
venv/bin/python -W ignore - <<'PY'
import math
from types import SimpleNamespace

import torch
from divergent_beamsearch import divergent_beamsearch
from multi_choices_parser import MultiChoicesParser

START, A, B, C, D, PAD = range(6)
ANSWERS = [(A, C), (B, D)]
table = torch.full((6, 6), 1e-3)
table[START, A], table[START, B] = 0.5, 0.4
table[A, C], table[A, D] = 0.1, 0.8
table[B, D], table[B, C] = 0.3, 0.6
table /= table.sum(1, keepdim=True)


def model(ids, attention_mask=None):
    """A language model that looks at the last letter only."""
    return SimpleNamespace(logits=table.log()[ids])


exact = {answer: math.log(table[START, answer[0]] * table[answer[0], answer[1]]) for answer in ANSWERS}
ranking = sorted(exact, key=exact.get, reverse=True)
print("right:", {answer: round(exact[answer], 2) for answer in ranking})
for beams, expected in ((1, ranking[1:]), (2, []), (3, ranking[:1]), (4, ranking)):
    scores, solutions = divergent_beamsearch(torch.tensor([[START]]), model, beams, 5, MultiChoicesParser([ANSWERS]), PAD)
    found = [tuple(row) for row in solutions.tolist()]
    print(f"{beams} beams:", dict(zip(found, [round(score, 2) for score in scores.tolist()])))
    assert found == expected
    assert all(abs(score - exact[answer]) < 1e-4 for score, answer in zip(scores.tolist(), found))
PY
