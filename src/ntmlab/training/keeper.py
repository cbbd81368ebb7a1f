"""What a run keeps on the disk while it trains, and how it takes that up again."""

import hashlib
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import torch
from safetensors.torch import save
from torch import nn
from torch.optim import Optimizer

from ntmlab.errors import InputError, Remark
from ntmlab.files import remove_left_over, truncate, write_atomically
from ntmlab.foreign import file_digest
from ntmlab.models import Model
from ntmlab.recipes import Recipe
from ntmlab.records import Record, append_row, drop_half_row, read_object
from ntmlab.runs.environment import commit, environment
from ntmlab.runs.folder import RunFolder, going_on, read_metrics, read_timing
from ntmlab.runs.weights import load_weights, read_card, save_model
from ntmlab.sequences import Sequences, Task
from ntmlab.tasks import settings_of
from ntmlab.training.checkpoint import Progress, load_checkpoint, save_checkpoint

# What decides the last bits of a run's numbers beside its recipe and seed.
DECISIVE = ("torch", "numpy", "processor", "threads", "kernels", "device", "gpu")

MAY_DIFFER = {"seconds", "commit", "code"}  # of two cards of one checkpoint


class TrainingError(RuntimeError):
    """Training cannot go on; the message says why, where, and what is kept."""


