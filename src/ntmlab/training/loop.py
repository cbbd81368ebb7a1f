"""The training loop.

A run's course depends on its recipe, seed, machine, device and number of threads only: stopping and
going on changes no bit of weights or metrics.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ntmlab.foreign import guarded
from ntmlab.models import NTM, Foreign, NTMState
from ntmlab.models.specification import import_model
from ntmlab.recipes import Recipe
from ntmlab.runs.folder import RunFolder
from ntmlab.sequences import Sequences, outputs_of
from ntmlab.training.checkpoint import Progress
from ntmlab.training.data import batches, memory_size
from ntmlab.training.isolation import seed_generators
from ntmlab.training.keeper import Keeper
from ntmlab.training.optimizer import make_optimizer
from ntmlab.training.validation import Validation

NATS_TO_BITS = 1 / math.log(2)
CHECKPOINT_SECONDS = 30.0
CPU = torch.device("cpu")

# A batch whose gradient overflows is left out and counted: over 200 steps a single chaotic sequence
# can send back more than float32 holds while its loss is ordinary. So many in a row are a failure.
SKIPS_IN_A_ROW = 10

Metrics = dict[str, Any]


def mean_cost(model: nn.Module, sequences: Sequences, start: NTMState | None = None) -> Tensor:
    """Cross-entropy in nats per sequence, mean over the batch: what training lowers.

    ``start`` is the state before the first step, where it is not the model's own.
    """
    inputs = sequences.inputs
    returned = model(inputs) if start is None else model(inputs, start)
    logits = returned[0] if isinstance(returned, tuple) else returned
    nats = outputs_of(sequences).loss(logits, sequences.targets, sequences.mask)
    return nats / len(sequences.inputs)


@contextmanager
def one_thread() -> Iterator[None]:
    """PyTorch on one thread: to wake another for an update takes longer than the update."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@dataclass
