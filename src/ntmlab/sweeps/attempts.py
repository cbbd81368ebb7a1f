"""The folder of a sweep, and what driver and workers say to each other in it.

``study.json``            the runs that are wanted
``runs/NAME``             finished runs, ordinary run folders
``attempts/NAME/K``       attempt K = 1, 2, … at one that is not finished:
    ``attempt.json``      written by the driver: a nonce, what to train, how often to give a
                          sign of life; all that a worker reads
    ``worker.json``       written by the worker at its start: its machine and process
    ``beat``              written by the worker: a counter that grows while it lives, and sequences
    ``stop``              made by the driver: save and end
    ``end.json``          written by the worker as its last: how it ended, and why
    ``log.txt``           what the worker said
    ``run``               the run folder

Only one maker of a folder succeeds, so that a number is given once, and a worker writes in the
folder of its own number alone: one that was thought dead and comes back can do no harm, sees the
next number and ends. Imports nothing heavy: a worker gives its first sign of life by it.
"""

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, NamedTuple

from ntmlab.errors import InputError
from ntmlab.files import locked, make_folders, sync_path
from ntmlab.notebook import to_frame
from ntmlab.records import Record, check_parts, read_object, write_object

FINISHED: Final = "finished"
STOPPED: Final = "stopped"  # saved on the driver's wish, or on a signal
FAILED: Final = "failed"  # a result: training met a number that is none
ERROR: Final = "error"  # anything else; to be tried again
LOST: Final = "lost"  # with its driver, perhaps: nobody saw it end


class Sweep(NamedTuple):
    """Paths in the folder of a sweep; ``finished`` is where finished runs go, if not into it."""

    path: Path
    finished: Path | None = None

    @property
    def study(self) -> Path:
        """The runs that are wanted."""
        return self.path / "study.json"

    @property
    def lock(self) -> Path:
        """Held by the driver."""
        return self.path / ".driver.lock"

    def run(self, name: str) -> Path:
        """Where a run is once it is finished."""
        return (self.finished or self.path / "runs") / name

    def attempts(self, name: str) -> Path:
        """Where the attempts at a run are until then."""
        return self.path / "attempts" / name

    def held(self) -> AbstractContextManager[None]:
        """A block in which no other drives or plans here; raises InputError where one does."""
        return locked(self.lock, f"another driver is at work in {self.path}")

    def records(self) -> list[Record]:
        """A row a run: settings, seed, state, attempts, and costs where there are any.

        Raises InputError where there is no sweep, or it is damaged.
        """
        from ntmlab.sweeps.show import run_rows  # with PyTorch

        return run_rows(self)

    def to_frame(self) -> Any:
        """The records as a pandas.DataFrame; raises InputError without pandas."""
        return to_frame(self.records())


class Attempt(NamedTuple):
    """Paths of one attempt at a run."""

    folder: Path
    number: int

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.folder / str(self.number)

    @property
    def run(self) -> Path:
        """Its run folder."""
        return self.path / "run"

    @property
    def ticket(self) -> Path:
        """What the driver tells the worker."""
        return self.path / "attempt.json"

    @property
    def worker(self) -> Path:
        """Who works on it."""
        return self.path / "worker.json"

    @property
    def beat(self) -> Path:
        """The worker's sign of life."""
        return self.path / "beat"

    @property
    def stop(self) -> Path:
        """The wish that it end."""
        return self.path / "stop"

    @property
    def end(self) -> Path:
        """How it ended."""
        return self.path / "end.json"

    @property
    def log(self) -> Path:
        """What the worker said."""
        return self.path / "log.txt"

    @property
    def superseded(self) -> bool:
        """Whether a later attempt has begun, or the run is finished and its attempts gone."""
        return (self.folder / str(self.number + 1)).exists() or not self.path.exists()

    def how_it_ended(self) -> Record | None:
        """``how`` and ``why``, None while it runs or where it was killed."""
        end = read_object(self.end)
        if end is not None:
            check_parts(end, str(self.end), {"how": (str,), "why": (str,)})
        return end


def attempts_at(sweep: Sweep, name: str) -> list[Attempt]:
    """The attempts at a run, in order of their numbers."""
    folder = sweep.attempts(name)
    try:
        numbers = sorted(int(entry) for entry in os.listdir(folder) if entry.isdecimal())
    except FileNotFoundError:
        return []
    return [Attempt(folder, number) for number in numbers]


def begin_attempt(sweep: Sweep, name: str, number: int, ticket: Record) -> Attempt:
    """Makes the folder of an attempt, sees it to the disk, and puts in what its worker is told.

    Raises InputError if another driver has made it.
    """
    attempt = Attempt(sweep.attempts(name), number)
    make_folders(attempt.folder)
    try:
        attempt.path.mkdir()
    except FileExistsError:
        raise InputError(
            f"{attempt.path} was made by another driver: one sweep takes one; end the other"
        ) from None
    sync_path(attempt.folder)
    write_object(attempt.ticket, ticket)
    return attempt
