#!/usr/bin/env bash
# lmppl 0.3.2: where a tokenizer pads on the left, a text's first token is predicted from the padding.
#
# Packages: lmppl 0.3.2, transformers 4.57.1, torch 2.13.0, numpy 2.2.6, requests 2.32.5.
#
# Expected: the perplexity of a text is that of its tokens from the second on, each given those
# before it, as the package works it out for a text by itself. Other texts of the call do not
# matter: they share a batch, in which shorter ones are padded and the padding is not counted.
#
# Happens: a token counts where it is itself no padding, whatever it is predicted from. With a
# tokenizer that pads on the left (of a causal model that is what generating needs, and what the
# tokenizers of BLOOM, Qwen and others come with) the first token of a shorter text has a place before it: it
# counts, by what the model says after padding.
#
# Seen, a model for which c follows everything with 0.9, but a anything else with 0.9 after padding:
#   "c c c", alone, or beside "c c c c c" padded on the right:  1.11
#   beside it, padded on the left:                              6.27
#
# Matters for: ranking sentences by perplexity; the order is another one with another batch size.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.2.6 transformers==4.57.1 requests==2.32.5
venv/bin/pip install --quiet --disable-pip-version-check --no-deps lmppl==0.3.2
venv/bin/python -W ignore - <<'PY' 2> >(grep -v -i "it/s\|use_auth_token" >&2)
import math
import sys
from unittest import mock

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

sys.modules["openai"] = mock.MagicMock()  # for models behind an interface
from lmppl import LM

TOKENS = ["<s>", "</s>", "[UNK]", "[PAD]", "a", "c"]
SAID = torch.tensor([0.02, 0.02, 0.02, 0.02, 0.02, 0.9])  # after every token but the padding
AFTER_PADDING = torch.tensor([0.02, 0.02, 0.02, 0.02, 0.915, 0.005])

# Without layers a model is a table: its logits depend on the last token alone.
size = len(TOKENS)
table = SAID.repeat(size, 1)
table[TOKENS.index("[PAD]")] = AFTER_PADDING
config = LlamaConfig(
    vocab_size=size, hidden_size=size, intermediate_size=size, num_hidden_layers=0, num_attention_heads=1,
    bos_token_id=0, eos_token_id=1, pad_token_id=3, tie_word_embeddings=False,
)
model = LlamaForCausalLM(config)
with torch.no_grad():
    model.model.embed_tokens.weight.copy_(torch.eye(size))
    model.lm_head.weight.copy_(table.log().T / math.sqrt(size))
words = Tokenizer(models.WordLevel({token: i for i, token in enumerate(TOKENS)}, unk_token="[UNK]"))
words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
named = dict(bos_token="<s>", eos_token="</s>", unk_token="[UNK]", pad_token="[PAD]", model_max_length=64)

right = 1 / 0.9
padded = math.exp(-(2 * math.log(0.9) + math.log(0.005)) / 3)
for side in ("right", "left"):
    model.save_pretrained(side)
    PreTrainedTokenizerFast(tokenizer_object=words, padding_side=side, **named).save_pretrained(side)
    scorer = LM(side)
    alone, (beside, long) = scorer.get_perplexity("c c c"), scorer.get_perplexity(["c c c", "c c c c c"])
    print(f"padded on the {side}: alone {alone:.2f}, beside a longer text {beside:.2f}")
    assert abs(alone - right) < 1e-4 and abs(long - right) < 1e-4
    assert abs(beside - (right if side == "right" else padded)) < 1e-3
PY
