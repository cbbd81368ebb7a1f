"""The way of a GPU to take a step: the host asks for work, and waits for none of it.

Losses, norms, limits and skips stay on the device; an update that is to be left out is one that the
optimiser is told to leave out there. A loss that is no number is found when somebody looks: at the
next row of metrics or checkpoint, or after `READ_EVERY` steps. Until then the run stands still, so
that its weights are those that gave that loss; the batch is drawn again from its position.
"""

from typing import Any, Final

import torch
from torch import Tensor

from ntmlab.models import Foreign
from ntmlab.sequences import Sequences
from ntmlab.tasks.draws import TRAINING_START
from ntmlab.training.cost import mean_cost
from ntmlab.training.graphs import CudaRecord, Graphs, Record
from ntmlab.training.optimizer import Steering
from ntmlab.training.step import Course, backward, batch_slots, begin_row, start_state
from ntmlab.training.tally import Failure, Tally

READ_EVERY: Final = 256  # steps: a wait of microseconds in some hundred milliseconds


class DeviceStep:
    """Steps of one run. Its bits are the same whether a step is recorded or taken plainly.

    A user's own model is never recorded: its Python code may do something else at every step.
    """

    def __init__(self, course: Course, device: torch.device, record: Record | None) -> None:
        self.course = course
        plain = isinstance(course.model, Foreign)
        self.graphs = Graphs(self._step, None if plain else record)
        self.tally = Tally(1, device)
        self.tally.put([course.progress])
        self.steering = Steering([course.optimizer], device)
        self.steps = 0

    def take(self, sequences: Sequences) -> None:
        """One update, as `Step.take`; raises when `settle` is called, at every so many steps."""
        self.steering.set_rate(self.course.recipe.rate_at(self.course.progress.sequences))
        self.graphs(sequences, batch_slots(self.course))
        self.steps += 1
        if self.steps % READ_EVERY == 0:
            self.settle()

    def settle(self) -> None:
        """Waits for all steps, and looks at what was counted; raises TrainingError for failures."""
        (failure,) = self.tally.read([self.course.progress])
        if failure is not None:
            fail(self.course, failure)

    def begin_row(self) -> None:
        """Sets back what is added up from row to row of metrics."""
        self.tally.begin_row()
        begin_row(self.course.progress)

    def _step(self, sequences: Sequences, slots: int | None) -> None:
        """All that a step is, on the device."""
        course, rows = self.course, len(sequences.inputs)
        course.optimizer.zero_grad()
        loss = mean_cost(course.model, sequences, start_state(course.model, rows, slots))
        backward(course.model, loss)
        trained = [p for p in course.parameters if p.grad is not None]
        gradients = Gradients([p.grad for p in trained if p.grad is not None], runs=1)
        taken = self.tally.count(loss.detach().reshape(1), gradients.norm, rows)
        gradients.limit(course.recipe.clip_norm, course.recipe.clip_value)
        for parameter, gradient in zip(trained, gradients.of(0, trained), strict=True):
            parameter.grad = gradient
        self.steering.step(taken)


class Gradients:
    """All gradients of S runs as one tensor (S, P), so that each operation is launched once.

    The norm is taken in float64: the square of a finite float32 gradient can overflow.
    """

    def __init__(self, parts: list[Tensor], runs: int) -> None:
        self.flat = torch.cat([part.reshape(runs, -1) for part in parts], 1)
        self.norm = torch.linalg.vector_norm(self.flat, dim=1, dtype=torch.float64)  # (S,)

    def limit(self, norm: float, value: float) -> None:
        """Clips as `HostStep.clip` does; one that overflows stays no number."""
        if norm > 0:
            factor = torch.where(self.norm > norm, norm / self.norm, 1.0)
            self.flat.mul_(factor.to(self.flat.dtype).unsqueeze(1))
        if value > 0:
            self.flat.clamp_(-value, value)

    def of(self, run: int, parameters: list[Any]) -> list[Tensor]:
        """Those of one run, in the shapes of its parameters."""
        parts = self.flat[run].split([p.numel() for p in parameters])
        return [part.view_as(p) for part, p in zip(parts, parameters, strict=True)]


def make_record(device: torch.device) -> Record | None:
    """What records steps on a device; None where there are no graphs."""
    return CudaRecord() if device.type == "cuda" else None


def fail(course: Course, failure: Failure) -> None:
    """Keeps weights and batch of a step whose numbers were not finite, and raises TrainingError."""
    recipe, at = course.recipe, failure.sequences
    course.progress.sequences = at
    rows = min(recipe.batch, recipe.sequences - at)
    sequences = course.task.sample(rows, course.seed, TRAINING_START + at).trim()
    numbers = (failure.nats, failure.gradient_norm)
    course.keeper.fail(sequences, course.model, course.progress, *numbers)
