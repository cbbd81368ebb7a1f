"""The machines of S runs that step together: what a batch costs each, its gradient, its update.

One after another is the definition, for models of any kind. NTMs on a GPU are stacked: all of them
are one scan, one loss and one update.

Legend: S runs, P numbers of a model's parameters, B sequences of each run, T time.
"""

import itertools
from collections.abc import Sequence
from typing import Final, Protocol

import torch
from torch import Tensor, nn

from ntmlab.models import NTM
from ntmlab.recipes.optimizers import GRAVES
from ntmlab.sequences import Sequences
from ntmlab.training.cost import mean_cost, seeds_costs
from ntmlab.training.data import of_run
from ntmlab.training.optimizer import Steering, make_optimizer
from ntmlab.training.step import Course, backward, start_state

MOMENTS: Final = {GRAVES: ("n", "m", "delta")}  # of an optimiser's state, as large as the weights
ADAMS: Final = ("exp_avg", "exp_avg_sq")


class Machines(Protocol):
    """Models and optimisers of S runs of one recipe."""

    def set_rate(self, rate: float) -> None:
        """Sets the learning rate of the steps that follow."""
        ...

    def gradients(self, sequences: Sequences, slots: Tensor | None) -> tuple[Tensor, Tensor]:
        """Mean nats of a sequence (S,), and gradients (S, P), for batches (S, B, T, …)."""
        ...

    def update(self, gradients: Tensor, taken: Tensor) -> None:
        """One update of each for which ``taken`` (S,) is True; the others stay as they are."""
        ...


class OneByOne:
    """Each run by itself, with the very operations, and so the bits, of a run alone."""

    def __init__(self, courses: Sequence[Course], device: torch.device) -> None:
        self.courses = courses
        self.steering = Steering([course.optimizer for course in courses], device)
        self.trained: list[list[nn.Parameter]] = []  # of each, those that have a gradient

    def set_rate(self, rate: float) -> None:
        """Sets the learning rate of the steps that follow."""
        self.steering.set_rate(rate)

    def gradients(self, sequences: Sequences, slots: Tensor | None) -> tuple[Tensor, Tensor]:
        """As `Machines.gradients`; each batch without the steps that it alone is not scored on."""
        sizes = [None] * len(self.courses) if slots is None else slots.tolist()
        self.trained, nats, found = [], [], []
        for run, (course, size) in enumerate(zip(self.courses, sizes, strict=True)):
            one = of_run(sequences, run)
            if len(self.courses) > 1:
                one = one.trim()
            course.optimizer.zero_grad()
            start = start_state(course.model, len(one.inputs), size)
            loss = mean_cost(course.model, one, start)
            backward(course.model, loss)
            self.trained.append([p for p in course.parameters if p.grad is not None])
            flat = [p.grad.flatten() for p in self.trained[-1] if p.grad is not None]
            nats.append(loss.detach())
            found.append(torch.cat(flat))
        return torch.stack(nats), torch.stack(found)

    def update(self, gradients: Tensor, taken: Tensor) -> None:
        """As `Machines.update`."""
        for trained, row in zip(self.trained, gradients, strict=True):
            parts = row.split([p.numel() for p in trained])
            for parameter, part in zip(trained, parts, strict=True):
                parameter.grad = part.view_as(parameter)
        self.steering.step(taken)


