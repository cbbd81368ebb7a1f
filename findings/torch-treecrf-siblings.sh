#!/usr/bin/env bash
# torch-treecrf 0.2.0: in a tree with a fork, no label hears of its siblings.
#
# Packages: torch-treecrf 0.2.0, torch 2.13.0, numpy 2.4.6.
#
# Expected: `TreeCRFLayer` returns the marginal probability of each label by belief
# propagation, exact on a tree. The message from a parent to a child gathers what the
# parent has from all its other neighbours: its own parent, and its other children.
#
# Happens: the message downwards has the parent's emission and the message from above,
# and nothing of the other children. A chain is right. After a fork each child's
# probability is that of a tree in which it is an only child.
#
# Seen, labels tied to their parent with a score of 2, probability of class 1:
#   chain 0-1-2         enumeration .090 .143 .475        layer .090 .143 .475
#   root with children  enumeration .115 .041 .511        layer .115 .018 .664
#   root with 3         enumeration .127 .107 .257 .032   layer .127 .265 .689 .056
#
# Matters for: hierarchies of labels, what the package is for: a forked tree is its case,
# and of two siblings each is predicted as if the other had not been seen.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps torch-treecrf==0.2.0
venv/bin/python - <<'PY'
from itertools import product

import torch
from torch_treecrf import TreeCRFLayer

TIE = 2.0
generator = torch.Generator().manual_seed(0)


def marginals(parents):
    """Probability of class 1 for each label: by enumeration, and of the layer."""
    nodes = len(parents)
    edges = [(child, parent) for child, parent in enumerate(parents) if parent is not None]
    adjacency = torch.zeros(nodes, nodes)
    for child, parent in edges:
        adjacency[child, parent] = 1
    layer = TreeCRFLayer(adjacency)
    with torch.no_grad():
        for child, parent in edges:  # one score for the edge, whichever way a message goes
            layer.pairs[child, parent] = layer.pairs[parent, child] = TIE * torch.eye(2)
        scores = 2 * torch.randn(1, 2, nodes, generator=generator)
        found = layer(scores)[0, 1].exp()
    total = torch.zeros(2, nodes)
    for labels in product((0, 1), repeat=nodes):
        score = sum(scores[0, label, node] for node, label in enumerate(labels))
        score = score + TIE * sum(labels[child] == labels[parent] for child, parent in edges)
        for node, label in enumerate(labels):
            total[label, node] += score.exp()
    return total[1] / total.sum(0), found


for name, parents in (("chain 0-1-2", (None, 0, 1)), ("root with children", (None, 0, 0)), ("root with 3", (None, 0, 0, 0))):
    right, found = marginals(parents)
    print(f"{name:18}  enumeration", *(f"{p:.3f}" for p in right), "  layer", *(f"{p:.3f}" for p in found))
    wrong = (right - found).abs()
    assert wrong[0] < 1e-5, "the root hears of all its children"
    assert (wrong.max() < 1e-5) == (name == "chain 0-1-2")
    assert name == "chain 0-1-2" or wrong[1:].max() > 0.1
PY
