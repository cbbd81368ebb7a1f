"""Answers beyond training: of the first sequence of a seed, where they are asked for."""

import numpy as np
import pytest

from ntmlab import InputError, make_task
from ntmlab.studies.generalise.measure import answers
from ntmlab.tasks import Copy

SIZES = {f"length {n}": Copy(width=3, min_length=n, max_length=n) for n in (2, 5)}


def test_each_model_answers_each_size():
    exact = Copy(width=3).optimal()
    pairs = answers({"exact": exact, "other": lambda x: 1 - exact(x)}, SIZES, seed=4)
    titles = [f"{name}, {size}" for name in ("exact", "other") for size in SIZES]
    assert [pair.title for pair in pairs] == titles
    for pair, (size, task) in zip(pairs, [*SIZES.items()] * 2, strict=True):
        asked = task.sample(1, 4).inputs[0, : task.min_length, :3].numpy()
        np.testing.assert_array_equal(pair.targets, asked)
        right = pair.title == f"exact, {size}"
        np.testing.assert_array_equal(pair.outputs, asked if right else 1 - asked)
    assert [pair.title for pair in answers({"exact": exact}, SIZES)] == list(SIZES)


def test_what_has_no_answers_is_refused():
    with pytest.raises(InputError, match="task hmm asks for the next symbol"):
        answers({}, {"": make_task("hmm:mess3")})
