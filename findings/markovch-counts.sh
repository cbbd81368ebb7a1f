#!/usr/bin/env bash
# markovch 0.1.5: what follows once is as probable as what follows nine times in ten.
#
# Packages: markovch 0.1.5, numpy 2.4.6.
#
# Expected: "Markov chain implementation": the next word is drawn by how often it follows in the text that was read.
#
# Happens: the followers of a word are put into a set, and all get the same probability. Of each line only the first
# place of a word counts; and the last word of a line is followed by its first one.
#
# Seen:
#   nine lines "a b", one "a c"        after a: b .5, c .5     (.9, .1)
#   one line "a b a c a c a c"         after a: b 1            (c .75)
#
# Matters for: anything but which words may follow.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation markovch==0.1.5
venv/bin/python - <<'PY'
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from markovch.markov import Markov

print("markovch", version("markovch"), "numpy", version("numpy"))


def counted(lines, word):
    """Probabilities of what follows a word, by counting."""
    after = Counter(b for line in lines for a, b in zip(line.split(), line.split()[1:]) if a == word)
    return {following: count / sum(after.values()) for following, count in sorted(after.items())}


def package(lines, word):
    Path("text").write_text("\n".join(lines), encoding="utf-8")
    words, probabilities = Markov("text").state_dict[word]
    return {following: float(p) for following, p in sorted(zip(words, probabilities))}


for lines, wrong in ((["a b"] * 9 + ["a c"], {"b": 0.5, "c": 0.5}), (["a b a c a c a c"], {"b": 1.0})):
    right, found = counted(lines, "a"), package(lines, "a")
    print(lines[0], len(lines), "counted", right, "package", found)
    assert found == wrong != right
PY
