"""The tool that asks which vectors of a query decide a lookup in recall."""

import sys

import numpy as np
import pytest
import torch

from ntmlab.tasks import Recall
from tools import keys


def by_second_vector(task: Recall):
    """Finds the query by the second vector of its items alone, the last such item if several."""

    def predict(inputs: torch.Tensor) -> np.ndarray:
        steps = task.item_length + 1
        shown = inputs[:, : (task.max_items + 1) * steps, : task.width]
        shown = shown.unflatten(1, (-1, steps))[:, :, 1:]
        said = np.full((*inputs.shape[:2], task.width), 0.5)
        for row, items in enumerate(shown):
            found = [j for j in range(len(items) - 2) if torch.equal(items[j, 1], items[-1, 1])]
            said[row, -task.item_length :] = items[found[-1] + 1].numpy() * 0.98 + 0.01
        return said

    return predict


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["keys", *arguments])
    return keys.main()


def test_vectors_that_another_item_has_too():
    task = Recall(width=2, item_length=2, min_items=3, max_items=3)
    items = [[[1, 0], [0, 0]], [[1, 1], [0, 0]], [[1, 0], [0, 1]]]
    inputs = torch.zeros(1, 15, 4)
    for j, item in enumerate([*items, items[0]]):
        inputs[0, 3 * j + 1 : 3 * j + 3, :2] = torch.tensor(item)
    assert keys.shared(keys.equal_bits(inputs, task)) == ["xx"]
    assert keys.nearest(keys.equal_bits(inputs, task)) == ["1"]
    inputs[0, 4:6, :2] = torch.tensor(items[0])  # the query's twin shares nothing but itself
    assert keys.shared(keys.equal_bits(inputs, task)) == ["x."]
    assert keys.nearest(keys.equal_bits(inputs, task)) == ["0"]


def test_a_lookup_by_one_vector_loses_where_that_vector_is_shared():
    task = Recall(min_items=6, max_items=6)
    both = keys.report(task, by_second_vector(task), 2000, 3)
    start = next(n for n, line in enumerate(both) if line.split()[0] == "nearest")
    lines, by_bits = both[:start], both[start:]
    rows = {line.split()[0]: line.split()[1:] for line in lines[1:]}
    right = 18 * -np.log2(0.99)
    for name in ("...", "..x", "x.."):
        assert float(rows[name][1]) == pytest.approx(right, abs=1e-3)
    assert float(rows[".x."][1]) > 10 * right
    parts = [float(row[0].rstrip("%")) for name, row in rows.items() if name != "all"]
    assert sum(parts) == pytest.approx(100, abs=0.1)
    adds = [float(row[2]) for name, row in rows.items() if name != "all"]
    assert sum(adds) == pytest.approx(float(rows["all"][1]), abs=0.01)
    # Nearer items share that vector more often; both tables have the same mean.
    bits = {line.split()[0]: float(line.split()[2]) for line in by_bits[1:]}
    assert bits["all"] == float(rows["all"][1])
    assert bits["3"] > 2 * bits["6"] > 0


def test_a_shipped_model_is_read(monkeypatch, capsys):
    assert run(monkeypatch, "recall-ntm", "--items", "3", "--sequences", "20") == 0
    assert capsys.readouterr().out.splitlines()[0] == "recall-ntm"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["copy-ntm"], "9 inputs"),
        (["recall-ntm", "--items", "1"], "items"),
        (["recall-ntm", "--sequences", "0"], "at least 1"),
        (["nothing"], "nothing"),
    ],
)
def test_wrong_input_gets_one_line(monkeypatch, capsys, arguments, says):
    assert run(monkeypatch, *arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("keys: ")
    assert says in error
    assert error.count("\n") == 1
