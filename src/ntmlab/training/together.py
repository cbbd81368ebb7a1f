"""Several seeds of a recipe in one process, step by step together: on a GPU they are one launch.

Each seed is an ordinary run: weights, sequences, checkpoints and rows are those of the seed alone.
One that fails ends by itself.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor

from ntmlab.recipes import Recipe
from ntmlab.training.checkpoint import Progress, set_generators
from ntmlab.training.data import batches_of_runs
from ntmlab.training.device_step import GroupStep, make_record
from ntmlab.training.keeper import TrainingError
from ntmlab.training.loop import CHECKPOINT_SECONDS, Metrics, Observer, Trainer
from ntmlab.training.machines import make_machines
from ntmlab.training.memory import too_many, used_by
from ntmlab.training.validation import ValidationScore

Generators = dict[str, Tensor]


def why_not_together(recipe: Recipe) -> str | None:
    """Why seeds of a recipe cannot step together, or None where they can."""
    return None if recipe.model == "ntm" else f"only NTMs step together, not {recipe.model}"


class Group:
    """Runs of one recipe, all at one position, and the state of the generators of each."""

    def __init__(
        self, trainers: list[tuple[Trainer, Generators]], observer: Observer, device: torch.device
    ) -> None:
        self.trainers = [trainer for trainer, _ in trainers]
        self.going = dict(enumerate(self.trainers))
        self.generators = [states for _, states in trainers]
        self.failed: dict[int, TrainingError] = {}
        self.observer, self.device = observer, device
        self.recipe = self.trainers[0].recipe
        self.position = self.trainers[0].progress.sequences
        self.step = GroupStep(self.trainers, device, make_record(device))
        for run, trainer in self.going.items():
            trainer.way = self.step.member(run)

    def train(self) -> list[bool | TrainingError]:
        """Trains all to the end, until the observer says stop, or until none is left.

        Of each whether its end was reached, or why it failed. Last checkpoints are then good.
        """
        try:
            self._train()
        except torch.OutOfMemoryError:
            pass  # and what it held of the step that failed is free now
        else:
            return [
                self.failed.get(run, trainer.progress.sequences >= self.recipe.sequences)
                for run, trainer in enumerate(self.trainers)
            ]
        line = too_many(len(self.trainers), self.recipe.batch, self._bytes_of)
        return [self.failed.get(run, TrainingError(line)) for run in range(len(self.trainers))]

    def _train(self) -> None:
        self._each(lambda run, trainer: self._as_alone(run, trainer.begin))
        saved = time.monotonic()
        for rows in self._steps():
            self._look(rows)
            self.observer.step(self._progress())
            if self.observer.should_stop() or not self.going:
                break
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                self._save()
                saved = time.monotonic()
        self._save()

    def _steps(self) -> Iterator[int]:
        """Takes one step of all at each iteration; gives the sequences that it was of each."""
        recipe, seeds = self.recipe, [trainer.seed for trainer in self.trainers]
        position = (recipe.batch, self.position, recipe.sequences)
        for sequences in batches_of_runs(
            self.trainers[0].drawn_from, seeds, *position, self.device
        ):
            rows = sequences.inputs.shape[1]
            look = self.step.take(sequences, self.position)
            self.position += rows
            for trainer in self.going.values():
                trainer.count(rows)
            if look:
                self._each(lambda run, trainer: trainer.way.settle())
            yield rows

    def _look(self, rows: int) -> None:
        """Writes rows and snapshots where they are due."""
        if self.going and next(iter(self.going.values())).row_is_due():
            self._each(lambda run, trainer: trainer.way.settle())
            self._write_rows()
        self._each(lambda run, trainer: trainer.snapshot_when_due(rows))

    def _write_rows(self) -> None:
        scores = self._scores()
        written: list[Metrics] = []
        self._each(lambda run, trainer: written.append(trainer.write_row(scores[run])))
        if written:
            self.observer.row(mean_row(written))

    def _scores(self) -> dict[int, ValidationScore]:
        """Scores of those that go on; beside a GPU other cores count what its outputs cost."""
        said: dict[int, Tensor] = {}
        self._each(lambda run, trainer: said.update({run: trainer.predicted()}))
        score = self.trainers[0].validation.score
        if self.device.type == "cpu":
            return {run: score(one) for run, one in said.items()}
        with ThreadPoolExecutor() as pool:
            return dict(zip(said, pool.map(score, said.values()), strict=True))

    def _save(self) -> None:
        """Writes checkpoint and weights of each."""
        with self.observer.saving():
            self._each(lambda run, trainer: self._as_alone(run, trainer.save))

    def _as_alone(self, run: int, action: Callable[[], None]) -> None:
        """Does something where PyTorch's generators are those of a run."""
        set_generators(self.generators[run])
        action()

    def _each(self, action: Callable[[int, Trainer], object]) -> None:
        """Does something with each that goes on; one that fails goes on no longer."""
        for run, trainer in list(self.going.items()):
            try:
                action(run, trainer)
            except TrainingError as error:
                self.failed[run] = error
                del self.going[run]

    def _progress(self) -> Progress:
        """Of all together."""
        return Progress(sequences=self.position * len(self.trainers))

    def _bytes_of(self, runs: int) -> int:
        """Bytes that the passes of a step of so many of the runs need on the GPU."""
        some, batch = self.trainers[:runs], self.recipe.batch
        seeds = [trainer.seed for trainer in some]
        first = next(batches_of_runs(some[0].drawn_from, seeds, batch, 0, batch, self.device))
        machines = make_machines(some, self.device)
        return used_by(lambda: machines.gradients(first, None))


def mean_row(rows: Iterable[Metrics]) -> Metrics:
    """The means of rows, and the sequences of all.

    >>> mean_row([{"sequences": 10, "bits": 2.0}, {"sequences": 10, "bits": 3.0}])
    {'sequences': 20, 'bits': 2.5}
    """
    every = list(rows)
    means = {name: sum(row[name] for row in every) / len(every) for name in every[0]}
    return means | {"sequences": sum(row["sequences"] for row in every)}
