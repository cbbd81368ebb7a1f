"""Sizes that are none, and inputs that a task would not draw, are refused in a line."""

from collections.abc import Callable

import pytest
import torch

from ntmlab import InputError
from ntmlab.optimal import ChangePoints, Window
from ntmlab.tasks import Recall

SIZES: dict[str, Callable[[], object]] = {
    "a window has from 1 to 1,048,576 letters, not 2.5": lambda: Window(length=2.5),  # type: ignore[arg-type]
    "a window has from 1 to 1,048,576 letters, not 0": lambda: Window(length=0),
    "most_runs must be a whole number at least 1, not 2.5": lambda: ChangePoints(most_runs=2.5),  # type: ignore[arg-type]
    "most_runs must be a whole number at least 1, not 0": lambda: ChangePoints(most_runs=0),
}


@pytest.mark.parametrize("line", SIZES)
def test_sizes(line: str) -> None:
    with pytest.raises(InputError) as caught:
        SIZES[line]()
    assert str(caught.value) == line


def test_a_query_in_the_middle_of_an_item() -> None:
    task = Recall(width=2, item_length=2, min_items=3, max_items=3)
    inputs = task.sample(1, seed=0).inputs
    moved = torch.cat([inputs[:, 1:], inputs[:, :1]], 1)
    with pytest.raises(InputError, match="2 vectors each; the query begins at step 8"):
        task.optimal()(moved)
