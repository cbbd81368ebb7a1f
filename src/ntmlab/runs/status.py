"""How far a run is, read from its folder while it trains or afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ntmlab.errors import InputError
from ntmlab.files import is_locked
from ntmlab.given import is_whole
from ntmlab.recipes import Recipe
from ntmlab.records import Record
from ntmlab.runs.course import Course, read_course
from ntmlab.runs.folder import COSTS, LOCK, RunFolder, read_config, read_metrics
from ntmlab.runs.weights import read_card


class Status(NamedTuple):
    """How far a run is; ``row`` is its last validation, empty before the first."""

    path: Path
    recipe: str
    seed: int
    sequences: int  # at the last validation
    of: int
    state: str  # finished, failed, training, stopped
    row: Record
    course: Course | None = None  # that it stands still, or has collapsed

    def values(self) -> dict[str, Any]:
        """What is known, by name; costs only where there are any."""
        own = {k: v for k, v in self._asdict().items() if k not in ("path", "row", "course")}
        own["course"] = None if self.course is None else self.course._asdict()
        return own | {name: self.row[name] for name in COSTS if name in self.row}

    def words(self) -> str:
        """All but the path, for people."""
        done = f"{self.recipe}, seed {self.seed}, {self.sequences:,} of {self.of:,}, {self.state}"
        costs = [f"{self.row['bits']:.3f} bits"] if "bits" in self.row else []
        costs += [f"gap {self.row['kl']:.3f}"] if "kl" in self.row else []
        costs += [] if self.course is None else [self.course.words()]
        return ", ".join([done, *costs])


def read_status(path: Path) -> Status:
    """How far the run of a folder is; raises InputError if it is none, or damaged."""
    run, recipe, seed = read_config(path)
    rows = rows_so_far(path)
    row = rows[-1] if rows else {}
    if not rows:
        _check_none_lost(run, recipe)
    done, of = int(row.get("sequences", 0)), recipe.sequences
    state = _state(run, done >= of)
    return Status(path, recipe.name, seed, done, of, state, row, read_course(rows))


def _check_none_lost(run: RunFolder, recipe: Recipe) -> None:
    """Raises InputError where weights are older than the first row of a run without any."""
    if not run.model.exists():
        return
    done = read_card(run.model).get("sequences")
    if is_whole(done) and done >= min(recipe.validate_every, recipe.sequences):
        raise InputError(
            f"{run.path} is damaged: its weights are of {done:,} of {recipe.sequences:,} "
            f"sequences, and the rows of its validations, {run.metrics.name}, are not there"
        )


def _state(run: RunFolder, at_end: bool) -> str:
    if at_end:
        return "finished"
    if is_locked(run.path / LOCK):
        return "training"
    return "failed" if run.failure.exists() else "stopped"


def last_row(path: Path) -> Record:
    """A run's latest validation, empty before the first; raises InputError for damaged rows."""
    rows = rows_so_far(path)
    return rows[-1] if rows else {}


def rows_so_far(path: Path) -> list[Record]:
    """All validations of a run, none before the first; raises InputError for damaged rows."""
    metrics = RunFolder(path).metrics
    return read_metrics(path) if metrics.exists() and metrics.stat().st_size else []


def finished(path: Path) -> bool:
    """Whether a run has reached the end of its recipe, and its weights are those of the end."""
    try:
        of, of_weights = read_config(path)[1].sequences, read_card(RunFolder(path).model)
        done = (last_row(path).get("sequences", 0), of_weights.get("sequences"))
    except InputError:
        return False
    return all(is_whole(count) and count >= of for count in done)


def find_runs(folder: Path) -> Iterator[Path]:
    """The run folders in a folder and below it, in order of their names."""
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder")
    yield from sorted(path.parent for path in folder.rglob("config.json"))
