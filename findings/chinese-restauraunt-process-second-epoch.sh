#!/usr/bin/env bash
# chinese-restauraunt-process 0.2.0: from the second epoch on whoever changes the table stays at
# the old one as well: after five epochs 100 rows are 145 members of their tables.
#
# Packages: chinese_restauraunt_process 0.2.0, numpy 2.4.6, scipy 1.17.1, pandas 2.3.3, tqdm 4.70.1.
#
# Expected: `ChineseRestaurantProcess(data).run(epochs)` is Gibbs sampling. A row is taken from
# its table (there is `remove_member`) and seated by the others; a table's members are the rows
# that `assignments` gives it, and all tables together have as many members as there are rows.
#
# Happens: nothing calls `remove_member`. In every epoch a row is seated by tables that it is a
# member of itself, and where it moves it is entered in the new table, and kept in the old
# one with its counts. Tables only grow, as do their weights in the prior.
#
# Seen, 100 rows of counts from two kinds, negative binomial tables, 2 classes expected:
#   epochs     members of all tables     by assignments
#   1          100                       100
#   2          117                       100
#   3          133                       100
#   5          145                       100
#
# Matters for: all results of more than one epoch: `return_class_parameters` and `predict`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 tqdm==4.70.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps chinese-restauraunt-process==0.2.0
venv/bin/python - 2> /dev/null <<'PY'
import numpy as np
from crp.process import ChineseRestaurantProcess

EACH, EPOCHS = 50, 5
rng = np.random.default_rng(0)
data = np.vstack([rng.poisson(means, (EACH, 3)) for means in ([20, 5, 5], [5, 5, 20])]).astype(float)
np.random.seed(0)
process = ChineseRestaurantProcess(data, expected_number_of_classes=2)
for epoch in range(1, EPOCHS + 1):
    process.run(epochs=1)
    members = {name: len(table.members) for name, table in process.classes.items()}
    assigned = {name: process.assignments.count(name) for name in process.classes}
    twice = sum(sum(row in table.members for table in process.classes.values()) > 1 for row in range(len(data)))
    print(f"{epoch} epochs: members {members}, together {sum(members.values())}; by assignments {assigned}; at two tables {twice}")
    assert sum(assigned.values()) == len(data)
    if epoch == 1:
        assert members == assigned and twice == 0
assert sum(members.values()) > 1.3 * len(data) and twice > 0.3 * len(data)
PY
