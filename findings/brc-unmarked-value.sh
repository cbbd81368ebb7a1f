#!/usr/bin/env bash
# brc 0.1.2: in half of the sequences of its denoising task one of the values to be remembered has no mark.
#
# Packages: brc 0.1.2, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `DenoisingBenchmark(t, n, k)` of the paper on bistable cells (Vecoven, Ernst and Drion 2021): noise, k
# positions marked 0 (others -1) whose values are the answer in their order, and a last mark 1 that asks for them.
# Marks are drawn from the first t - n positions; `n` is 0 by default, and 0 is allowed.
#
# Happens: with n = 0 the last position may be drawn too. Its mark is then overwritten by the 1 that asks, but
# its value stays in the answer: k - 1 marks for k values. That happens in k / t of the sequences.
#
# Seen, 4,000 sequences each
#   t      k    n    answers with an unmarked value    k / t
#   10     5    0    0.50                              0.5
#   20     5    0    0.25                              0.25
#   20     5    1    0                                 0
#
# Matters for: what an error of 0 would mean on this task: a model that follows the rule, a value for every mark, has one
# value too few in k / t of the sequences.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps brc==0.1.2
venv/bin/python -W ignore - <<'PY'
import random

import torch
from brc_pytorch.benchmarks import DenoisingBenchmark

torch.manual_seed(0)
random.seed(0)
SEQUENCES = 4000


def unmarked(t, k, n):
    """The share of sequences with fewer marks than values; the missing one is always the last position's."""
    stream, found = iter(DenoisingBenchmark(t=t, n=n, k=k)), 0
    for _ in range(SEQUENCES):
        inputs, answer = next(stream)
        marked = inputs[inputs[:, 0] == 0, 1]
        assert inputs[-1, 0] == 1 and len(answer) == k
        if len(marked) < k:
            assert marked.equal(answer[:-1]) and answer[-1] == inputs[-1, 1]
            found += 1
        else:
            assert marked.equal(answer)
    return found / SEQUENCES


for t, k, n in ((10, 5, 0), (20, 5, 0), (20, 5, 1)):
    share, right = unmarked(t, k, n), k / t if n == 0 else 0.0
    error = (right * (1 - right) / SEQUENCES) ** 0.5
    print(f"t {t}, k {k}, n {n}: {share:.3f} of the answers have an unmarked value, k / t {k / t}")
    assert abs(share - right) <= 5 * error
PY
