#!/usr/bin/env bash
# markovonnx 1.0.1: a model that backs off to shorter contexts comes back from its file without
# them: what it has not seen it takes for uniform.
#
# Packages: markovonnx 1.0.1, onnx 1.23.2, onnxruntime 1.32.0, numpy 2.4.6.
#
# Expected: `MarkovChain(backoff=True)` trains models of all shorter contexts; after `save` and
# `load`, "a trained MarkovChain", it is the same model.
#
# Happens: of the file's fields one says that the model backs off, and the shorter models are in
# none. The loaded one has nothing to back off to. Exported to ONNX it is the same: rows of
# contexts that were not seen are uniform.
#
# Seen, order 3, four letters with probabilities .6, .2, .15 and .05, three lines of 40:
#   after aad, not seen            a      b      c      d
#     trained                     .33    .00    .33    .33
#     loaded                      .20    .20    .20    .20
#   of 64 contexts 23 were not seen: the loaded model is uniform in all of them
#   both are said to back off (`backoff` is True)
#
# Matters for: models that are trained once and used from a file.
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
from collections import Counter
from itertools import product

import numpy as np
from markovonnx import MarkovChain, Vocabulary
from markovonnx.onnx_export import export_markov_onnx
from markovonnx.onnx_runtime import MarkovONNXRuntime

ORDER, LETTERS = 3, "abcd"
rng = np.random.default_rng(0)
lines = ["".join(rng.choice(list(LETTERS), p=[0.6, 0.2, 0.15, 0.05]) for _ in range(40)) for _ in range(3)]
vocabulary = Vocabulary()
vocabulary.build_from_sequences([list(line) for line in lines])
with contextlib.redirect_stdout(io.StringIO()):
    trained = MarkovChain(order=ORDER, vocab=vocabulary, backoff=True)
    trained.fit([list(line) for line in lines])
    trained.save("model.json")
    loaded = MarkovChain.load("model.json")
    export_markov_onnx(trained, "model.onnx")
exported = MarkovONNXRuntime.from_file("model.onnx")


def by_count(context):
    """Frequencies of letters after the longest part of the context that was seen."""
    for start in range(len(context)):
        part = context[start:]
        after = Counter(line[i + len(part)] for line in lines for i in range(len(line) - len(part)) if line[i:].startswith(part))
        if after:
            return np.array([after[letter] for letter in vocabulary.id2tok]) / after.total()


contexts = ["".join(letters) for letters in product(LETTERS, repeat=ORDER)]
unseen = [context for context in contexts if not any(context in line[:-1] for line in lines)]
print(len(unseen), "of", len(contexts), "contexts were not seen; back-off:", trained.backoff, loaded.backoff)
print("letters", vocabulary.id2tok, "after", unseen[0])
for name, model in (("trained", trained), ("loaded", loaded)):
    print(f"  {name:8}", model._get_probs(list(unseen[0])).round(2))
print("   exported", exported.predict_probs(list(unseen[0])).round(2))
uniform = np.full(len(vocabulary.id2tok), 1 / len(vocabulary.id2tok))
assert len(unseen) > 10
for context in unseen:
    assert np.allclose(trained._get_probs(list(context)), by_count(context), atol=1e-3)
    assert np.allclose(loaded._get_probs(list(context)), uniform)
    assert np.allclose(exported.predict_probs(list(context)), uniform)
assert loaded.backoff and all(np.allclose(loaded._get_probs(list(c)), trained._get_probs(list(c))) for c in contexts if c not in unseen)
PY
