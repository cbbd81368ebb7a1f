#!/usr/bin/env bash
# python-markov 0.1.0: of eleven or more sequences that are saved, the third comes back as the
# eleventh.
#
# Packages: python-markov 0.1.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `load_sequences` reads what `save_sequences` wrote, in its order, which is what
# ties a sequence to its label, its speaker or its states. That is so for text and JSON.
#
# Happens: numpy names the arrays of the default format arr_0, arr_1, ... and the names are
# sorted as text: arr_10 comes before arr_2.
#
# Seen, 12 sequences, the i-th of i + 1 symbols: lengths after loading
#   txt, json   1 2 3 4 5 6 7 8 9 10 11 12
#   npz         1 2 11 12 3 4 5 6 7 8 9 10
# Of 100 sequences 12 are where they were.
#
# Matters for: labels kept beside the sequences, and splits by index.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps python-markov==0.1.0
venv/bin/python - <<'PY'
import inspect

import numpy as np
from markov.utils.io import load_sequences, save_sequences

assert inspect.signature(save_sequences).parameters["format"].default == "npz"


def lengths(count, kind):
    """The lengths after a round trip of sequences with 1, 2, 3, ... symbols."""
    save_sequences([np.zeros(i + 1, dtype=int) for i in range(count)], f"sequences.{kind}", format=kind)
    return [len(sequence) for sequence in load_sequences(f"sequences.{kind}")]


for kind in ("txt", "json", "npz"):
    print(f"{kind:4}", *lengths(12, kind))
assert lengths(12, "txt") == lengths(12, "json") == list(range(1, 13)) and lengths(10, "npz") == list(range(1, 11))
assert lengths(12, "npz") == [1, 2, 11, 12, 3, 4, 5, 6, 7, 8, 9, 10]
stayed = sum(length == i + 1 for i, length in enumerate(lengths(100, "npz")))
print(f"of 100 sequences {stayed} are where they were")
assert stayed == 12
PY
