#!/usr/bin/env bash
# Markov 0.4.0: training on a second sequence counts a transition from the last state but one of
# the first: after 100 times abc it holds that b is followed by a, which it never is, in half of the cases.
#
# Packages: Markov 0.4.0, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `HMM.Train(Sequence, explicit_states=True)` counts the states, what they show and
# which follows which, on top of what was trained before: one call for each sentence. Transitions
# start with a count of 1 each; abc adds one from a to b and one from b to c.
#
# Happens: the state before is kept from one call to the next. At the first step of a sequence
# it is the one before the last of the sequence before, and a transition from there to
# the first state is counted. In training without states a sequence begins where the last one ended.
#
# Seen, 100 times abc, transitions from b:
#                 to a      to b      to c
#   right         .0097     .0097     .9806
#   Markov        .4950     .0050     .5000
# One more sequence, without states, of a letter that all states show; posterior of its first state:
#                 a         b         c
#   right         .3333     .3333     .3333
#   Markov        .0000     .0000     1.0000
#
# Matters for: taggers, that have a sentence in each call. Set `Previous` and `Current` to None.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps Markov==0.4.0
venv/bin/python - <<'PY'
from collections import Counter

from Markov import HMM, Distribution

STATES, TIMES = "abc", 100
SENTENCE = [(state, state.upper()) for state in STATES]


def trained(forget):
    model = HMM(list(STATES), {state: Distribution({show.upper(): 1 for show in STATES}) for state in STATES})
    for _ in range(TIMES):
        if forget:
            model.Previous = model.Current = None
        model.Train(SENTENCE, explicit_states=True)
    return {before: {after: model.TransitionProbs.Conditionals[before](after) for after in STATES} for before in STATES}


pairs = Counter((before, after) for before, after in zip(STATES, STATES[1:]) for _ in range(TIMES))
right = {
    before: {after: (1 + pairs[before, after]) / (3 + sum(pairs[before, other] for other in STATES)) for after in STATES}
    for before in STATES
}
found, forgetful = trained(False), trained(True)
for before in STATES:
    print(before, "right", {after: round(p, 4) for after, p in right[before].items()}, "Markov", {after: round(p, 4) for after, p in found[before].items()})
    assert all(abs(right[before][after] - forgetful[before][after]) < 1e-9 for after in STATES)
wrong = (1 + TIMES - 1) / (3 + 2 * TIMES - 1)
assert abs(found["b"]["a"] - wrong) < 1e-9 and found["b"]["a"] > 0.49 and right["b"]["a"] < 0.01

model = HMM(list(STATES), {state: Distribution({"X": 1}) for state in STATES})
model.Train([(state, "X") for state in STATES], explicit_states=True)
prior = [model.Prior(state) for state in STATES]
model.Train(["X"])
posterior = [model.Current(state) for state in STATES]
print("first state: prior", prior, "Markov", posterior)
assert max(abs(p - 1 / 3) for p in prior) < 1e-9 and posterior == [0.0, 0.0, 1.0]
PY
