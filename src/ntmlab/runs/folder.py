"""The run folder: what training writes, and the only thing that everything after it reads.

``config.json``             recipe and seed; enough to train the same again; a parent, if any
``environment.json``        versions, commit, processor, threads, device
``metrics.jsonl``           a row per validation; the same on every repetition
``timing.jsonl``            wall time per row; when the run was resumed, and on what
``checkpoint.safetensors``  everything needed to go on
``model.safetensors/.json`` the weights so far, for any other command
``snapshots/``              the weights on the way, named by their number of sequences, if asked for
"""

import os
import shlex
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

from ntmlab import files
from ntmlab.errors import InputError
from ntmlab.given import is_number, is_whole
from ntmlab.notebook import Table, to_frame, to_html
from ntmlab.recipes import Recipe
from ntmlab.recipes.seeds import LARGEST_SEED
from ntmlab.records import Record, check_parts, read_object, read_rows, write_object
from ntmlab.runs.environment import environment

FORMAT = "ntmlab-run-1"
SNAPSHOTS = "snapshots"
LOCK = ".lock"
COSTS = ("bits", "gap", "kl", "wrong_rate")  # of a row of metrics; all but bits may be missing


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

    def snapshots(self) -> dict[int, Path]:
        """Those on disk by their number of sequences, the fewest first."""
        found = (self.path / SNAPSHOTS).glob("*.safetensors")
        return dict(sorted((int(p.stem), p) for p in found if p.stem.isdecimal()))

    @property
    def failure(self) -> Path:
        """The batch that gave a loss or gradient that is no number."""
        return self.path / "failure.safetensors"

    def records(self) -> list[Record]:
        """The validation rows; raises InputError where there are none."""
        return read_metrics(self.path)

    def to_frame(self) -> Any:
        """The validation rows as a pandas.DataFrame; raises InputError without pandas."""
        return to_frame(self.records())

    def _repr_html_(self) -> str:
        """What a notebook shows: how far the run is, or what is wrong with its folder."""
        from ntmlab.runs.status import read_status

        try:
            rows = [[name, f"{value}"] for name, value in read_status(self.path).values().items()]
        except InputError as error:
            rows = [["error", str(error)]]
        return to_html(Table(["run", str(self.path)], rows, words=True))


class Parent(NamedTuple):
    """The finished run that another begins from."""

    path: Path
    sequences: int
    digest: str  # SHA-256 of its checkpoint


def create(
    path: Path, recipe: Recipe, seed: int, device: str = "cpu", parent: Parent | None = None
) -> RunFolder:
    """A new run folder with its configuration; raises InputError if the path is taken."""
    run = RunFolder(path)
    check_free(run)
    files.make_folders(run.path)
    record_environment(run, device)
    config = {"format": FORMAT, "recipe": recipe.to_json(), "seed": seed}
    if parent is not None:
        config["parent"] = parent._asdict() | {"path": str(parent.path)}
    write_object(run.config, config)
    return run


def parent_of(run: RunFolder) -> Parent | None:
    """The run that a run begins from, if any; raises InputError if its record is damaged."""
    said = (read_object(run.config) or {}).get("parent")
    if said is None:
        return None
    try:
        return Parent(Path(said["path"]), int(said["sequences"]), str(said["digest"]))
    except (TypeError, KeyError, ValueError):
        raise InputError(f"{run.config} is damaged: its parent is {said!r}") from None


def going_on(path: Path) -> str:
    """The command that goes on with a run, as a shell takes it."""
    return f"ntmlab train --resume {shlex.quote(str(path))}"


def check_free(run: RunFolder) -> None:
    """Raises InputError unless a run can begin there: nothing is there, or none of a run's work.

    A run that was ended before its first checkpoint leaves its configuration and no work.
    """
    if not os.path.lexists(run.path):
        return
    if run.config.exists() and (begun(run) or run.metrics.exists()):
        path = shlex.quote(str(run.path))
        raise InputError(
            f"{run.path} holds a run already: --resume {path} goes on with it, --continue "
            f"{path} --sequences N trains a finished one for longer"
        )
    ours = (LOCK, run.config.name, run.environment.name)
    if not run.path.is_dir() or any(
        path.name not in ours and not path.name.startswith(".partial-")
        for path in run.path.iterdir()
    ):
        raise InputError(f"{run.path} exists and is not an empty folder; choose another --out")


def begun(run: RunFolder) -> bool:
    """Whether there is any work of a run: a checkpoint, or what was written after one.

    A run that begins from another has the other's rows before its first checkpoint.
    """
    later = any(path.exists() for path in (run.metrics, run.model))
    return run.checkpoint.exists() or (later and parent_of(run) is None)


def record_environment(run: RunFolder, device: str) -> None:
    """Writes down what a run is begun on."""
    write_object(run.environment, environment(device))


def read_config(path: Path) -> tuple[RunFolder, Recipe, int]:
    """A run folder, its recipe and its seed; raises InputError if it is none."""
    run = RunFolder(path)
    config = read_object(run.config)
    if config is None:
        raise InputError(f"{path} is not a run folder: it has no {run.config.name}")
    if config.get("format") != FORMAT:
        raise InputError(f"{run.config} is not of format {FORMAT}")
    seed = config.get("seed")
    if not is_whole(seed) or not 0 <= seed <= LARGEST_SEED:
        raise InputError(f"{run.config} is damaged: its seed is {seed!r}")
    try:
        return run, Recipe.from_json(config.get("recipe")), seed
    except InputError as error:
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
    for row in rows:
        real = "bits" in row and all(is_number(row[name]) for name in COSTS if name in row)
        if not (real and is_whole(row.get("sequences"))):
            raise InputError(f"{metrics} is damaged: a row lacks sequences or costs")
    return rows


def read_timing(run: RunFolder) -> list[Record]:
    """The wall times of a run, and what it was resumed on; raises InputError if one is damaged."""
    rows = read_rows(run.timing) or []
    for row in rows:
        if "seconds" in row:
            check_parts(row, str(run.timing), {"seconds": (float,), "sequences": (int,)})
        if "environment" in row:
            check_parts(row, str(run.timing), {"environment": (dict,)})
    return rows


def locked(run: RunFolder) -> AbstractContextManager[None]:
    """Keeps a second process from training in the same folder; raises InputError if one does."""
    return files.locked(run.path / LOCK, f"another process is training in {run.path}")
