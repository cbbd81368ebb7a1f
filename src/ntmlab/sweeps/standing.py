"""How each run of a sweep stands, read from its folder alone."""

import os
import shutil
from pathlib import Path
from typing import Final, NamedTuple

from ntmlab.files import make_folders, remove_left_over, sync_path
from ntmlab.runs.status import finished
from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import Attempt, Sweep, attempts_at
from ntmlab.sweeps.carry import saved

WAITING: Final = "waiting"  # for its first attempt or its next
UNDER_WAY: Final = "under way"  # or its worker was killed: only a clock can tell
RETRIES: Final = 3  # attempts in a row that bring a run no further, beside the first of them
KILLED: Final = "killed, or out of memory: it left no word"


class Standing(NamedTuple):
    """How one run stands."""

    state: str  # attempts.FINISHED, attempts.FAILED, WAITING or UNDER_WAY
    path: Path | None  # its run folder, where there is one
    attempt: Attempt | None  # the latest of a run that is not finished
    why: str = ""


def standing(sweep: Sweep, name: str, retries: int) -> Standing:
    """How a run stands; it has failed after more than ``retries`` attempts without progress."""
    if sweep.run(name).exists():
        return Standing(attempts.FINISHED, sweep.run(name), None)
    made = attempts_at(sweep, name)
    if not made:
        return Standing(WAITING, None, None)
    last = made[-1]
    path = last.run if last.run.exists() else None
    end = last.how_it_ended()
    if end is None:
        return Standing(UNDER_WAY, path, last)
    if end["how"] == attempts.FAILED:
        return Standing(attempts.FAILED, path, last, end["why"])
    if fruitless(made) > retries:
        return Standing(attempts.FAILED, path, last, end["why"] or KILLED)
    return Standing(WAITING, path, last, end["why"])


def fruitless(made: list[Attempt]) -> int:
    """How many attempts, the latest of them, came no further.

    Those told to stop, or lost with their driver, do not count: it is not their run's fault.
    """
    reached = [0]
    for attempt in made:
        reached.append(max(reached[-1], saved(attempt.run)[0]))
    count = 0
    for number in range(len(made), 0, -1):
        if reached[number] > reached[number - 1]:
            break
        end = made[number - 1].how_it_ended()
        count += end is not None and end["how"] == attempts.ERROR
    return count


def collect(sweep: Sweep, name: str, attempt: Attempt) -> bool:
    """Moves a finished attempt to where finished runs are; whether it is one.

    It is on the disk before what attempts at it have left goes, here or at the driver's next start.
    """
    if not finished(attempt.run):
        return False
    place = sweep.run(name)
    remove_left_over(attempt.run)
    sync_path(attempt.run)
    make_folders(place.parent)
    os.rename(attempt.run, place)
    sync_path(place.parent)
    clear(sweep, name)
    return True


def clear(sweep: Sweep, name: str) -> None:
    """Removes the attempts at a finished run: a worker left over then ends by itself."""
    shutil.rmtree(sweep.attempts(name), ignore_errors=True)
