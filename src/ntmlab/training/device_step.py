"""The way of a GPU to take a step: the host asks for work, and waits for none of it.

Losses, norms, limits and skips stay on the device; an update that is to be left out is one that the
optimiser is told to leave out there. A loss that is no number is found when somebody looks: at the
next row of metrics or checkpoint, or after `READ_EVERY` steps. Until then the run stands still, so
that its weights are those that gave that loss; the batch is drawn again from its position.

Legend: S runs that step together; a run alone is one of one.
"""

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

from ntmlab.models import Foreign
from ntmlab.sequences import Sequences
from ntmlab.tasks.draws import TRAINING_START
from ntmlab.training.data import stacked
from ntmlab.training.graphs import CudaRecord, Graphs, Record
from ntmlab.training.machines import Machines, make_machines
from ntmlab.training.step import Course, batch_slots, begin_row, limit_steps, not_finite
from ntmlab.training.tally import Failure, Tally

READ_EVERY: Final = 256  # steps: a wait of microseconds in some hundred milliseconds


class GroupStep:
    """Steps of S runs of one recipe, all at one position.

    Bits are the same whether a step is recorded or taken plainly. A user's own model is never
    recorded: its Python code may do something else at every step. Memories that have a size of
    their own for each batch make no graphs of their own: sizes are numbers that a graph reads.
    """

    def __init__(
        self,
        courses: Sequence[Course],
        device: torch.device,
        record: Record | None,
        machines: Machines | None = None,
    ) -> None:
        self.courses, self.device = courses, device
        self.machines = machines or make_machines(courses, device)
        plain = isinstance(courses[0].model, Foreign)
        self.graphs = Graphs(self._step, None if plain else record)
        self.tally = Tally(len(courses), device)
        self.tally.put([course.progress for course in courses])
        self.steps = self.read = 0
        self.failures: list[Failure | None] = [None] * len(courses)

    def take(self, sequences: Sequences, position: int) -> bool:
        """One update of each run from batches (S, B, …); returns whether it is time to look."""
        self.machines.set_rate(self.courses[0].recipe.rate_at(position))
        self.graphs(sequences, self._slots())
        self.steps += 1
        return self.steps % READ_EVERY == 0

    def settle(self) -> list[Failure | None]:
        """Waits for all steps, and brings each progress up to date; returns who failed."""
        if self.read < self.steps:
            self.failures = self.tally.read([course.progress for course in self.courses])
            self.read = self.steps
        return self.failures

    def member(self, run: int) -> "Member":
        """The part of one run in it."""
        return Member(self, run)

    def _slots(self) -> Tensor | None:
        """Slots of each run's memory (S,), where the recipe gives each batch its own."""
        sizes = [batch_slots(course) for course in self.courses]
        if sizes[0] is None:
            return None
        slots = torch.tensor(sizes, dtype=torch.int32)
        if self.device.type == "cpu":
            return slots
        return slots.pin_memory().to(self.device, non_blocking=True)

    def _step(self, sequences: Sequences, slots: Tensor | None) -> None:
        """All that a step is, on the device."""
        recipe, rows = self.courses[0].recipe, sequences.inputs.shape[1]
        for course in self.courses:
            limit_steps(course, rows)
        nats, gradients = self.machines.gradients(sequences, slots)
        norm = norms(gradients)
        taken = self.tally.count(nats, norm, rows)
        limit(gradients, norm, recipe.clip_norm, recipe.clip_value)
        self.machines.update(gradients, taken)


class Member:
    """What a run has to do with the steps that it takes with others."""

    def __init__(self, group: GroupStep, run: int) -> None:
        self.group, self.run, self.course = group, run, group.courses[run]

    @property
    def graphs(self) -> Graphs:
        """The graphs of the steps."""
        return self.group.graphs

    def take(self, sequences: Sequences) -> None:
        """One update of a run alone, as `Step.take`; raises later, as `settle` does."""
        if self.group.take(stacked([sequences]), self.course.progress.sequences):
            self.settle()

    def settle(self) -> None:
        """Waits for all steps, and looks at what was counted; raises TrainingError for failures."""
        failure = self.group.settle()[self.run]
        if failure is not None:
            fail(self.course, failure)

    def begin_row(self) -> None:
        """Sets back what is added up from row to row of metrics."""
        self.group.tally.begin_row(self.run)
        begin_row(self.course.progress)


def device_step(course: Course, device: torch.device, record: Record | None) -> Member:
    """The way of a run alone."""
    return GroupStep([course], device, record).member(0)


def norms(gradients: Tensor) -> Tensor:
    """The 2-norm of each row (S, P), in float64: a square can overflow float32.

    On the CPU row by row, in the order of sums of a run alone.
    """
    if gradients.is_cpu:
        each = [torch.linalg.vector_norm(row, dtype=torch.float64) for row in gradients]
        return torch.stack(each)
    found: Tensor = torch.linalg.vector_norm(gradients, dim=1, dtype=torch.float64)
    return found


def limit(gradients: Tensor, norms: Tensor, norm: float, value: float) -> None:
    """Clips each row as `HostStep.clip` does; one that overflows stays no number."""
    if norm > 0:
        factor = torch.where(norms > norm, norm / norms, 1.0)
        gradients.mul_(factor.to(gradients.dtype).unsqueeze(1))
    if value > 0:
        gradients.clamp_(-value, value)


def make_record(device: torch.device) -> Record | None:
    """What records steps on a device; None where there are no graphs."""
    return CudaRecord() if device.type == "cuda" else None


def fail(course: Course, failure: Failure) -> None:
    """Keeps weights and batch of a step whose numbers were not finite, and raises TrainingError."""
    recipe, at = course.recipe, failure.sequences
    course.progress.sequences = at
    rows = min(recipe.batch, recipe.sequences - at)
    sequences = course.drawn_from.sample(rows, course.seed, TRAINING_START + at).trim()
    what = not_finite(failure.nats, failure.gradient_norm)
    course.keeper.fail(sequences, course.model, course.progress, what)
