"""What training shows: the task's own sequences, or others that a recipe says."""

from typing import Protocol

import torch

from ntmlab.recipes import Recipe
from ntmlab.sequences import Sequences, Task
from ntmlab.tasks.draws import TRAINING_START
from ntmlab.training.lengths import MixedLengths, padded


class Sampler(Protocol):
    """What training sequences are drawn from: a task, or what makes its sequences others."""

    def sample(self, count: int, seed: int, start: int) -> Sequences:
        """Sequences start .. start + count - 1 of a seed."""
        ...


class Later:
    """One task's sequences, and another's after so many of training."""

    def __init__(self, task: Task, other: Task, after: int) -> None:
        self.task, self.other, self.after = task, other, after

    def sample(self, count: int, seed: int, start: int) -> Sequences:
        """Sequences of the one or the other, by position; of both, padded with steps not scored."""
        left = min(max(TRAINING_START + self.after - start, 0), count)
        if left == count:
            return self.task.sample(count, seed, start)
        if left == 0:
            return self.other.sample(count, seed, start)
        first = self.task.sample(left, seed, start)
        rest = self.other.sample(count - left, seed, start + left)
        steps = max(first.mask.shape[1], rest.mask.shape[1])
        inputs, targets, mask = (
            torch.cat([padded(part, steps) for part in parts])
            for parts in zip(first[:3], rest[:3], strict=True)
        )
        return Sequences(inputs, targets, mask, outputs=first.outputs)


def training_sampler(recipe: Recipe) -> Sampler:
    """What a recipe's training sequences are drawn from."""
    task = recipe.shown_task()
    if recipe.training_after:
        return Later(recipe.make_task(), task, recipe.training_after)
    return MixedLengths(task, recipe.longest, recipe.batch) if recipe.longest else task
