"""One run on several processes, each with a slice of every batch.

The sequences are those of one process, and so is all that is written; only the order in which a
gradient's terms are added is another. So with n terms (sequences x steps) of sizes |t| a gradient
differs by at most 2 n u sum|t|, u = 2^-24, from that of any other number of processes (Higham 2002,
section 4.2), and is the same bits on every process. PyTorch's DistributedDataParallel promises
neither: it divides each process's own mean by their number, which is wrong where slices are not of
one size, and leaves to the library in which order it adds.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import torch
from torch import Tensor, nn

from ntmlab.errors import InputError
from ntmlab.models import Foreign, Model
from ntmlab.recipes import Recipe
from ntmlab.records import Record
from ntmlab.runs.folder import RunFolder
from ntmlab.runs.status import finished, rows_so_far
from ntmlab.sequences import Sequences, Task
from ntmlab.training.checkpoint import Progress, generators, set_generators
from ntmlab.training.cost import mean_cost
from ntmlab.training.crew import Crew, OthersEnded
from ntmlab.training.device import find_device
from ntmlab.training.isolation import isolated
from ntmlab.training.keeper import Keeper, TrainingError
from ntmlab.training.loop import Observer, Trainer
from ntmlab.training.many import Place, check_place, open_run
from ntmlab.training.optimizer import load_optimizer_tensors, optimizer_tensors
from ntmlab.training.progress import stop_signals, watched
from ntmlab.training.step import HostStep, backward, batch_slots, start_state
from ntmlab.training.validation import Validation, ValidationScore

CLOSE = 1e-3  # of the largest logit; what noise and other rows do is far larger


class SliceStep(HostStep):
    """The way of the CPU on one slice, and the sum over all."""

    def __init__(self, course: Trainer, crew: Crew) -> None:
        super().__init__(course)
        self.crew = crew

    def compute(self, sequences: Sequences) -> tuple[float, float]:
        """The clipped gradient of the whole batch; its norm before that, and the mean loss."""
        course, rows = self.course, len(sequences.inputs)
        mine = self._slice(sequences)
        part = len(mine.inputs) / rows
        if not part:  # fewer sequences than processes: it computes along, for nothing
            mine = sequences.take(slice(0, 1))
        start = start_state(course.model, len(mine.inputs), batch_slots(course))
        loss = mean_cost(course.model, mine, start) * part
        course.optimizer.zero_grad()
        backward(course.model, loss)
        with torch.no_grad():
            nats = self._add_up(loss)
        return self.clip(), nats

    def _slice(self, sequences: Sequences) -> Sequences:
        rows, rank, size = len(sequences.inputs), self.crew.rank, self.crew.size
        return sequences.take(slice(rank * rows // size, (rank + 1) * rows // size))

    def _add_up(self, loss: torch.Tensor) -> float:
        """Puts the sum of all gradients in the place of this one's; returns the whole loss."""
        own = [p for p in self.course.parameters if p.grad is not None]
        flat = torch.cat([*(p.grad.flatten() for p in own if p.grad is not None), loss.reshape(1)])
        summed = self.crew.sum(flat)
        for parameter, part in zip(own, summed.split([*(p.numel() for p in own), 1]), strict=False):
            parameter.grad = part.view_as(parameter)
        return float(summed[-1])


class Wanted(NamedTuple):
    """The run that is to be trained."""

    recipe: Recipe
    seed: int
    path: Path
    device: str


def lead(crew: Crew, find: Callable[[], Wanted]) -> tuple[Path, bool]:
    """Brings the run that is found to its end with the help of the others, wherever it stands.

    Returns its folder and whether the end was reached. Raises as ``find`` and
    `ntmlab.training.complete` do; InputError too for a model that would not train as it does alone.
    """
    with crew.together():
        wanted = find()
        return wanted.path, _lead(crew, wanted)
    raise AssertionError  # no block leaves an error out