class Observer:
    """What a caller hears of a run, and how it ends one early.

    Each save is made within ``saving``, so that a caller can keep it from being broken off.
    """

    step: Callable[[Progress], None] = lambda progress: None
    row: Callable[[Metrics], None] = lambda metrics: None
    should_stop: Callable[[], bool] = lambda: False
    saving: Callable[[], AbstractContextManager[None]] = nullcontext


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
    ) -> None:
        self.recipe, self.seed, self.observer, self.device = recipe, seed, observer, device
        self.task = recipe.make_task()
        import_model(recipe.model)
        seed_generators(seed, device)
        self.model = recipe.make_model().to(device)  # drawn on the CPU: the same on every device
        if isinstance(self.model, NTM) and recipe.clip_steps > 0:
            self.model.clip_gradient = recipe.clip_steps / recipe.batch
        if isinstance(self.model, Foreign):
            self.model.try_out(self.task.sample(2, seed).to(device).inputs)
        self.parameters = [p for p in self.model.parameters() if p.requires_grad]
        rates = (recipe.learning_rate, recipe.weight_decay)
        self.optimizer = make_optimizer(recipe.optimizer, self.parameters, *rates)
        self.validation = Validation(self.task)
        self.keeper = Keeper(run, recipe, seed, self.task)
        self.progress = Progress(attempt=attempt)
        self.started = time.monotonic()
        self.saved = self.started

    def resume(self) -> None:
        """Goes back to the last checkpoint; raises as `Keeper.restore` does."""
        attempt = self.progress.attempt
        self.progress = self.keeper.restore(self.model, self.optimizer, self.device.type)
        self.progress.attempt = max(self.progress.attempt, attempt)
        self.started = time.monotonic() - self.progress.seconds

    def train(self) -> bool:
        """Trains to the end, or until the observer says stop; returns whether the end was reached.

        Raises TrainingError when the loss is no finite number, when gradients go on overflowing, or
        when the disk is full. The last checkpoint is then still good.
        """
        if self.progress.sequences >= self.recipe.sequences:
            return True
        self.model.train()
        if self.progress.sequences == 0:
            self._save()
            if self.recipe.snapshots:
                self.keeper.snapshot(self.model, self.progress)
        for _ in self.steps():
            self.observer.step(self.progress)
            if self.observer.should_stop():
                break
            if time.monotonic() - self.saved > CHECKPOINT_SECONDS:
                self._save()
        self._save()
        return self.progress.sequences >= self.recipe.sequences

    def steps(self) -> Iterator[None]:
        """Takes one training step at each iteration, and validates when it is due."""
        recipe, done = self.recipe, self.progress.sequences
        for sequences in batches(self.task, self.seed, recipe.batch, done, recipe.sequences):
            before = self.progress.sequences
            self._step(sequences.to(self.device))
            self._validate_when_due()
            if recipe.snapshot_due(before, self.progress.sequences):
                self.keeper.snapshot(self.model, self.progress)
            yield

    def _step(self, sequences: Sequences) -> None:
        """One update of the weights from one batch."""
        loss = mean_cost(self.model, sequences, self._start(len(sequences.inputs)))
        self.optimizer.zero_grad()
        gradient_norm, nats = self._gradient(loss), loss.item()
        overflow = not math.isfinite(gradient_norm)
        self.progress.skipped_in_a_row = (self.progress.skipped_in_a_row + 1) * overflow
        if not math.isfinite(nats) or self.progress.skipped_in_a_row > SKIPS_IN_A_ROW:
            self.keeper.fail(sequences, self.model, self.progress, nats, gradient_norm)
        if overflow:
            self.progress.skipped += 1
        else:
            self._update(gradient_norm)
        rows = len(sequences.inputs)
        self.progress.sequences += rows
        self.progress.rows_since += rows
        self.progress.loss_bits += nats * rows * NATS_TO_BITS

    def _start(self, rows: int) -> NTMState | None:
        """The state that a batch starts from, if its memory has a size of its own."""
        fewest = self.recipe.fewest_slots
        if not fewest or not isinstance(self.model, NTM):
            return None
        slots = memory_size(self.seed, self.progress.sequences, fewest, self.model.slots)
        return self.model.initial_state(rows, slots)

    def _update(self, gradient_norm: float) -> None:
        """Moves the weights at the learning rate of this point of training."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.rate_at(self.progress.sequences)
        with one_thread():
            self.optimizer.step()
        self.progress.gradient_norm = max(self.progress.gradient_norm, gradient_norm)

    def _gradient(self, loss: Tensor) -> float:
        """Computes and clips gradients; returns their norm before."""

        def compute() -> float:
            loss.backward()
            return self._clip()

        if isinstance(self.model, Foreign):
            return float(guarded(f"model {self.model.kind}: its backward pass", compute))
        return compute()

    def _clip(self) -> float:
        """Clips gradients as the recipe says; returns their norm before.

        The norm is taken in float64: the square of a finite float32 gradient can overflow.
        """
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        flat = torch.cat([g.flatten() for g in gradients])
        norm = float(torch.linalg.vector_norm(flat, dtype=torch.float64))
        if 0 < self.recipe.clip_norm < norm < math.inf:
            torch._foreach_mul_(gradients, self.recipe.clip_norm / norm)
        if self.recipe.clip_value > 0:
            nn.utils.clip_grad_value_(self.parameters, self.recipe.clip_value)
        return norm

    def _validate_when_due(self) -> None:
        """Writes a row of metrics whenever another ``validate_every`` sequences are done."""
        done, every = self.progress.sequences, self.recipe.validate_every
        at_end = done >= self.recipe.sequences
        if not at_end and done // every == (done - self.progress.rows_since) // every:
            return
        row = self._row()
        self.progress.seconds = time.monotonic() - self.started
        self.progress.loss_bits = self.progress.gradient_norm = 0.0
        self.progress.rows_since = self.progress.skipped = 0
        self.keeper.row(row, self.progress)
        self.observer.row(row)

    def _row(self) -> Metrics:
        score = self.validation(self.model)
        return {
            "sequences": self.progress.sequences,
            "train_bits": self.progress.loss_bits / self.progress.rows_since,
            **score.values(),
            "learning_rate": self.recipe.rate_at(self.progress.sequences),
            "gradient_norm": self.progress.gradient_norm,
            "skipped": self.progress.skipped,
        }

    def _save(self) -> None:
        """Writes checkpoint and weights."""
        self.progress.seconds = time.monotonic() - self.started
        with self.observer.saving():
            self.keeper.save(self.model, self.optimizer, self.progress)
        self.saved = time.monotonic()
