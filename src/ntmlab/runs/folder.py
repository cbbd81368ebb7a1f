"""The run folder: what training writes, and the only thing that everything after it reads.

``config.json``             recipe and seed; enough to train the same again
``environment.json``        versions, commit, processor, threads, device
``metrics.jsonl``           a row per validation; the same on every repetition
``timing.jsonl``            wall time and rate per row, and when the run was resumed
``checkpoint.safetensors``  everything needed to go on
``model.safetensors/.json`` the weights so far, for any other command
``snapshots/``              the weights on the way, named by their number of sequences, if asked for
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ntmlab.errors import InputError
from ntmlab.recipes import Recipe
from ntmlab.records import Record, read_object, read_rows, write_object
from ntmlab.runs.environment import environment

FORMAT = "ntmlab-run-1"
SNAPSHOTS = "snapshots"


class RunFolder(NamedTuple):
    """Paths in a run folder."""

    path: Path

    @property
    def config(self) -> Path:
        """Recipe and seed."""
        return self.path / "config.json"

    @property
    def environment(self) -> Path:
        """What it ran on."""
        return self.path / "environment.json"

    @property
    def metrics(self) -> Path:
        """Validation rows."""
        return self.path / "metrics.jsonl"

    @property
    def timing(self) -> Path:
        """Wall times."""
        return self.path / "timing.jsonl"

    @property
    def checkpoint(self) -> Path:
        """State to go on from."""
        return self.path / "checkpoint.safetensors"

    @property
    def model(self) -> Path:
        """Weights so far."""
        return self.path / "model.safetensors"

    def snapshot(self, sequences: int) -> Path:
        """Weights after a number of sequences."""
        return self.path / SNAPSHOTS / f"{sequences}.safetensors"

    @property
    def failure(self) -> Path:
        """The batch that gave a loss or gradient that is no number."""
        return self.path / "failure.safetensors"


def create(path: Path, recipe: Recipe, seed: int, device: str = "cpu") -> RunFolder:
    """A new run folder with its configuration; raises InputError if the path is taken."""
    run = RunFolder(path)
    if run.config.exists():
        raise InputError(f"{path} holds a run already; go on with --resume {path}")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(f"{path} exists and is not an empty folder; choose another --out")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot create {path}: {error.strerror}") from None
    write_object(run.environment, environment(device))
    write_object(run.config, {"format": FORMAT, "recipe": recipe.to_json(), "seed": seed})
    return run


def read_config(path: Path) -> tuple[RunFolder, Recipe, int]:
    """A run folder, its recipe and its seed; raises InputError if it is none."""
    run = RunFolder(path)
    config = read_object(run.config)
    if config is None:
        raise InputError(f"{path} is not a run folder: it has no {run.config.name}")
    try:
        if config["format"] != FORMAT:
            raise InputError(f"{run.config} is not of format {FORMAT}")
        return run, Recipe(**config["recipe"]), int(config["seed"])
    except InputError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{run.config} is damaged: {error}") from None


def trained_on(run: RunFolder) -> str:
    """The device that a run computes on; raises InputError if its record is damaged."""
    return str((read_object(run.environment) or {}).get("device", "cpu"))


def read_metrics(path: Path) -> list[Record]:
    """The validation rows of a run folder; raises InputError if there are none or one is damaged.

    A last line without its end, as an interrupted write leaves it, is passed over.
    """
    metrics = RunFolder(path).metrics
    rows = read_rows(metrics)
    if rows is None:
        raise InputError(f"{path} is not a run folder: it has no {metrics.name}")
    if not rows:
        raise InputError(f"{metrics} holds no row yet")
    return rows


@contextmanager
def locked(run: RunFolder) -> Iterator[None]:
    """Keeps a second process from training in the same folder; raises InputError if one does."""
    with (run.path / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"another process is training in {run.path}") from None
        yield