def _lead(crew: Crew, wanted: Wanted) -> bool:
    recipe, seed, path, device = wanted
    place = find_device(device, recipe.model)
    with ExitStack() as locks:
        check_place(recipe, Place(seed, path), device)
        if finished(path):
            crew.begin({})
            return True
        locks.enter_context(isolated(place))
        trainer = open_run(recipe, Place(seed, path), device, place, None, locks)
        check_rows_apart(trainer.model, trainer.task, seed)
        crew.begin({"device": device, "recipe": recipe.to_json(), "seed": seed, **_state(trainer)})
        total, done = recipe.sequences, trainer.progress.sequences
        with watched(total, done, Observer(), rows_so_far(path)) as own, own.saving():
            crew.wants_stop = own.should_stop
            step, row, saving = own.step, own.row, own.saving
            trainer.observer = Observer(step, row, lambda: crew.stopping, saving)
            trainer.way = SliceStep(trainer, crew)
            return trainer.train()


def follow(crew: Crew) -> bool:
    """Takes part in the run that the leader opens; writes nothing."""
    try:
        with crew.together():
            given = crew.begin()
            return not given or _follow(crew, given)
    except TrainingError:  # of the run, which the leader tells
        raise OthersEnded(told=True) from None
    raise AssertionError  # no block leaves an error out


def _follow(crew: Crew, given: dict[str, Any]) -> bool:
    recipe, seed = Recipe.from_json(given["recipe"]), given["seed"]
    place = find_device(given["device"], recipe.model)
    with isolated(place), stop_signals() as stop, stop.saving():
        crew.wants_stop = stop
        observer = Observer(should_stop=lambda: crew.stopping)
        nowhere = RunFolder(Path(os.devnull))
        trainer = Trainer(nowhere, recipe, seed, observer, place, validation=Unasked())
        trainer.keeper = Silent(nowhere, recipe, seed, trainer.task)
        trainer.model.load_state_dict(given["model"])
        load_optimizer_tensors(trainer.optimizer, given["optimizer"])
        set_generators(given["random"])
        trainer.progress = Progress(**given["progress"], best=given["best"])
        trainer.way = SliceStep(trainer, crew)
        return trainer.train()


def _state(trainer: Trainer) -> dict[str, Any]:
    """All that decides how a run goes on."""
    host = torch.device("cpu")
    return {
        "model": {k: v.to(host) for k, v in trainer.model.state_dict().items()},
        "optimizer": {k: v.to(host) for k, v in optimizer_tensors(trainer.optimizer).items()},
        "random": generators(trainer.model),
        "progress": trainer.progress.numbers(),
        "best": {k: v.to(host) for k, v in trainer.progress.best.items()},
    }


class Silent(Keeper):
    """Writes nothing: the leader does."""

    def save(self, model: Model, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
        """Nothing."""

    def snapshot(self, model: Model, progress: Progress) -> None:
        """Nothing."""

    def row(self, row: Record, progress: Progress) -> None:
        """Nothing."""

    def fail(
        self, sequences: Sequences, model: nn.Module, progress: Progress, what: str
    ) -> NoReturn:
        """Stops, as all do at the same step."""
        raise TrainingError("the loss is no number")


class Unasked(Validation):
    """Scores nothing: the leader does."""

    def __init__(self) -> None:
        pass

    def predict(self, model: nn.Module) -> Tensor:
        """Nothing."""
        return torch.empty(0)

    def score(self, probabilities: Tensor) -> ValidationScore:
        """No score."""
        return ValidationScore(0.0, 0.0)


def check_rows_apart(model: Model, task: Task, seed: int) -> None:
    """Raises InputError for a user's model whose sequences see each other, or that draws noise."""
    if not isinstance(model, Foreign):
        return
    sequences = task.sample(4, seed).inputs.to(next(model.parameters()).device)
    model.train()
    with torch.random.fork_rng(), torch.no_grad():
        whole = model(sequences)[0]
        parts = torch.cat([model(half)[0] for half in sequences.chunk(2)])
    if (whole - parts).abs().max() > CLOSE * whole.abs().max():
        raise InputError(
            f"model {model.kind}: its logits in training depend on which other sequences are in "
            f"the batch, or on chance (batch normalisation, dropout): on several processes it "
            f"would be another run; train it on one"
        )
