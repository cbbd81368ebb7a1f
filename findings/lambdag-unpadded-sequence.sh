#!/usr/bin/env bash
# lambdag 0.2.0: without padding, probabilities after the last letter of a sequence sum to
# one half.
#
# Packages: lambdag 0.2.0, numpy 2.4.6.
#
# Expected: `KneserNeyLanguageModel.fit(sequence, pad_sequence)` with "if true, pad the given
# sequence"; the probabilities of all elements of the vocabulary sum to 1 after every context.
#
# Happens: what follows a context is divided by how often the context occurs, the last time
# included, which nothing follows. (`context_element_count` has the sums that are right, and
# is not used.) With padding a sequence ends with its end, which is no context.
#
# Seen, sums over the vocabulary, discount 0.5:
#   abab, order 2           after a 1.000, b 0.500            padded: 1.000 and 1.000
#   abracadabra, order 3    after a 0.800, ra 0.500, br 1.000 padded: all 1.000
#   1,000 letters in pieces of 10, fitted one by one: sums from 0.892 to 0.907
#
# Matters for: texts cut into pieces, where each cut takes away what should sum to 1, and
# perplexities compared with models that are normalised.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps lambdag==0.2.0
venv/bin/python - <<'PY'
import random
import sys
import types
from importlib.metadata import files

# the language model without what the package loads beside it: progress bars, tables, regressions
package = types.ModuleType("lambdag")
package.__path__ = [str(next(f for f in files("lambdag") if str(f) == "lambdag/__init__.py").locate().parent)]
sys.modules["lambdag"] = package
from lambdag.language_models import KneserNeyLanguageModel


def sums(order, pieces, contexts, pad):
    """The sum of the probabilities of all letters after each context."""
    model = KneserNeyLanguageModel(order)
    for piece in pieces:
        model.fit(piece, pad_sequence=pad)
    return {context: sum(model.probability(letter, context) for letter in model.vocabulary()) for context in contexts}


for order, text, contexts in ((2, "abab", "ab"), (3, "abracadabra", ("a", "ra", "br"))):
    bare, padded = (sums(order, [text], contexts, pad) for pad in (False, True))
    print(f"{text}, order {order}:", "  ".join(f"{c} {bare[c]:.3f} (padded {padded[c]:.3f})" for c in contexts))
    for context in contexts:
        assert abs(padded[context] - 1) < 1e-9
        # one of the places where the context stands has nothing after it, if the text ends with it
        stands = sum(text.startswith(context, i) for i in range(len(text)))
        assert abs(bare[context] - (1 - text.endswith(context) / stands)) < 1e-9
letters = random.Random(0).choices("abcd", k=1_000)
pieces = [letters[i : i + 10] for i in range(0, 1_000, 10)]
bare = sums(2, pieces, "abcd", False)
print("pieces of ten:", *(f"{context} {total:.3f}" for context, total in bare.items()))
assert all(0.8 < total < 0.96 for total in bare.values())
PY
