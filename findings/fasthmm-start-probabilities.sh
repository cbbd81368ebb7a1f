#!/usr/bin/env bash
# FastHMM 0.1.2: a trained model adds probabilities of the first tag to logarithms of all
# the others, and how a sentence ends is learned and not used.
#
# Packages: FastHMM 0.1.2.
#
# Expected: `predict` gives the tags of the highest probability under the tables counted
# from the lines of training, which the start and the end of a line are part of.
#
# Happens: transitions and emissions are kept as logarithms, starts as they are. A first tag
# with a probability of .95 is preferred to one with .05 by .9 instead of by ln 19 = 2.9.
# Transitions to the end are in the table, with their logarithms, and decoding does not
# look at them.
#
# Seen, 20 lines of one word: 19 of tag X, 4 of them "w", and one of Y, which is "w":
#   X   logarithm -1.61   with starts as they are -0.61
#   Y   logarithm -3.00   with starts as they are  0.05, a probability of 1.05: predicted
# and for a line of one word, when six lines were X E and four E: X, which no line ends with.
#
# Matters for: the first word of every sentence, and all words of short ones.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-deps FastHMM==0.1.2
venv/bin/python - <<'PY'
from collections import Counter
from math import exp, log

from FastHMM.hmm import HMMModel
from FastHMM.non_rec_viterbi import Viterbi

# one tag in a line, so that start and emission are all there is to choose by
lines = [("w" if n % 5 == 0 else "v", "X") for n in range(19)] + [("w", "Y")]
model = HMMModel()
for pair in lines:
    model.train_one_line([pair])
predicted = model.predict(["w"])[0][1]

starts, shown = Counter(tag for _, tag in lines), Counter(lines)
right = {tag: log(starts[tag] / len(lines)) + log(shown["w", tag] / starts[tag]) for tag in "XY"}
mixed = {tag: starts[tag] / len(lines) + log(shown["w", tag] / starts[tag]) for tag in "XY"}
_, score = Viterbi(model.A, model.B, model.PI, model.STATE).predict_state(["w"])
for tag in "XY":
    print(f"{tag}  right {right[tag]:.2f}  with starts as they are {mixed[tag]:.2f}")
print(f"predicted {predicted}, score {score:.2f}, a probability of {exp(score):.2f}")
assert max(right, key=right.get) == "X" != predicted == max(mixed, key=mixed.get)
assert abs(score - mixed["Y"]) < 1e-9 and exp(score) > 1

# six lines of two words, X and E, and four of one word, E: no line ends with X
model = HMMModel()
for tags in ["XE"] * 6 + ["E"] * 4:
    model.train_one_line([("w", tag) for tag in tags])
alone = model.predict(["w"])[0][1]
print(f"a line of one word: right E, predicted {alone}; its transitions to the end:", {tag: "<end>" in model.A[tag] for tag in "XE"})
assert alone == "X" and "<end>" in model.A["E"] and "<end>" not in model.A["X"]
PY
