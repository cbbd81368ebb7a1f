#!/usr/bin/env bash
# markovonnx 1.0.1: an exported hidden Markov model moves once before the first observation: it
# cannot be in the state that it begins in.
#
# Packages: markovonnx 1.0.1, onnx 1.23.2, onnxruntime 1.32.0, numpy 2.4.6.
#
# Expected: `HMMONNXRuntime.decode` runs the exported forward step through a sequence from the
# model's initial probabilities. After the first observation a state's probability is its
# initial probability times that of the observation.
#
# Happens: the file's step is a transition and then an observation, and the first step is begun
# from the initial probabilities: what they say is true one step before the sequence. The file
# has them too, as a constant that nothing uses, of which onnxruntime warns.
#
# Seen, tags 1 2 3 in every sentence, words a a c or a b c:
#                      a     a a    a b c
#   Viterbi, model     1     1 2    1 2 3
#   exported           2     2 2    2 2 3
# Probability of tag 1 after the first a: right 1.000, exported .000
#
# Matters for: taggers that are shipped as a file: the start of each sentence.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 onnx==1.23.2 onnxruntime==1.32.0
venv/bin/pip install --quiet --disable-pip-version-check --no-deps markovonnx==1.0.1
venv/bin/python -W ignore - <<'PY'
import contextlib
import io

import numpy as np
from markovonnx import HiddenMarkovModel, Vocabulary
from markovonnx.onnx_export import export_hmm_onnx
from markovonnx.onnx_runtime import HMMONNXRuntime

words = [list("aac")] * 5 + [list("abc")] * 5
vocabulary = Vocabulary()
vocabulary.build_from_sequences(words)
model = HiddenMarkovModel(4, vocabulary)
with contextlib.redirect_stdout(io.StringIO()):
    model.fit_supervised(words, [list("123")] * len(words))
    export_hmm_onnx(model, "tagger.onnx")
exported = HMMONNXRuntime("tagger.onnx", model)

answers = {}
for sentence in ("a", "aa", "aac", "abc"):
    answers[sentence] = model.viterbi(list(sentence)), exported.decode(list(sentence))
    print(f"{sentence:4} Viterbi {answers[sentence][0]}, exported {answers[sentence][1]}")
    assert answers[sentence][0] == list("123")[: len(sentence)] and answers[sentence][1][0] == "2"

letter = vocabulary.tok2id["a"]
right = model.pi * model.B[:, letter]
moved = (model.pi @ model.A) * model.B[:, letter]
step = exported.sess.run(["alpha_out"], {"obs_id": np.array([letter]), "alpha_in": model.pi})[0]
tag = model.state_vocab.tok2id["1"]
print(f"tag 1 after the first a: right {right[tag] / right.sum():.3f}, exported {step[tag]:.3f}")
assert right[tag] / right.sum() > 0.99 and step[tag] < 0.01 and np.allclose(step, moved / moved.sum(), atol=1e-5)
PY
