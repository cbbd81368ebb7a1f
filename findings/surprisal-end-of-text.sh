#!/usr/bin/env bash
# surprisal 0.1.7: a causal model's chance of ending the text is taken away at every word.
#
# Packages: surprisal 0.1.7, transformers 5.24.0, torch 2.13.0, numpy 2.4.6, plotext 5.3.2.
#
# Expected: the surprisal of a token is the negative logarithm of the probability that the model
# gives it. The texts of a batch are made equally long by padding, which is no token of a text.
#
# Happens: the end-of-text token serves as padding, and the logit of the padding is set to minus
# infinity, so that it takes nothing of the distribution. But it is the model's own token: what the
# model gives to the end is shared out among the others, and every surprisal is too low by
# -log(1 - P(end)). The padding of a shorter text stays in its answer, with infinite surprisals:
# the surprisal of every text but the longest of a batch sums to infinity.
#
# Seen, a model that gives the end 1/2 and each of three words 1/6 after any token, in nats:
#   "a b c":           1.099 1.099 1.099, where the model says 1.792
#   "a" beside it:     1.099 inf inf
#
# Matters for: reading times regressed on surprisal, perplexity of sentences, comparisons of models,
# of which one expects the end of a text more than another.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 transformers==5.24.0 plotext==5.3.2
venv/bin/pip install --quiet --disable-pip-version-check --no-deps surprisal==0.1.7
venv/bin/python -W ignore - <<'PY' 2> >(grep -v -i "writing model\|torch_dtype\|loading weights" >&2)
import math
import sys
from unittest import mock

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

sys.modules["matplotlib"] = sys.modules["matplotlib.pyplot"] = mock.MagicMock()  # for pictures
from surprisal import CausalHuggingFaceModel

TOKENS = ["<s>", "</s>", "[UNK]", "a", "b", "c"]
SAID = torch.tensor([1e-9, 1 / 2, 1e-9, 1 / 6, 1 / 6, 1 / 6])  # after every token

# Without layers a model is a table: its logits depend on the last token alone.
size = len(TOKENS)
config = LlamaConfig(
    vocab_size=size, hidden_size=size, intermediate_size=size, num_hidden_layers=0, num_attention_heads=1,
    bos_token_id=0, eos_token_id=1, tie_word_embeddings=False,
)
model = LlamaForCausalLM(config)
with torch.no_grad():
    model.model.embed_tokens.weight.copy_(torch.eye(size))
    model.lm_head.weight.copy_(SAID.log()[:, None].expand(size, size) / math.sqrt(size))
model.save_pretrained("model")
words = Tokenizer(models.WordLevel({token: i for i, token in enumerate(TOKENS)}, unk_token="[UNK]"))
words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
named = dict(bos_token="<s>", eos_token="</s>", unk_token="[UNK]", model_max_length=64)
PreTrainedTokenizerFast(tokenizer_object=words, **named).save_pretrained("model")

ids = torch.tensor([[0, 3, 4, 5]])
with torch.no_grad():
    says = AutoModelForCausalLM.from_pretrained("model")(ids).logits.softmax(-1)
assert torch.allclose(says, SAID, atol=1e-5)
long, short = (np.array(text.surprisals, dtype=float) for text in CausalHuggingFaceModel("model").surprise(["a b c", "a"]))
print("a b c:", *long.round(3), " the model says", round(math.log(6), 3))
print("a beside it:", *short.round(3))
assert np.allclose(long, math.log(3), atol=1e-4)
assert np.isclose(short[0], math.log(3), atol=1e-4) and np.isinf(short[1:]).all() and len(short) == 3
PY
