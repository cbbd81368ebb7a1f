#!/usr/bin/env bash
# esnfed 1.7.1: class probabilities are a softmax of numbers that are probabilities already: a certain class has 0.73
# of two and 0.23 of ten.
#
# Packages: esnfed 1.7.1, networkx 3.6.1, numpy 2.4.6.
#
# Expected: `predict_proba` gives the class probabilities of a readout trained by `train_classifier`, which is
# least squares on targets of 0 and 1. Least squares estimate the mean of the target, which is the
# probability: 0.9 where a sequence is of the class in nine of ten cases.
#
# Happens: these estimates, between 0 and 1, go through a softmax as if they were logarithms. No probability
# is above e / (e + classes - 1), and none below 1 / (1 + e) for two.
#
# Seen, sequences of 20 steps with one input of their class on, ridge 1e-8; probability of the true class
#   classes   always the same    the same in 90 %    readout itself
#   2         0.731              0.690               1.000, 0.900
#   10        0.232              -                   1.000
#   log loss of the sure classes: 0.313 and 1.461 nats where 0 is right
#
# Matters for: log losses, calibration, thresholds and the ensemble, which adds these probabilities up: members that are
# sure count hardly more than those that are not. The likeliest class is right.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 networkx==3.6.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps esnfed==1.7.1
venv/bin/python -W ignore - <<'PY'
import math

import numpy as np
from esnfed.classification import predict_proba, reservoir_features, train_classifier
from esnfed.esn import EchoStateNetwork
from esnfed.topologies import make_reservoir

STEPS, EACH, UNITS = 20, 50, 40


def told(classes, share):
    """Probability of the true kind, by the package and by the readout; labels agree with it in that share."""
    network = EchoStateNetwork(classes, classes, make_reservoir("random", UNITS, rng=0), washout=0, ridge=1e-8, seed=0)
    kinds = np.repeat(np.arange(classes), EACH)
    labels = kinds.copy()
    labels[np.arange(len(kinds)) % EACH >= share * EACH] += 1
    labels %= classes
    sequences = [np.tile(np.eye(classes)[kind], (STEPS, 1)) for kind in kinds]
    readout = train_classifier(network, sequences, labels, classes)
    rows = np.arange(len(kinds))
    found = predict_proba(network, sequences, readout)
    estimates = reservoir_features(network, sequences) @ readout
    assert np.allclose(found.sum(1), 1) and (found.argmax(1) == kinds).all()
    assert np.allclose(found, np.exp(estimates) / np.exp(estimates).sum(1, keepdims=True))
    assert np.allclose(estimates.sum(1), 1, atol=1e-3)  # probabilities already
    return found[rows, kinds].mean(), estimates[rows, kinds].mean()


for classes, share in ((2, 1.0), (2, 0.9), (10, 1.0)):
    found, estimate = told(classes, share)
    print(f"{classes} classes, {share:.0%} agree: found {found:.3f}, readout {estimate:.3f}, log loss {-math.log(found):.3f}")
    assert abs(estimate - share) < 0.01
    top = math.exp(share) / (math.exp(share) + math.exp(1 - share) if classes == 2 else math.e + classes - 1)
    assert abs(found - top) < 0.005 and found < 0.78 * share
PY
