#!/usr/bin/env bash
# rouge-torch 0.1.0: ROUGE-L counts at most 20 common tokens, and from 101 tokens on does not ask for their order: a text
# compared with itself has 0.2, and a text read backwards 1.
#
# Packages: rouge-torch 0.1.0, torch 2.13.0 (CPU), numpy 2.4.6.
#
# Expected: `rouge_l_batch` by the longest common subsequence (Lin 2004): F1 of a text with itself is 1, and of a text of
# different tokens with the same backwards 1 / length. The table is filled by "iterative refinement" until
# it converges.
#
# Happens: refinement stops after min(m + n, 20) rounds ("limit iterations for very long sequences"), and a round takes each
# cell's value one cell further, while the table has up to 200 to cross. Beyond 100 tokens every token that occurs in
# the other text counts, wherever.
#
# Seen, F1, tokens all different
#   tokens               10      20      21       50      100     101
#   with itself          1       1       0.952    0.4     0.2     1
#   backwards            0.1     0.05    0        0       0       1
#   backwards, right     0.1     0.05    0.048    0.02    0.01    0.0099
# Against a reference of 90 tokens its first 20 alone score 0 instead of 0.364.
#
# Matters for: summaries and translations longer than a line: a perfect one scores less the longer it is.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rouge-torch==0.1.0
venv/bin/python -W ignore - <<'PY'
import torch
from rouge_torch import ROUGEScoreTorch

KINDS = 160
scorer = ROUGEScoreTorch(KINDS)


def rouge_l(candidate, reference):
    """The package's F1, and that of the longest common subsequence by the usual table."""
    one, two = (torch.nn.functional.one_hot(torch.tensor([row]), KINDS).float() for row in (candidate, reference))
    row = [0] * (len(reference) + 1)
    for token in candidate:
        before, row = row, [0]
        for j, other in enumerate(reference):
            row.append(before[j] + 1 if token == other else max(row[j], before[j + 1]))
    return float(scorer.rouge_l_batch(one, [two])["f1"]), 2 * row[-1] / (len(candidate) + len(reference))


for length in (10, 20, 21, 50, 100, 101, 150):
    text = list(range(1, length + 1))
    same, same_right = rouge_l(text, text)
    back, back_right = rouge_l(text, text[::-1])
    print(f"{length} tokens: with itself {same:.3f} (right {same_right:.3f}), backwards {back:.4f} (right {back_right:.4f})")
    assert same_right == 1.0 and abs(back_right - 1 / length) < 1e-9
    if length <= 100:
        assert abs(same - min(20 / length, 1.0)) < 1e-6
        assert abs(back - (back_right if length <= 20 else 0.0)) < 1e-6
    else:
        assert same == back == 1.0

whole, short = list(range(1, 91)), list(range(1, 21)) + [0] * 70
found, right = rouge_l(short, whole)
print(f"reference of 90 tokens: its first 20 alone {found:.3f}, by the usual table, without the padding {40 / 110:.3f}")
assert found == 0.0 and right == 40 / 180  # padding does not count: 2 * 20 / (20 + 90)
PY
