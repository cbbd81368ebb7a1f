"""What runs one attempt at one run of a sweep, in a process of its own or within another's.

    python -m ntmlab.sweeps.worker SWEEP NAME NUMBER NONCE THREADS

It learns all else from the folder. Nothing heavy is imported before its first sign of life.
"""

import gc
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ntmlab.errors import InputError, one_line
from ntmlab.records import Record, read_object, write_object
from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import Attempt, Sweep
from ntmlab.sweeps.heart import Heart, beating

if TYPE_CHECKING:
    from ntmlab.training.loop import Observer

SHARE_S: Final = 30.0  # how long a shared folder may take to show what another machine wrote

NOT_SHARED: Final = "is here not the folder in which the driver writes"


class Job(NamedTuple):
    """What an executor hands to a worker."""

    sweep: str  # its absolute path
    name: str
    number: int
    nonce: str
    threads: int

    @property
    def attempt(self) -> Attempt:
        """The folder it is done in."""
        return Attempt(Sweep(Path(self.sweep)).attempts(self.name), self.number)


def work(job: Job, share_s: float = SHARE_S) -> None:
    """Brings a run to its end, or as far as it gets; how it ended is then in its folder.

    Raises InputError where the folder is not the driver's.
    """
    attempt = job.attempt
    ticket = _ticket(attempt, job.nonce, share_s)
    write_object(attempt.worker, {"machine": platform.node(), "process": os.getpid()})
    with (
        beating(attempt, float(ticket["beat_s"])) as heart,
        attempt.log.open("a", encoding="utf-8") as log,
        redirect_stderr(log),
    ):
        ended = attempts.STOPPED, ""
        how, why = ended if heart.look() else _ended(attempt, ticket, job, heart)
        if how == attempts.ERROR:
            print(why, file=log)
    write_object(attempt.end, {"how": how, "why": one_line(why)})


def _ticket(attempt: Attempt, nonce: str, share_s: float) -> Record:
    """The driver's own words in the folder; raises InputError where they are not there."""
    until = time.monotonic() + share_s
    while True:
        ticket = read_object(attempt.ticket) or {}
        if ticket.get("nonce") == nonce:
            return ticket
        if time.monotonic() > until:
            raise InputError(
                f"{attempt.path} {NOT_SHARED}: a sweep on several machines needs a folder that "
                f"all of them share, at the same path"
            )
        time.sleep(0.2)


def _ended(attempt: Attempt, ticket: Record, job: Job, heart: Heart) -> tuple[str, str]:
    """How the run ended, and why; whatever went wrong is an answer too."""
    with _nothing_to_collect():
        from ntmlab.runs.folder import RunFolder  # with PyTorch: seconds
        from ntmlab.training import TrainingError

    try:
        is_done = _trained(attempt, ticket, job, heart)
        return (attempts.FINISHED if is_done else attempts.STOPPED), ""
    except TrainingError as error:
        met_nan = RunFolder(attempt.run).failure.exists()
        return (attempts.FAILED if met_nan else attempts.ERROR), str(error)
    except InputError as error:
        return attempts.ERROR, str(error)
    except Exception as error:  # memory that there is not, above all, or a user's own code
        return attempts.ERROR, f"{type(error).__name__}: {error}"


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """A block of imports: what they make stays, and to look for garbage in it takes a second."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()


def _trained(attempt: Attempt, ticket: Record, job: Job, heart: Heart) -> bool:
    """Trains on from where the attempts before came to; whether the end was reached."""
    import torch

    from ntmlab.recipes import Recipe
    from ntmlab.sweeps.carry import carry_over
    from ntmlab.training import complete

    torch.set_num_threads(job.threads)
    recipe, seed = Recipe.from_json(ticket["recipe"]), int(ticket["seed"])
    recipe.check_trusted(str(attempt.ticket))
    made = attempts.attempts_at(Sweep(Path(job.sweep)), job.name)
    carry_over(attempt, [one for one in made if one.number < job.number])
    where = (attempt.run, str(ticket["device"]))
    return complete(recipe, seed, *where, attempt=job.number, also=_observer(heart))


def _observer(heart: Heart) -> "Observer":
    """What tells the heart how far training is, and training that it is to end."""
    from ntmlab.training.loop import Observer

    def step(progress: Any) -> None:
        heart.sequences = progress.sequences

    def row(metrics: Any) -> None:
        heart.look()

    return Observer(step, row, lambda: heart.is_to_end)


def work_elsewhere(job: Job, folder: str) -> str:
    """Does a job in another's process, in the driver's current folder; a line if it could not."""
    if Path(folder).is_dir():
        os.chdir(folder)  # where a user's own models and tasks are looked for
    try:
        work(job)
    except InputError as error:
        return one_line(str(error))
    return ""


def main(arguments: list[str]) -> int:
    """Does a job; returns 2 with a line where the folder is not shared."""
    sweep, name, number, nonce, threads = arguments
    try:
        work(Job(sweep, name, int(number), nonce, int(threads)))
    except InputError as error:
        print(one_line(str(error)), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
