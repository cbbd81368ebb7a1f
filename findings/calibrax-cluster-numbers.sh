#!/usr/bin/env bash
# calibrax 0.1.1: scores of a clustering depend on which numbers its clusters have: labelled 0 and 2, a clustering
# agrees with itself by .20 instead of 1.
#
# Packages: calibrax 0.1.1, jax 0.10.2, flax 0.12.8, jaxtyping 0.3.11, psutil 7.2.2, numpy 2.3.5.
#
# Expected: `adjusted_rand_index(labels_true, labels_pred)` and its kin take "integer labels"; "1.0 = perfect
# agreement". Which integers name the clusters cannot matter, since the definitions count pairs in the same cluster.
#
# Happens: labels are listed by `jnp.unique` with a size of the largest label + 1. With a gap in the numbers the first
# cluster is listed again for each missing one, and counted as often; when they begin below 0, as where -1 means noise,
# the last ones are cut off. The silhouette compares a cluster with its own copy.
#
# Seen, 3 + 3 points, two clusters 10 apart, which the labels are right about
#   numbers of the clusters        0, 1     0, 2    -1, 0    -1, 1
#   adjusted Rand index            1.00     .20       .00     1.00
#   normalised information         1.00     .47      1.00     1.00
#   V-measure                      1.00     .47      1.00     1.00
#   silhouette                      .99     .33     -1.00      .99
#   Davies-Bouldin (least best)     .01     889       .00      .01
#
# Matters for: clusters that lost their points, a subset of classes, or noise as -1: scores are not those of the
# clustering.
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
from itertools import combinations

import jax
import numpy as np
from calibrax.metrics.functional import clustering

print("calibrax", version("calibrax"), "jax", jax.__version__)
points = np.array([[0.0, 0.0], [0.1, 0.0], [0.2, 0.0], [10.0, 10.0], [10.1, 10.0], [10.2, 10.0]])


def rand(first, second):
    """Adjusted Rand index, from all pairs of points."""
    pairs = list(combinations(range(len(first)), 2))
    one = np.array([first[i] == first[j] for i, j in pairs])
    other = np.array([second[i] == second[j] for i, j in pairs])
    chance = one.sum() * other.sum() / len(pairs)
    return (np.sum(one & other) - chance) / ((one.sum() + other.sum()) / 2 - chance)


def silhouette(labels):
    values = []
    for index, label in enumerate(labels):
        away = np.linalg.norm(points - points[index], axis=1)
        own = away[(labels == label) & (np.arange(len(labels)) != index)].mean()
        other = min(away[labels == rest].mean() for rest in set(labels.tolist()) - {label})
        values.append((other - own) / max(other, own))
    return np.mean(values)


found = {}
for numbers in ((0, 1), (0, 2), (-1, 0), (-1, 1)):
    labels = np.repeat(numbers, 3)
    values = {
        "Rand": float(clustering.adjusted_rand_index(labels, labels)),
        "information": float(clustering.normalized_mutual_information_clustering(labels, labels)),
        "V": float(clustering.v_measure(labels, labels)),
        "silhouette": float(clustering.silhouette_score(points, labels)),
        "Davies-Bouldin": float(clustering.davies_bouldin_score(points, labels)),
    }
    print(numbers, {name: round(value, 3) for name, value in values.items()},
          f"right: {rand(labels, labels):.3f}, 1, 1, {silhouette(labels):.3f}")
    assert np.isclose(rand(labels, labels), 1) and abs(silhouette(labels) - 0.99) < 0.005
    found[numbers] = values

plain, gap, noise = found[0, 1], found[0, 2], found[-1, 0]
assert all(abs(plain[name] - 1) < 1e-5 for name in ("Rand", "information", "V"))
assert abs(plain["silhouette"] - silhouette(np.repeat((0, 1), 3))) < 1e-3 and plain["Davies-Bouldin"] < 0.02
assert gap["Rand"] < 0.3 and gap["information"] < 0.6 and gap["V"] < 0.6
assert gap["silhouette"] < 0.5 and gap["Davies-Bouldin"] > 100
assert noise["Rand"] < 0.1 and noise["silhouette"] < -0.9
PY
