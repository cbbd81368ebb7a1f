#!/usr/bin/env bash
# ppllm 0.2.3: with a sliding window one token of each step is not scored, and all are divided
# by: a fair coin of 2 letters has a perplexity of 1.43 with a window of 4.
#
# Packages: ppllm 0.2.3, torch 2.13.0, numpy 2.4.6, tqdm 4.67.1, jsonargparse 4.53.0,
# PyYAML 6.0.4. What else it imports (transformers, datasets, pandas) is for loading models and
# files and is not used here: modules without content.
#
# Expected: `window` splits long texts into overlapping windows that move on by half of one,
# adapted from the sliding window of the transformers documentation: each token but the
# first is scored once, with at least half a window of context.
#
# Happens: window n scores what it predicts from its middle token on. The token right after the
# window before is predicted by the one before the middle: no window scores it. The sum
# lacks one token in every half window, and `compute_metrics` divides by the number of all.
#
# Seen, 65 fair letters under a model that gives each a half, right 64 bits and a perplexity
# of 2:
#   window        none     4      8     16     32
#   scored         64     33     49     57     61
#   bits           64     33     49     57     61
#   perplexity    2.00   1.43   1.70   1.85   1.94
#
# Matters for: perplexities of long texts: lower the shorter the window is, where less context
# should make them higher.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 tqdm==4.67.1 jsonargparse==4.53.0 PyYAML==6.0.4
venv/bin/pip install --quiet --disable-pip-version-check --no-deps ppllm==0.2.3
echo "AutoTokenizer = AutoModelForCausalLM = None" > transformers.py
touch datasets.py pandas.py
PYTHONPATH="$work" venv/bin/python -W ignore - 2> log <<'PY' || { cat log; exit 1; }
from types import SimpleNamespace

import torch
from ppllm.ppl import compute_metrics, compute_nll
from torch.utils.data import DataLoader

LENGTH, PADDING = 65, 2
torch.manual_seed(0)
text = "".join("ab"[letter] for letter in torch.randint(0, 2, (LENGTH,)).tolist())


class Letters:
    """A tokenizer of two letters; 2 is padding."""

    pad_token_id = PADDING

    def __call__(self, texts, **options):
        return {"input_ids": torch.tensor([["ab".index(letter) for letter in each] for each in texts])}


class Coin:
    """Gives each letter one half, whatever came before."""

    device = torch.device("cpu")

    def __call__(self, ids, return_dict=True):
        logits = torch.zeros(*ids.shape, 3)
        logits[..., PADDING] = -1000
        return SimpleNamespace(logits=logits)


for window in (None, 4, 8, 16, 32):
    loader = DataLoader([{"text": text}], batch_size=1)
    told = compute_nll(loader, torch.tensor([0]), Coin(), Letters(), {}, window=window)
    metrics = compute_metrics(told["total_losses"], torch.tensor([LENGTH - 1]), torch.tensor([LENGTH - 1]))
    scored = len(told["all_losses"])
    print(f"window {window}: scored {scored}, {metrics['surprisal']:.2f} bits, perplexity {metrics['ppl']:.2f}")
    assert abs(metrics["surprisal"] - scored) < 1e-3
    if window is None:
        assert scored == LENGTH - 1 and abs(metrics["ppl"] - 2) < 1e-4
    else:
        assert scored == LENGTH - 1 - len(range(window, LENGTH, window // 2)), "one for each later window"
PY
