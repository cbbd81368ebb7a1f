#!/usr/bin/env bash
# pytorch-tree-lstm 0.1.3: parents get each other's children unless the edges are listed by
# ascending parent.
#
# Packages: pytorch-tree-lstm 0.1.3, torch 2.13.0, numpy 2.4.6.
#
# Expected: a child-sum Tree-LSTM (Tai et al. 2015) adds up the states of each node's
# children. The `adjacency_list` is "a tensor containing the node indexes of the parent and
# child"; only that `edge_order` is listed alike is asked for. Any order of the edges is the
# same tree.
#
# Happens: children are added up in runs of equal parents, and the sums are handed out to the
# nodes by ascending number. Where parents of one level are listed in another order, each gets
# the sum of another; nothing is said. (Edges of a parent that are not neighbours raise.)
#
# Seen, a tree of 7 nodes, 0 above 1 and 2, 1 above 3 and 4, 2 above 5 and 6:
#   edges of 1 before those of 2: the states worked out node by node
#   edges of 2 before those of 1: nodes 0, 1 and 2 are off by up to 0.07
#
# Matters for: trees numbered by anything but their own traversal, such as dependency parses.
# Sort the edges by parent.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch-tree-lstm==0.1.3
OMP_NUM_THREADS=1 venv/bin/python - <<'PY'
import torch
from treelstm import TreeLSTM, calculate_evaluation_orders

NODES, CHILDREN = 7, {0: (1, 2), 1: (3, 4), 2: (5, 6)}
torch.manual_seed(0)
net = TreeLSTM(4, 3).requires_grad_(False)
x = torch.randn(NODES, 4)


def package(parents):
    """The states with the edges listed parent by parent, in this order."""
    edges = [[parent, child] for parent in parents for child in CHILDREN[parent]]
    nodes, order = calculate_evaluation_orders(edges, NODES)
    return net(x, torch.tensor(nodes), torch.tensor(edges), torch.tensor(order))[0]


def by_hand():
    """The states node by node, from the equations."""
    h, c = torch.zeros(NODES, 3), torch.zeros(NODES, 3)
    for node in reversed(range(NODES)):
        children = list(CHILDREN.get(node, ()))
        i, o, u = (net.W_iou(x[node]) + net.U_iou(h[children].sum(0))).chunk(3)
        forget = torch.sigmoid(net.W_f(x[node]) + net.U_f(h[children]))
        c[node] = torch.sigmoid(i) * torch.tanh(u) + (forget * c[children]).sum(0)
        h[node] = torch.sigmoid(o) * torch.tanh(c[node])
    return h


right = by_hand()
for parents in ((0, 1, 2), (1, 2, 0), (2, 1, 0), (0, 2, 1)):
    off = (package(parents) - right).abs().amax(1)
    print("edges by parent", *parents, "- off by node:", *(f"{size:.3f}" for size in off))
    ascending = parents.index(1) < parents.index(2)
    assert (off[:3].max() < 1e-6) if ascending else (off[:3].min() > 1e-3)
    assert off[3:].max() < 1e-6
PY
