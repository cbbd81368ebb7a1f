#!/usr/bin/env bash
# rouge-torch 0.1.0: ROUGE-N of a row counts the n-grams of the whole batch: all rows get one score, and a wrong answer is
# paid for by right ones beside it.
#
# Packages: rouge-torch 0.1.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `rouge_n_batch` gives "precision, recall, and f1 tensors of shape (batch_size,)", "fully vectorized", and those
# of each pair are what Lin (2004) defines: the n-grams that the two share over all n-grams of either.
#
# Happens: the n-grams of all rows are put into one list, and `scatter_add_` adds that whole list to every row's counts;
# which row an n-gram came from is worked out one line above and not used.
#
# Seen, ROUGE-1 F1 of a right answer and of one without a common word
#                          right     wrong
#   each in its own call   1         0
#   in one batch           0.5       0.5
# Batches of random pairs: the F1 of all rows is that of all rows run together; with 8 rows of 6 tokens out of 40 the mean
# goes from 0.21 to 0.50.
#
# Matters for: scores and rewards by row, and the mean too: the larger the batch, the better the score.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rouge-torch==0.1.0
venv/bin/python -W ignore - <<'PY'
from collections import Counter

import torch
from rouge_torch import ROUGEScoreTorch

KINDS = 40
scorer = ROUGEScoreTorch(KINDS)


def logits(rows):
    return torch.nn.functional.one_hot(torch.tensor(rows), KINDS).float()


def f1(candidates, references, n):
    """ROUGE-N by counting, over one list of pairs."""
    grams = [Counter(), Counter()]
    for counts, rows in zip(grams, (candidates, references)):
        for row in rows:
            counts.update(tuple(row[i : i + n]) for i in range(len(row) - n + 1))
    shared = sum((grams[0] & grams[1]).values())
    return 2 * shared / (grams[0].total() + grams[1].total())


right, wrong = ([1, 2, 3, 4], [1, 2, 3, 4]), ([5, 6, 7, 8], [9, 10, 11, 12])
alone = [float(scorer.rouge_n_batch(logits([a]), [logits([b])], n=1)["f1"]) for a, b in (right, wrong)]
batch = scorer.rouge_n_batch(logits([right[0], wrong[0]]), [logits([right[1], wrong[1]])], n=1)["f1"].tolist()
print("each in its own call", alone, "in one batch", batch)
assert alone == [f1([a], [b], 1) for a, b in (right, wrong)] == [1.0, 0.0] and batch == [0.5, 0.5]

torch.manual_seed(0)
for rows in (1, 8, 64):
    candidates, references = (torch.randint(1, KINDS, (rows, 6)).tolist() for _ in range(2))
    for n in (1, 2):
        found = scorer.rouge_n_batch(logits(candidates), [logits(references)], n=n)["f1"]
        mean = sum(f1([a], [b], n) for a, b in zip(candidates, references)) / rows
        print(f"{rows} rows, ROUGE-{n}: right mean {mean:.3f}, found {float(found.mean()):.3f}, one score for all:",
              bool((found == found[0]).all()))
        assert (found - f1(candidates, references, n)).abs().max() < 1e-5
        assert rows == 1 or n == 2 or float(found.mean()) > mean + 0.2
PY
