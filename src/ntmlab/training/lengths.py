"""Training on sequences longer than the task's, each batch of a length of its own."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad

from ntmlab.sequences import Sequences, Task
from ntmlab.tasks.draws import BLOCK, TRAINING_START, by_block, generator, uniforms
from ntmlab.tasks.options import of_length

LENGTHS_STREAM = 6  # of random numbers; no task draws from it


class MixedLengths:
    """A task's sequences, those of a batch of a length that depends on seed and position only.

    Lengths are log-uniform from ``shortest`` to ``longest`` steps, both included: as many batches
    have 200 to 400 steps as 400 to 800. What is beyond is not scored, so that it is cut off, or,
    beside a longer batch of another seed, is padding.
    """

    def __init__(self, task: Task, longest: int, batch: int) -> None:
        self.task, self.shortest, self.longest = task, task.steps, longest
        self.whole, self.batch = of_length(task, longest), batch

    def sample(self, count: int, seed: int, start: int) -> Sequences:
        """Sequences of ``longest`` steps, not scored beyond their batch's length."""
        found = self.whole.sample(count, seed, start)
        steps = torch.from_numpy(self.steps(count, seed, start))
        inside = torch.arange(self.longest) < steps[:, None]
        return found._replace(mask=found.mask * inside)

    def mean_steps(self) -> float:
        """The mean length of its sequences, about."""
        if self.longest == self.shortest:
            return self.shortest
        return (self.longest - self.shortest) / math.log(self.longest / self.shortest)

    def steps(self, count: int, seed: int, start: int) -> NDArray[np.int64]:
        """The length of each of these sequences, (B,)."""
        batches = (np.arange(start, start + count) - TRAINING_START) // self.batch
        first, last = int(batches[0]), int(batches[-1])

        def draw(block: int) -> NDArray[np.float64]:
            return uniforms(generator(seed, block, LENGTHS_STREAM), BLOCK)

        uniform = by_block(draw, last - first + 1, seed, TRAINING_START + first)
        ratio = (self.longest + 1) / self.shortest
        lengths = (self.shortest * ratio ** uniform.astype(np.float64)).astype(np.int64)
        return np.minimum(lengths, self.longest)[batches - first]


def padded(part: Tensor, steps: int) -> Tensor:
    """Inputs, targets or mask (B, T, …) of so many steps, zeros behind; itself if it has them."""
    behind = (0, 0) * (part.dim() - 2) + (0, steps - part.shape[1])
    return pad(part, behind) if behind[-1] else part
