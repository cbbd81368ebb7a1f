"""How one training step is taken: what every way has, and the way of the CPU."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from ntmlab.foreign import guarded
from ntmlab.models import NTM, Foreign, Model, NTMState
from ntmlab.recipes import Recipe
from ntmlab.sequences import Sequences
from ntmlab.training.checkpoint import Progress
from ntmlab.training.cost import NATS_TO_BITS, mean_cost
from ntmlab.training.data import memory_size
from ntmlab.training.keeper import Keeper
from ntmlab.training.shown import Sampler

# A batch whose gradient overflows is left out and counted: over 200 steps a single chaotic sequence
# can send back more than float32 holds while its loss is ordinary. So many in a row are a failure.
SKIPS_IN_A_ROW = 10


class Course(Protocol):
    """One run as a step sees it."""

    recipe: Recipe
    seed: int
    drawn_from: Sampler
    model: Model
    parameters: list[nn.Parameter]  # those that are trained
    optimizer: Optimizer
    keeper: Keeper
    progress: Progress


class Step(Protocol):
    """A way to take steps.

    The caller counts sequences in the run's progress; the rest of it is what `settle` says.
    """

    def take(self, sequences: Sequences) -> None:
        """One update of the weights from one batch on the run's device.

        Raises TrainingError where the loss is no finite number, or gradients went on overflowing:
        at once or when `settle` is called, with the weights that they were found with.
        """
        ...

    def settle(self) -> None:
        """Brings losses, norm and skips in the progress up to date; raises as `take` does."""
        ...

    def begin_row(self) -> None:
        """Sets back what is added up from row to row of metrics."""
        ...


def batch_slots(course: Course) -> int | None:
    """Slots of the next batch's memory, where the recipe gives each its own."""
    fewest = course.recipe.fewest_slots
    if not fewest or not isinstance(course.model, NTM):
        return None
    return memory_size(course.seed, course.progress.sequences, fewest, course.model.slots)


def start_state(model: nn.Module, rows: int, slots: int | None) -> NTMState | None:
    """The state that a batch starts from, if its memory has a size of its own."""
    if slots is None or not isinstance(model, NTM):
        return None
    return model.initial_state(rows, slots)


def limit_steps(course: Course, rows: int) -> None:
    """Sets what an NTM's step may send back, for the mean cost of so many sequences."""
    if isinstance(course.model, NTM) and course.recipe.clip_steps > 0:
        course.model.clip_gradient = course.recipe.clip_steps / rows


def backward(model: Model, loss: Tensor) -> None:
    """Computes gradients; raises InputError, one line, where that fails in a user's code."""
    if isinstance(model, Foreign):
        guarded(f"model {model.kind}: its backward pass", loss.backward)
    else:
        loss.backward()


def not_finite(nats: float, gradient_norm: float) -> str:
    """What a step is said to have given, where that is no finite number."""
    return f"loss {nats:g} and gradient norm {gradient_norm:g}"


def begin_row(progress: Progress) -> None:
    """Sets back what a progress adds up from row to row of metrics."""
    progress.loss_bits = progress.gradient_norm = 0.0
    progress.skipped = 0


@contextmanager
def one_thread() -> Iterator[None]:
    """PyTorch on one thread: to wake another for an update takes longer than the update."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class HostStep:
    """The way of the CPU: every number is looked at as soon as it is there."""

    def __init__(self, course: Course) -> None:
        self.course = course

    def take(self, sequences: Sequences) -> None:
        """One update, as `Step.take`; raises at once."""
        course, progress, rows = self.course, self.course.progress, len(sequences.inputs)
        limit_steps(course, rows)
        gradient_norm, nats = self.compute(sequences)
        overflow = not math.isfinite(gradient_norm)
        progress.skipped_in_a_row = (progress.skipped_in_a_row + 1) * overflow
        if not math.isfinite(nats) or progress.skipped_in_a_row > SKIPS_IN_A_ROW:
            course.keeper.fail(sequences, course.model, progress, not_finite(nats, gradient_norm))
        if overflow:
            progress.skipped += 1
        else:
            self._update(gradient_norm)
        progress.loss_bits += nats * rows * NATS_TO_BITS

    def compute(self, sequences: Sequences) -> tuple[float, float]:
        """Computes and clips the gradient of a batch; its norm before that, and the mean loss."""
        course = self.course
        start = start_state(course.model, len(sequences.inputs), batch_slots(course))
        loss = mean_cost(course.model, sequences, start)
        course.optimizer.zero_grad()
        backward(course.model, loss)
        return self.clip(), loss.item()

    def settle(self) -> None:
        """Nothing: all is known."""

    def begin_row(self) -> None:
        """Sets back what is added up from row to row of metrics."""
        begin_row(self.course.progress)

    def _update(self, gradient_norm: float) -> None:
        """Moves the weights at the learning rate of this point of training."""
        course, progress = self.course, self.course.progress
        for group in course.optimizer.param_groups:
            group["lr"] = course.recipe.rate_at(progress.sequences)
        with one_thread():
            course.optimizer.step()
        progress.gradient_norm = max(progress.gradient_norm, gradient_norm)

    def clip(self) -> float:
        """Clips gradients as the recipe says; returns their norm before.

        The norm is taken in float64: the square of a finite float32 gradient can overflow.
        """
        recipe, parameters = self.course.recipe, self.course.parameters
        gradients = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([g.flatten() for g in gradients])
        norm = float(torch.linalg.vector_norm(flat, dtype=torch.float64))
        if 0 < recipe.clip_norm < norm < math.inf:
            torch._foreach_mul_(gradients, recipe.clip_norm / norm)
        if recipe.clip_value > 0:
            nn.utils.clip_grad_value_(parameters, recipe.clip_value)
        return norm
