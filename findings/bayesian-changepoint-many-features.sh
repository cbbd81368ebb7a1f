#!/usr/bin/env bash
# bayesian-changepoint 1.2.1: with 40 features or more the posterior is zero everywhere,
# and a change is reported at every step.
#
# Packages: bayesian-changepoint 1.2.1, torch 2.13.0, numpy 2.4.6.
#
# Expected: `online_changepoint_detection` with `MultivariateT(dims=D)` takes data of
# shape (T, D). Each column of its answer is a distribution over run lengths and sums to
# 1; more features make a change in all of them plainer.
#
# Happens: the predictive log densities are turned into float32 densities before they
# are summed. Standard normal data in D dimensions has densities of about
# exp(-1.4 D), a surprising step much less, and float32 ends near exp(-103). When all
# are 0, the division by their sum is left out, the column stays 0, and so do all later
# ones, whatever comes. Nothing is said: the most likely run length is then 0, which
# `get_map_changepoints` reads as a change. With 60 features no step is right, with 40
# all up to the change are, and it is the change that ends it.
#
# Seen, 40 + 40 steps, all means shifted by 3, sums of columns 10 and 80 and changes found:
#   20 features   1 1   at 40
#   40 features   1 0   at 41, 42, 43, ... 80
#   60 features   0 0   at 1, 2, 3, ... 80
# The recursion in logarithms says run length 40 after step 40 in all three, and then
# the one change at 40 with 20 and 40 features; with 60 it takes no change for likelier.
#
# Matters for: embeddings and hidden states, which have hundreds of features, and for
# one step far out under a narrow prior. Look at `R.sum(0)` before use.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 bayesian-changepoint==1.2.1
venv/bin/python -W ignore - <<'PY'
from functools import partial
from math import lgamma, log, log1p, pi

import numpy as np
import torch
from bayesian_changepoint_detection import MultivariateT, constant_hazard, get_map_changepoints, online_changepoint_detection

MEAN_RUN = 50.0


def student(value, features, freedom, weight, mean, spread):
    """Log density of the next value under a normal-Wishart posterior; spread is the inverse scale."""
    left = freedom - features + 1
    gap = value - mean
    shape = spread * (weight + 1) / (weight * left)
    far = gap @ np.linalg.solve(shape, gap) / left
    constant = lgamma((left + features) / 2) - lgamma(left / 2) - features / 2 * log(left * pi)
    return constant - np.linalg.slogdet(shape)[1] / 2 - (left + features) / 2 * log1p(far)


def recursion(data):
    """Most likely run length after each step, in logarithms and float64."""
    features = data.shape[1]
    start = (features + 1.0, 1.0, np.zeros(features), np.eye(features) * (features + 1))
    runs, states, likely = np.zeros(1), [start], []
    for value in data:
        joint = runs + [student(value, features, *state) for state in states]
        runs = np.append(np.logaddexp.reduce(joint) - log(MEAN_RUN), joint + log1p(-1 / MEAN_RUN))
        runs -= np.logaddexp.reduce(runs)
        grown = []
        for freedom, weight, mean, spread in states:
            gap = value - mean
            spread = spread + weight / (weight + 1) * np.outer(gap, gap)
            grown.append((freedom + 1, weight + 1, (weight * mean + value) / (weight + 1), spread))
        states = [start, *grown]
        likely.append(int(runs.argmax()))
    return likely


for features in (20, 40, 60):
    rng = np.random.default_rng(0)
    data = rng.normal(size=(80, features))
    data[40:] += 3
    right = recursion(data)
    table, found = online_changepoint_detection(
        torch.tensor(data, dtype=torch.float32), partial(constant_hazard, MEAN_RUN), MultivariateT(dims=features, device="cpu"), device="cpu"
    )
    sums, changes = table.sum(0), get_map_changepoints(table).tolist()
    print(f"{features} features: sums {sums[10]:.0f} {sums[80]:.0f}, changes at", *changes[:5], "to", changes[-1], " logarithms:", right[39], right[79])
    assert right[39] == 40 and right[79] == (40 if features < 60 else 80)
    if features == 20:
        assert changes == [40] and found[1:].tolist() == right and abs(sums - 1).max() < 1e-5
    else:
        assert sums[80] == 0 and len(changes) >= 40 and found[80] == 0
        assert (sums[10] == 0) == (features == 60)
PY