class Keeper:
    """Writes and reads the files of one run; a full disk ends it and leaves what is good."""

    def __init__(self, run: RunFolder, recipe: Recipe, seed: int, task: Task) -> None:
        self.run, self.recipe, self.seed, self.task = run, recipe, seed, task
        self.commit = commit()
        self.code = {name: file_digest(name) for name in sorted(recipe.own_files)}
        self.metrics = hashlib.sha256()  # of the rows so far

    def save(self, model: Model, optimizer: Optimizer, progress: Progress) -> None:
        """Writes checkpoint and weights."""
        with self._writing():
            about = {"recipe": self.recipe.to_json(), "seed": self.seed, "code": self.code}
            save_checkpoint(self.run, about, model, optimizer, progress)
            save_model(model, self.run.model, self._card(progress))

    def snapshot(self, model: Model, progress: Progress) -> None:
        """Keeps the weights of this point of training."""
        path = self.run.snapshot(progress.sequences)
        with self._writing():
            path.parent.mkdir(exist_ok=True)
            save_model(model, path, self._card(progress))

    def row(self, row: Record, progress: Progress) -> None:
        """Adds a row of metrics, and the wall time it took until then."""
        timing = {"sequences": progress.sequences, "seconds": round(progress.seconds, 3)}
        with self._writing():
            line = append_row(self.run.metrics, row)
            append_row(self.run.timing, timing)
        self.metrics.update(line)
        progress.metrics_bytes += len(line)
        progress.metrics_digest = self.metrics.hexdigest()

    def restore(self, model: Model, optimizer: Optimizer, device: str) -> Progress:
        """Goes back to the last checkpoint, and makes good what was not written after it.

        Rows after it are cut, and a failure after it is no more: if it is met again it is kept
        again. Raises InputError where the checkpoint or the rows before it are damaged.
        """
        progress = load_checkpoint(self.run, self.recipe, self.seed, model, optimizer)
        self._rows_of(self.run, progress)
        remove_left_over(self.run.path)
        with self._writing():
            if self.run.failure.exists():
                self.run.failure.unlink()
            if self.run.metrics.exists():
                truncate(self.run.metrics, progress.metrics_bytes)
            if not self._holds(model, progress):
                save_model(model, self.run.model, self._card(progress))
            drop_half_row(self.run.timing)
            self._record_resumption(progress, device)
        return progress

    def begin_from(
        self, parent: RunFolder, recipe: Recipe, model: Model, optimizer: Optimizer
    ) -> Progress:
        """Begins where a finished run of this seed ended, with its rows.

        Raises InputError where its checkpoint or rows are damaged.
        """
        progress = load_checkpoint(parent, recipe, self.seed, model, optimizer)
        rows = self._rows_of(parent, progress)
        with self._writing():
            write_atomically(self.run.metrics, rows)
        return progress

    def fail(
        self, sequences: Sequences, model: nn.Module, progress: Progress, what: str
    ) -> NoReturn:
        """Keeps the batch and the weights that gave no finite number, and stops, saying what."""
        tensors = {"inputs": sequences.inputs, "targets": sequences.targets}
        tensors |= {f"model.{name}": value for name, value in model.state_dict().items()}
        whole = torch.contiguous_format
        copies = {name: part.detach().clone(memory_format=whole) for name, part in tensors.items()}
        header = {"seed": str(self.seed), "sequences": str(progress.sequences)}
        with self._writing():
            write_atomically(self.run.failure, save(copies, header))
        raise TrainingError(
            f"{what} after {progress.sequences} sequences of seed {self.seed}; batch and weights "
            f"are in {self.run.failure}, the last checkpoint is kept"
        )

    def _rows_of(self, run: RunFolder, progress: Progress) -> bytes:
        """The rows that a run's checkpoint knows of; raises InputError unless all are there."""
        path, known = run.metrics, progress.metrics_bytes
        rows = path.read_bytes()[:known] if path.exists() else b""
        self.metrics = hashlib.sha256(rows)
        if len(rows) < known:
            raise InputError(
                f"{path} is shorter than its checkpoint says, {len(rows)} bytes of {known}"
            )
        if progress.metrics_digest not in ("", self.metrics.hexdigest()):
            raise InputError(f"{path} is not what its checkpoint says: rows were changed")
        return rows

    def _holds(self, model: Model, progress: Progress) -> bool:
        """Whether weights and card are those of the checkpoint."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Remark)  # on code: the checkpoint had it
            try:
                card, kept = read_card(self.run.model), load_weights(self.run.model).state_dict()
            except InputError:
                return False
        now = {name: value.cpu() for name, value in model.state_dict().items()}
        if now.keys() != kept.keys() or any(now[name].dtype != kept[name].dtype for name in now):
            return False
        same = all(torch.equal(value, kept[name]) for name, value in now.items())
        own = {"model": model.kind, "options": model.options(), **self._card(progress)}
        said = json.loads(json.dumps(own))
        return same and all(card.get(name) == said[name] for name in said.keys() - MAY_DIFFER)

    def _record_resumption(self, progress: Progress, device: str) -> None:
        """Writes down on what the run goes on; a remark says what of it is new."""
        rows = [row for row in read_timing(self.run) if "environment" in row]
        before = rows[-1]["environment"] if rows else read_object(self.run.environment) or {}
        now = environment(device)
        new = [name for name in DECISIVE if name in before and before[name] != now.get(name)]
        if new:
            said = ", ".join(f"{name} {before[name]}, now {now.get(name)}" for name in new)
            warnings.warn(
                f"{self.run.path} was trained on {said}: its numbers may differ in their last bits "
                f"from those of a run never stopped",
                Remark,
                stacklevel=2,
            )
        append_row(self.run.timing, {"resumed_at": progress.sequences, "environment": now})

    def _card(self, progress: Progress) -> dict[str, Any]:
        """What the weights' card says beside the model's sizes."""
        return {
            "task": self.recipe.task,
            "task_options": settings_of(self.task),
            "recipe": self.recipe.to_json(),
            "seed": self.seed,
            "sequences": progress.sequences,
            "commit": self.commit,
            **({"code": self.code} if self.code else {}),
            "seconds": round(progress.seconds, 1),
            "score": self._last_row(),
        }

    def _last_row(self) -> Record | None:
        """The latest validation, if there was one."""
        try:
            return read_metrics(self.run.path)[-1]
        except InputError:
            return None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Turns what goes wrong on the disk into a TrainingError."""
        try:
            yield
        except (OSError, InputError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise TrainingError(
                f"cannot write in {self.run.path}: {reason}; the last good checkpoint is kept, "
                f"go on with: {going_on(self.run.path)}"
            ) from None
