#!/usr/bin/env bash
# axiomrnn 0.1.1: a credit horizon of k steps leaves credit to the last k steps of a
# sequence alone: everything before them is learned as if there were no recurrence.
#
# Packages: axiomrnn 0.1.1, numpy 2.4.6.
#
# Expected: `SpikingNet(credit_k=k)` has a "credit horizon in steps; None = full BPTT".
# In truncated backpropagation through time every step's error goes back k steps: the
# error at step t reaches steps t - k + 1 to t, wherever t lies in the sequence.
#
# Happens: the error is cut off by its distance from the end of the sequence: where
# `T - 1 - t` is k or more, nothing is carried from step t + 1 to step t. Errors of the
# last k steps go back to the first of them; every earlier error stays at its own step,
# not carried even by one. What a sequence has before its last k steps is no longer
# learned through the state, and the longer the sequence, the less of the gradient is left.
#
# Seen (one layer of 5 spiking units, smooth mode, horizon 4; norm of the gradient for the
# input weights; "alone" is that without any carrying; with no horizon it is right):
#    4 steps: 0.0367 right, 0.0367 given
#   12 steps: 0.0544 right, 0.0369 given, 45 % off; 0.0328 alone
#   48 steps: 0.0592 right, 0.0372 given, 44 % off; 0.0361 alone, 7 % from what is given
#
# Matters for: everyone who trains a spiking or recurrent layer with a short horizon for
# its memory: the horizon does not bound how far credit goes, but where it begins.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps axiomrnn==0.1.1
venv/bin/python -W ignore - <<'PY'
import numpy as np
from axon.lif import SpikingNet, dsig, ssur

INPUTS, UNITS, CLASSES, ROWS, HORIZON = 3, 5, 2, 4, 4


def truncated(net, x, y, horizon):
    """The gradient for the input weights: each step's error, carried back step by step."""
    W, readout, threshold = net.W[0], net.Wo, net.thr[0]
    steps, rows = x.shape[:2]
    state, before, spikes = np.zeros((rows, UNITS)), [], []
    for t in range(steps):
        before.append(net.leak * state + x[t] @ W)
        spikes.append(ssur(before[t], threshold, net.alpha))
        state = before[t] * (1 - spikes[t])
    logits = np.mean(spikes, 0) @ readout
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    error = (p - np.eye(CLASSES)[y]) / rows @ readout.T / steps
    slope = [dsig(u, threshold, net.alpha) for u in before]
    gradient = np.zeros_like(W)
    for t in range(steps):
        carried = error * slope[t]
        for back in range(t, max(t - horizon, -1), -1):
            gradient += x[back].T @ carried
            if back:
                u, s = before[back - 1], spikes[back - 1]
                carried = carried * net.leak * (1 - s - u * slope[back - 1])
    return gradient


def by_differences(net, x, y, size=1e-6):
    W, gradient = net.W[0], np.zeros_like(net.W[0])
    for place in np.ndindex(W.shape):
        kept, sides = W[place], []
        for side in (size, -size):
            W[place] = kept + side
            sides.append(net.loss(None, y, len(x), xseq=x, smooth=True))
        W[place] = kept
        gradient[place] = (sides[0] - sides[1]) / (2 * size)
    return gradient


def given(net, x, y, horizon):
    flat = net.grads(None, y, len(x), xseq=x, smooth=True, credit_k=horizon)[1]
    return flat[: net.W[0].size].reshape(net.W[0].shape)


shares = []
for steps in (4, 6, 12, 24, 48):
    rng = np.random.default_rng(0)
    net = SpikingNet([INPUTS, UNITS, CLASSES], rng=rng)
    x, y = rng.normal(size=(steps, ROWS, INPUTS)), rng.integers(CLASSES, size=ROWS)
    full = truncated(net, x, y, steps)
    assert np.abs(full - by_differences(net, x, y)).max() < 1e-7
    assert np.abs(full - given(net, x, y, None)).max() < 1e-12
    right, theirs = truncated(net, x, y, HORIZON), given(net, x, y, HORIZON)
    off = np.linalg.norm(theirs - right) / np.linalg.norm(right)
    shares.append(off)
    none = given(net, x, y, 1)
    assert np.abs(none - truncated(net, x, y, 1)).max() < 1e-12
    print(
        f"{steps:2} steps: norm {np.linalg.norm(right):.4f} right, {np.linalg.norm(theirs):.4f} given, off by {off:4.0%};"
        f" without any carrying {np.linalg.norm(none):.4f}, from which the given one is"
        f" {np.linalg.norm(theirs - none) / np.linalg.norm(none):4.0%} off"
    )
assert shares[0] < 1e-9 and min(shares[1:]) > 0.05
PY
