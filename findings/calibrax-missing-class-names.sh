#!/usr/bin/env bash
# calibrax 0.1.1: without an example of one class the metric of each class goes by another's name: a bird's accuracy is
# called a dog's, and a cat's stands for the bird's.
#
# Packages: calibrax 0.1.1, jax 0.10.2, flax 0.12.8, jaxtyping 0.3.11, psutil 7.2.2, numpy 2.3.5.
#
# Expected: `ClasswiseWrapper(metric, class_names=["cat", "dog", "bird"])` computes the metric "separately for each
# class", from integer labels, and a mean of them. Label 2 is a bird. Of a class without examples nothing is known.
#
# Happens: labels are listed by `jnp.unique` with a size of the largest label + 1, sorted, and names are given by the
# place in this list. A label that is missing moves all later ones up, and the places left over at the end are
# filled with the first label once more: the first class gets a second name, and counts twice in the mean.
#
# Seen, 8 cats, all right, no dogs, and 8 birds of which 2 are right
#              package    right
#   cat        1.00       1.00
#   dog         .25        -
#   bird       1.00        .25
#   mean        .75        .625
#
# Matters for: metrics by class of single batches, or of rare classes: wrong numbers with plausible names.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 flax==0.12.8 jaxtyping==0.3.11 psutil==7.2.2 \
    numpy==2.3.5
venv/bin/pip install --quiet --disable-pip-version-check --no-deps calibrax==0.1.1
venv/bin/python -W ignore - <<'PY'
from importlib.metadata import version

import jax
import numpy as np
from calibrax.metrics.functional.classification import accuracy
from calibrax.metrics.wrappers import ClasswiseWrapper

NAMES = ["cat", "dog", "bird"]
print("calibrax", version("calibrax"), "jax", jax.__version__)


def by_class(predictions, targets):
    right = {
        name: float(np.mean(predictions[targets == label] == label))
        for label, name in enumerate(NAMES)
        if np.any(targets == label)
    }
    return right | {"mean": sum(right.values()) / len(right)}


def show(title, found, right):
    print(f"{title}: {found}, right {right}")


cats, dogs, birds = np.full(8, 0), np.full(8, 1), np.full(8, 2)
birds_seen = np.array([2, 2, 0, 0, 0, 0, 0, 0])
wrapper = ClasswiseWrapper(accuracy, class_names=NAMES)

targets, predictions = np.concatenate([cats, dogs, birds]), np.concatenate([cats, dogs, birds_seen])
found, right = wrapper.compute(predictions, targets, targets), by_class(predictions, targets)
show("all classes", found, right)
assert found.keys() == right.keys() and all(np.isclose(found[name], right[name]) for name in right)

targets, predictions = np.concatenate([cats, birds]), np.concatenate([cats, birds_seen])
found, right = wrapper.compute(predictions, targets, targets), by_class(predictions, targets)
show("no dogs", found, right)
assert right == {"cat": 1.0, "bird": 0.25, "mean": 0.625}
assert found == {"cat": 1.0, "dog": 0.25, "bird": 1.0, "mean": 0.75}
PY
