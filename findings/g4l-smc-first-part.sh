#!/usr/bin/env bash
# g4l-smc 0.0.2: bootstrap resamples of a third of a text are made of its first third: words that begin later
# are never drawn.
#
# Packages: g4l-smc 0.0.2, numpy 2.4.6, pandas 2.3.3, tqdm 4.67.1, scipy 1.17.1, matplotlib 3.10.7, regex 2025.11.3,
# numba 0.68.1, llvmlite 0.50.0.
#
# Expected: the smallest maximizer criterion cuts the sample at a renewal point, and draws the blocks with
# replacement until a resample has the length asked for. Every block has the same chance, so a resample's
# frequencies are those of the sample.
#
# Happens: renewal points are looked for in as many symbols as the resample is to have. A resample of a share s
# knows the first s of the sample alone.
#
# Seen, 9,000 symbols in blocks, the letter a in the first third, b in the second, c in the last; shares of
# a, b, c in 50 resamples:
#                            sample           all blocks       g4l-smc
#   2,700 symbols (0.3)      .33 .33 .33      .33 .33 .33      1.00 .00 .00
#   8,100 symbols (0.9)      .33 .33 .33      .33 .33 .33      .37 .37 .26
#
# Matters for: texts put together of articles or speakers, and for every variance that is estimated by resampling.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 pandas==2.3.3 tqdm==4.67.1 scipy==1.17.1 matplotlib==3.10.7 regex==2025.11.3 numba==0.68.1 llvmlite==0.50.0 setuptools==80.9.0 wheel==0.45.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation g4l-smc==0.0.2
venv/bin/python -W ignore - <<'PY'
import random
from types import SimpleNamespace

import numpy as np
from g4l.bootstrap import Bootstrap

RESAMPLES, LENGTH = 50, 9000
random.seed(0)


def text(letters):
    """Blocks that begin with the renewal point 4, of 2 to 8 symbols, one letter for each equal part of the text."""
    parts = []
    for letter in letters:
        part = ""
        while len(part) < LENGTH // len(letters):
            part += "4" + letter * random.randint(1, 7)
        parts.append(part[: LENGTH // len(letters)])
    return "".join(parts)


def shares(texts):
    counts = np.array([sum(sample.count(letter) for sample in texts) for letter in "abc"])
    return counts / counts.sum()


def all_blocks(sample, size):
    """A resample of all blocks."""
    blocks, drawn = ["4" + block for block in sample.split("4")[1:]], ""
    while len(drawn) < size:
        drawn += random.choice(blocks)
    return drawn[:size]


sample = text("abc")
assert np.allclose(shares([sample]), 1 / 3, atol=0.01)
for size in (2700, 8100):
    made = Bootstrap(SimpleNamespace(data=sample), "cache", size, RESAMPLES, "4").resamples()
    found = [line.strip() for line in open(made)]
    assert [len(line) for line in found] == [size] * RESAMPLES
    own = shares([all_blocks(sample, size) for _ in range(RESAMPLES)])
    print(f"{size} of {LENGTH} symbols: sample {shares([sample]).round(2)}, all blocks {own.round(2)}, package {shares(found).round(2)}")
    assert np.allclose(own, 1 / 3, atol=0.04)
    assert np.allclose(shares(found), shares([sample[:size]]), atol=0.03)
    assert (shares(found)[1:].sum() == 0) if size == 2700 else (shares(found)[2] < 0.29)
PY
