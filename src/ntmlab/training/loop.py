"""The training loop.

A run's course depends on its recipe, seed, machine, device and number of threads only: stopping and
going on changes no bit of weights or metrics.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from ntmlab.models import Foreign
from ntmlab.models.predictor import NoNumbersError
from ntmlab.models.specification import import_model
from ntmlab.recipes import Recipe
from ntmlab.runs.folder import RunFolder, begun
from ntmlab.tasks.draws import TRAINING_START
from ntmlab.training.beginning import take_weights
from ntmlab.training.checkpoint import Progress
from ntmlab.training.cost import mean_cost
from ntmlab.training.data import CPU, batches
from ntmlab.training.device_step import device_step, make_record
from ntmlab.training.isolation import drawn_by, seed_generators
from ntmlab.training.keeper import Keeper, TrainingError
from ntmlab.training.kept import remark_unless_drawn, remark_unless_kept
from ntmlab.training.memory import too_large, used_by
from ntmlab.training.optimizer import forget, make_optimizer
from ntmlab.training.shown import training_sampler
from ntmlab.training.starts import count_row, go_on_with_best, keep_if_best
from ntmlab.training.step import HostStep, Step, backward
from ntmlab.training.validation import Validation, ValidationScore

CHECKPOINT_SECONDS = 30.0

Metrics = dict[str, Any]


@dataclass
class Observer:
    """What a caller hears of a run, and how it ends one early.

    Each save is made within ``saving``, so that a caller can keep it from being broken off.
    ``asked`` hears afterwards that a signal asked the run to end; it may have come too late for
    that, and then is meant for what comes after the run.
    """

    step: Callable[[Progress], None] = lambda progress: None
    row: Callable[[Metrics], None] = lambda metrics: None
    should_stop: Callable[[], bool] = lambda: False
    saving: Callable[[], AbstractContextManager[None]] = nullcontext
    asked: Callable[[], object] = lambda: None


class Trainer:
    """Trains the model of a recipe in a run folder, from its start or its last checkpoint."""

    def __init__(
        self,
        run: RunFolder,
        recipe: Recipe,
        seed: int,
        observer: Observer,
        device: torch.device = CPU,
        attempt: int = 0,
        validation: Validation | None = None,
    ) -> None:
        self.recipe, self.seed, self.observer, self.device = recipe, seed, observer, device
        self.task = recipe.make_task()
        self.drawn_from = training_sampler(recipe)
        import_model(recipe.model)
        seed_generators(seed, device)
        self.model = recipe.make_model().to(device)  # drawn on the CPU: the same on every device
        if isinstance(self.model, Foreign):  # first, since it may learn its sizes from inputs
            self.model.try_out(self.task.sample(2, seed).to(device).inputs)
        if recipe.weights and not begun(run):
            take_weights(self.model, recipe.weights)
        self.parameters = [p for p in self.model.parameters() if p.requires_grad]
        rates = (recipe.learning_rate, recipe.weight_decay)
        self.optimizer = make_optimizer(recipe.optimizer, self.parameters, *rates)
        self.validation = validation or Validation(self.task)
        self.keeper = Keeper(run, recipe, seed, self.task)
        self.progress = Progress(attempt=attempt)
        self.started = time.monotonic()
        self.saved = self.started

    @cached_property
    def way(self) -> Step:
        """How steps are taken on this device, from where the run is at its first."""
        if self.device.type == "cpu":
            return HostStep(self)
        return device_step(self, self.device, make_record(self.device))

    def resume(self) -> None:
        """Goes back to the last checkpoint; raises as `Keeper.restore` does."""
        attempt = self.progress.attempt
        self.progress = self.keeper.restore(self.model, self.optimizer, self.device.type)
        self.progress.attempt = max(self.progress.attempt, attempt)
        self.started = time.monotonic() - self.progress.seconds

    def begin_from(self, parent: RunFolder, recipe: Recipe) -> None:
        """Begins where a finished run ended; raises as `Keeper.begin_from` does."""
        self.progress = self.keeper.begin_from(parent, recipe, self.model, self.optimizer)
        self.started = time.monotonic() - self.progress.seconds
        self.save()

    def train(self) -> bool:
        """Trains to the end, or until the observer says stop; returns whether the end was reached.

        Raises TrainingError when the loss is no finite number, when gradients go on overflowing,
        when the disk is full, or a batch too large for a GPU. The last checkpoint is then still
        good.
        """
        try:
            return self._train()
        except torch.OutOfMemoryError:
            pass  # and what it held of the step that failed is free now
        raise TrainingError(f"{too_large(self.recipe.batch, self._bytes_of)}; nothing is lost")

    def _train(self) -> bool:
        if self.progress.sequences >= self.recipe.sequences:
            return True
        self.begin()
        for _ in self.steps():
            self.observer.step(self.progress)
            if self.observer.should_stop():
                break
            if time.monotonic() - self.saved > CHECKPOINT_SECONDS:
                self.save()
        self.save()
        return self.progress.sequences >= self.recipe.sequences

    def begin(self) -> None:
        """Makes ready for the first step; a new run keeps what it begins with."""
        self.model.train()
        if self.progress.sequences == 0:
            self.save()
            if self.recipe.snapshots:
                self.keeper.snapshot(self.model, self.progress)

    def _bytes_of(self, batch: int) -> int:
        """Bytes that the passes of a step of so many sequences need on the GPU."""
        sequences = self.drawn_from.sample(batch, self.seed, TRAINING_START).to(self.device)
        return used_by(lambda: backward(self.model, mean_cost(self.model, sequences)))

    def steps(self) -> Iterator[None]:
        """Takes one training step at each iteration, and validates when it is due."""
        recipe, done = self.recipe, self.progress.sequences
        position = (recipe.batch, done, recipe.sequences)
        for sequences in batches(self.drawn_from, self.seed, *position, self.device):
            self.way.take(sequences)
            rows = len(sequences.inputs)
            self.count(rows)
            if self.row_is_due():
                self.way.settle()
                self.write_row(self.validation.score(self.predicted()))
            self.snapshot_when_due(rows)
            yield

    def predicted(self) -> Tensor:
        """What the model says of the validation's sequences; raises TrainingError for no numbers.

        That is after an update which was too large: the loss that it began from was finite.
        """
        try:
            said = self.validation.predict(self.model)
        except NoNumbersError as error:
            about, sequences = f"{error}, at the validation", self.validation.sequences
            self.keeper.fail(sequences, self.model, self.progress, about)
        at_end = self.progress.sequences >= self.recipe.sequences
        if isinstance(self.model, Foreign) and (at_end or self.progress.metrics_bytes == 0):
            remark_unless_kept(self.model, self.validation, said)
        return said

    def count(self, rows: int) -> None:
        """Counts a step of so many sequences."""
        self.progress.sequences += rows
        self.progress.rows_since += rows

    def snapshot_when_due(self, rows: int) -> None:
        """Keeps the weights if that is to be done after a step of so many sequences."""
        done = self.progress.sequences
        if self.recipe.snapshot_due(done - rows, done):
            self.way.settle()
            self.keeper.snapshot(self.model, self.progress)

    def row_is_due(self) -> bool:
        """Whether another ``validate_every`` sequences are done."""
        done, every = self.progress.sequences, self.recipe.validate_every
        at_end = done >= self.recipe.sequences
        return at_end or done // every != (done - self.progress.rows_since) // every

    def write_row(self, score: ValidationScore) -> Metrics:
        """Writes a row of metrics once the steps are settled; returns it."""
        row, before = self._row(score), self.progress.sequences - self.progress.rows_since
        bits = self.progress.loss_bits
        self.progress.seconds = time.monotonic() - self.started
        self.progress.rows_since = 0
        self.way.begin_row()
        self.keeper.row(row, self.progress)
        self.observer.row(row)
        if self.recipe.restart_due(before, row["sequences"], row["train_bits"]):
            self.progress.restarts += 1
            self.start_again(self.progress.restarts)
        if self.recipe.tries_at(before):
            self.try_start(before, bits)
        return row

    def start_again(self, number: int) -> None:
        """Draws other weights, and forgets what the optimiser knows of the old ones."""
        drawn = self._drawn(number)
        if isinstance(self.model, Foreign):
            remark_unless_drawn(self.model, drawn, self._drawn(number + 1))
        self.model.load_state_dict(drawn)
        forget(self.optimizer)

    def _drawn(self, number: int) -> dict[str, Tensor]:
        """The weights of a later start."""
        with drawn_by(self.seed, number):
            model = self.recipe.make_model()
            if isinstance(model, Foreign):
                model.try_out(self.task.sample(2, self.seed).inputs)
            return model.state_dict()

    def try_start(self, before: int, bits: float) -> None:
        """Counts a row's cost; at the end of a start begins the next, or goes on with the best."""
        progress = self.progress
        if not count_row(self.recipe, progress, before, bits):
            return
        keep_if_best(self.model, self.optimizer, progress)
        if progress.start + 1 < self.recipe.starts:
            progress.start += 1
            self.start_again(progress.start)
        else:
            go_on_with_best(self.model, self.optimizer, progress)

    def _row(self, score: ValidationScore) -> Metrics:
        return {
            "sequences": self.progress.sequences,
            "train_bits": self.progress.loss_bits / self.progress.rows_since,
            **score.values(),
            "learning_rate": self.recipe.rate_at(self.progress.sequences),
            "gradient_norm": self.progress.gradient_norm,
            "skipped": self.progress.skipped,
            **({"restarts": self.progress.restarts} if self.recipe.restarts else {}),
            **({"start": self.progress.start} if self.recipe.starts > 1 else {}),
        }

    def save(self) -> None:
        """Writes checkpoint and weights."""
        self.way.settle()
        self.progress.seconds = time.monotonic() - self.started
        with self.observer.saving():
            self.keeper.save(self.model, self.optimizer, self.progress)
        self.saved = time.monotonic()
