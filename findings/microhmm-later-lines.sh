#!/usr/bin/env bash
# MicroHMM 0.4.3: a model that has predicted once learns nothing more: lines that come later are
# counted, and never looked at.
#
# Packages: MicroHMM 0.4.3, networkx 3.6.1.
#
# Expected: `train_one_line` adds a tagged line to the model, one at a time, and `predict` tags by all
# lines so far: the likeliest path by the shares of tags after tags and of words under tags.
#
# Happens: the shares are worked out at the first prediction, since there are none yet, and at later
# ones there are. The counts of the lines since then are right and have no effect; a new word is in
# `vocabulary`, and costs what an unknown one does.
#
# Seen, words a and b, tags X and Y, 1 line and then 1,000 lines the other way round:
#   tags of a b after the first line                    X Y
#   the same after all lines, found                     X Y
#   after all lines, right, by every path               Y X
#   the same lines without a prediction in between      Y X
#
# Matters for: learning as one goes on, and checking a model while it is trained.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check networkx==3.6.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps MicroHMM==0.4.3
venv/bin/python -W ignore - <<'PY'
from itertools import product

from MicroHMM.hmm import HMMModel

FIRST, LATER = [("a", "X"), ("b", "Y")], [("a", "Y"), ("b", "X")]
NEVER = 1e-32


def right(lines, words):
    """The likeliest tags by shares of counts, over every path; what never happened counts as the package counts it."""
    steps, seen = {}, {}
    for line in lines:
        tags = ["<start>", *(tag for _, tag in line), "<end>"]
        for pair in zip(tags, tags[1:]):
            steps[pair] = steps.get(pair, 0) + 1
        for word, tag in line:
            seen[tag, word] = seen.get((tag, word), 0) + 1

    def share(table, tag, what):
        total = sum(count for (first, _), count in table.items() if first == tag)
        return table.get((tag, what), 0) / total or NEVER

    def chance(path):
        tags, result = ["<start>", *path, "<end>"], 1.0
        for pair in zip(tags, tags[1:]):
            result *= share(steps, *pair)
        for word, tag in zip(words, path):
            result *= share(seen, tag, word)
        return result

    return max(product("XY", repeat=len(words)), key=chance)


def tags(model, words):
    return tuple(tag for _, tag in model.predict(words))


asked, silent, lines = HMMModel(), HMMModel(), [FIRST]
asked.train_one_line(FIRST)
silent.train_one_line(FIRST)
assert tags(asked, ["a", "b"]) == right(lines, ["a", "b"]) == ("X", "Y")
for line in [LATER] * 1000:
    asked.train_one_line(line)
    silent.train_one_line(line)
    lines.append(line)
print("after the first line X Y; after all lines:", tags(asked, ["a", "b"]), "right", right(lines, ["a", "b"]), "without a prediction in between", tags(silent, ["a", "b"]))
print("counted:", asked.state_observation_pair)
assert tags(silent, ["a", "b"]) == right(lines, ["a", "b"]) == ("Y", "X")
assert tags(asked, ["a", "b"]) == ("X", "Y") and asked.state_observation_pair == silent.state_observation_pair
PY
