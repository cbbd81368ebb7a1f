"""What is rare in a task, shown more often: blank vectors, and items that are nearly alike."""

import dataclasses

import numpy as np
import pytest
import torch

from ntmlab.tasks import Copy, Recall, RepeatCopy

BLANK = [
    Copy(min_length=20),
    RepeatCopy(min_length=10, min_repeats=1, max_repeats=1),
]


@pytest.mark.parametrize("task", BLANK, ids=lambda task: task.name)
def test_so_many_vectors_are_blank_and_the_others_as_without(task):
    length = task.min_length
    plain = task.sample(20_000, 3)
    found = dataclasses.replace(task, blanks=0.3).sample(20_000, 3)
    was, now = (drawn.inputs[:, :length, :8] for drawn in (plain, found))
    blank, before = (given.sum(2) == 0 for given in (now, was))
    share = 0.3 + 0.7 / 256
    assert abs(blank.float().mean().item() - share) < 5 * error_of(share, blank.numel())
    assert torch.equal(now[~blank], was[~blank])
    assert bool(blank[before].all())
    # Blank vectors are blank where they are to be said, and neighbours are blank independently.
    assert torch.equal(found.targets[:, length + 1 : 2 * length + 1, :8], now)
    both = blank[:, 1::2] & blank[:, ::2]
    assert abs(both.float().mean().item() - share**2) < 5 * error_of(share**2, both.numel())
    assert torch.equal(found.mask, plain.mask)


def error_of(share, count):
    """The standard error of a part that was counted in so many cases."""
    return np.sqrt(share * (1 - share) / count)


def items_of(task, drawn):
    """The items of sequences that all have the most items, (B, items, bits)."""
    shown = drawn.inputs[:, : 4 * task.max_items, : task.width].unflatten(1, (-1, 4))
    return shown[:, :, 1:].flatten(2).numpy()


def distances(items):
    """Bits in which each item differs from each earlier one, (B, items, items), else 99."""
    apart = np.abs(items[:, :, None] - items[:, None]).sum(-1)
    return np.where(np.tril(np.ones(apart.shape[1:], bool), -1), apart, 99)


def test_so_many_items_are_an_earlier_one_but_for_a_bit_and_none_are_equal():
    task = Recall(min_items=6, max_items=6, alike=0.4)
    items = items_of(task, task.sample(4_000, 3))
    plain = items_of(task, dataclasses.replace(task, alike=0).sample(4_000, 3))
    apart = distances(items)
    assert apart.min() == 1  # by chance alone two are equal once in 2^18 pairs, here in none
    near = apart.min(2)[:, 1:] == 1
    chance = 19 / 2**18  # of a fair item beside one earlier one, at most a bit away
    assert abs(near.mean() - 0.4) < 5 * error_of(0.4, near.size) + 5 * chance
    assert (items[:, 1:][~near] == plain[:, 1:][~near]).all()
    assert (items[:, 0] == plain[:, 0]).all()
    # Which earlier one is uniform: the second has one to be like, the third two, and so on.
    for number in range(2, 6):
        rows = apart[:, number][near[:, number - 1]]
        alone = rows[(rows == 1).sum(1) == 1]
        counts = (alone[:, :number] == 1).sum(0)
        expected = len(alone) / number
        assert (abs(counts - expected) < 5 * np.sqrt(expected)).all()
    # Which bit differs is uniform, and another for each item of a sequence.
    second = np.abs(items[:, 1] - items[:, 0])[near[:, 0]]
    expected = len(second) / 18
    assert (abs(second.sum(0) - expected) < 5 * np.sqrt(expected)).all()


def test_a_sequence_is_the_same_however_many_are_drawn_and_however_long_they_may_be():
    for task, longer in [
        (Copy(blanks=0.3), {"max_length": 40}),
        (Recall(alike=0.3), {"max_items": 12}),
        (RepeatCopy(blanks=0.3), {"max_length": 30}),
    ]:
        whole = task.sample(600, 5)
        steps = task.sample(300, 5, 200).inputs.shape[1]
        assert torch.equal(task.sample(300, 5, 200).inputs, whole.inputs[200:500, :steps])
        name = next(iter(longer)).removeprefix("max_")
        same = {f"min_{name}": getattr(task, f"max_{name}")}
        short = dataclasses.replace(task, **same).sample(50, 5)
        more = dataclasses.replace(task, **same, **longer)
        first = 4 if isinstance(task, Recall) else 8
        assert torch.equal(more.sample(50, 5).inputs[:, :first], short.inputs[:, :first])


@pytest.mark.parametrize("task", [Copy, RepeatCopy, Recall])
def test_what_is_rare_is_a_part_and_by_default_as_rare_as_the_task_has_it(task):
    name = "alike" if task is Recall else "blanks"
    assert getattr(task(), name) == 0
    assert torch.equal(task(**{name: 0.0}).sample(300, 2).inputs, task().sample(300, 2).inputs)
