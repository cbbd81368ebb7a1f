#!/usr/bin/env bash
# arhmm 0.0.5: training gives back the model after the first iteration, however many there were.
#
# Packages: arhmm 0.0.5, numpy 2.4.6, scipy 1.17.1.
#
# Expected: `train_arhmm(arhmm_init, xs_list, f_tol, n_max_iter)` iterates until the log-likelihood rises by
# less than `f_tol`, and its result holds the trained model, the hidden states and the log-likelihoods of
# all iterations.
#
# Happens: the result is put together in the first iteration and never again. Only the list of
# log-likelihoods, which is shared, goes on: it shows a training that the model in the result has not had.
#
# Seen, 5 sequences of 60 from two phases that move by .4 and -.4 with noise .1; begun with .1 and -.05
#   log-likelihood, as listed in the result                   -1558, 76, 104, 117, 106
#   of the model in the result                                76
#   of the model of the last iteration, by hand               106
#   noise of phase 0: drawn with, in the result, by hand      .100, .118, .110
#   with a tolerance of 1000, which stops after 3             the same model
#
# Matters for: whoever trains with the package: more iterations, or a smaller tolerance, change nothing.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps arhmm==0.0.5
venv/bin/python -W ignore - <<'PY'
import numpy as np
from arhmm.core import ARHMM, train_arhmm
from arhmm.propagator import Propagator

NOISE = 0.1
TRANSITIONS = np.array([[0.85, 0.15], [0.15, 0.85]])


def model(moves, noise):
    return ARHMM(TRANSITIONS.copy(), [Propagator(1, np.eye(1), np.eye(1) * noise**2, np.array([move])) for move in moves])


def draw(length, rng):
    z, xs = 0, [0.0]
    for _ in range(length):
        xs.append(xs[-1] + rng.normal((0.4, -0.4)[z], NOISE))
        z = z if rng.random() < 0.85 else 1 - z
    return np.array(xs)[:, None]


def noise_of(machine):
    return float(np.sqrt(machine.props[0]._cov[0, 0]))


rng = np.random.default_rng(4)
data = [draw(60, rng) for _ in range(5)]
begin = model((0.1, -0.05), NOISE)
result = train_arhmm(begin, data, f_tol=1e-3, n_max_iter=200)
listed = result.logilikeli_sum_seq

by_hand, seen = begin, []  # the same steps, one at a time
for _ in listed:
    hidden, likelihoods = by_hand.expect_hs_list(data)
    seen.append(sum(likelihoods))
    before, by_hand = by_hand, ARHMM.construct_by_maximization(hidden, data)
    if len(seen) == 1:
        first = by_hand
assert np.allclose(seen, listed)
of_result = sum(result.arhmm.expect_hs_list(data)[1])
print("log-likelihood, as listed in the result:", ", ".join(f"{value:.0f}" for value in listed))
print(f"of the model in the result {of_result:.0f}; of the model of the last iteration {seen[-1]:.0f}")
print(f"noise of phase 0: drawn with {NOISE}, in the result {noise_of(result.arhmm):.3f}, after the last iteration {noise_of(by_hand):.3f}")
assert len(listed) > 3 and result.arhmm == first and not result.arhmm == before
assert abs(of_result - listed[1]) < 1e-6 and max(listed) > of_result + 30

again = train_arhmm(begin, data, f_tol=1e3, n_max_iter=200)  # stops sooner, with the same model
print(f"with a tolerance of 1000: {len(again.logilikeli_sum_seq)} iterations, the same model: {again.arhmm == result.arhmm}")
assert len(again.logilikeli_sum_seq) < len(listed) and again.arhmm == result.arhmm
PY