class Stacked:
    """NTMs of one recipe as one: a row of P numbers is a run's weights, and the optimiser's unit.

    Weights and optimisers of the runs are views of these rows from here on: to save or to score a
    run needs nothing else.
    """

    def __init__(self, courses: Sequence[Course], device: torch.device) -> None:
        first, runs = courses[0], len(courses)
        assert isinstance(first.model, NTM)
        self.model, names = first.model, MOMENTS.get(first.recipe.optimizer, ADAMS)
        self.shapes = [p.shape for p in first.parameters]
        self.kept = torch.stack([_rows(courses, name) for name in (None, *names)])  # (·, S, P)
        self.counts = torch.tensor([_count(course) for course in courses], device=device)  # (S,)
        for run, course in enumerate(courses):
            self._lay_under(course, run, names)
        self.rows = [nn.Parameter(row) for row in self.kept[0]]
        recipe = first.recipe
        rates = (recipe.learning_rate, recipe.weight_decay)
        optimizer = make_optimizer(recipe.optimizer, self.rows, *rates)
        for run, row in enumerate(self.rows):
            optimizer.state[row] = self._state(names, run)
        self.steering = Steering([optimizer], device)
        self.all = torch.ones(1, dtype=torch.bool, device=device)
        self.ones = torch.ones(runs, device=device)
        # The scan wants each parameter of all runs in one piece, (S, …): a row alone is that.
        numbers = torch.arange(self.kept[0].numel(), device=device).view(runs, -1)
        self.order = torch.cat([part.flatten() for part in self._split(numbers)])
        self.pieces = (
            self.kept[0].view(-1) if runs == 1 else self.kept[0].new_empty(len(self.order))
        )
        sizes = [runs * shape.numel() for shape in self.shapes]
        self.leaves = {
            name: piece.view(runs, *shape).detach().requires_grad_()
            for (name, _), piece, shape in zip(
                first.model.named_parameters(), self.pieces.split(sizes), self.shapes, strict=True
            )
        }

    def set_rate(self, rate: float) -> None:
        """Sets the learning rate of the steps that follow."""
        self.steering.set_rate(rate)

    def gradients(self, sequences: Sequences, slots: Tensor | None) -> tuple[Tensor, Tensor]:
        """As `Machines.gradients`."""
        runs = len(self.rows)
        if runs > 1:
            torch.take(self.kept[0], self.order, out=self.pieces)
        nats = seeds_costs(self.model, self.leaves, sequences, slots)
        found = torch.autograd.grad(nats, list(self.leaves.values()), self.ones)
        return nats.detach(), torch.cat([part.reshape(runs, -1) for part in found], 1)

    def update(self, gradients: Tensor, taken: Tensor) -> None:
        """As `Machines.update`: all take it, and those that should not are set back."""
        for row, gradient in zip(self.rows, gradients, strict=True):
            row.grad = gradient
        if len(self.rows) == 1:
            self.steering.step(taken)
            return
        kept, counts = self.kept.clone(), self.counts.clone()
        self.steering.step(self.all)
        torch.where(taken.unsqueeze(1), self.kept, kept, out=self.kept)
        torch.where(taken, self.counts, counts, out=self.counts)

    def _split(self, rows: Tensor) -> list[Tensor]:
        """The parameters' parts of rows (S, P) or of one (P,)."""
        return list(rows.split([shape.numel() for shape in self.shapes], -1))

    def _state(self, names: Sequence[str], run: int) -> dict[str, Tensor]:
        """The optimiser's state of a run, as a unit has it."""
        moments = {name: rows[run] for name, rows in zip(names, self.kept[1:], strict=True)}
        return moments if names != ADAMS else {"step": self.counts[run], **moments}

    def _lay_under(self, course: Course, run: int, names: Sequence[str]) -> None:
        """Makes weights and optimiser of a run views of its rows."""
        state = self._state(names, run)
        parts = {name: self._split(rows) for name, rows in state.items() if rows.dim()}
        weights = self._split(self.kept[0][run])
        for number, (parameter, shape) in enumerate(
            zip(course.parameters, self.shapes, strict=True)
        ):
            parameter.data = weights[number].view(shape)
            own = {name: rows[number].view(shape) for name, rows in parts.items()}
            course.optimizer.state[parameter] = state | own


def _rows(courses: Sequence[Course], name: str | None) -> Tensor:
    """All weights (S, P), or one moment of the optimisers, 0 where no step was taken yet."""
    return torch.stack(
        [
            torch.cat([_part(course, parameter, name).flatten() for parameter in course.parameters])
            for course in courses
        ]
    )


def _part(course: Course, parameter: nn.Parameter, name: str | None) -> Tensor:
    if name is None:
        return parameter.detach()
    moment: Tensor = course.optimizer.state[parameter].get(name, torch.zeros_like(parameter))
    return moment.detach()


def _count(course: Course) -> float:
    """Updates that a run's optimiser has counted."""
    for state in itertools.islice(course.optimizer.state.values(), 1):
        if "step" in state:
            return float(state["step"])
    return 0.0


def make_machines(courses: Sequence[Course], device: torch.device) -> Machines:
    """The way that suits a device."""
    stacked = device.type == "cuda" and isinstance(courses[0].model, NTM)
    return Stacked(courses, device) if stacked else OneByOne(courses, device)
