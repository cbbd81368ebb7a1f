"""A sweep that is disturbed, brought to its end, and compared with one that nobody disturbed."""

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from ntmlab.sweeps import attempts, driver, worker
from ntmlab.sweeps.executors import processes
from tools.faults.command import NOT_DISTURBED, Commands, Ended
from tools.faults.library import Fault, arm
from tools.faults.sweep_points import Found, sweep_points
from tools.faults.trial import SETTINGS, contents

SEQUENCES, NAME = 32, "ngrams-quick-seed1"  # of its run
OPTIONS = ["--recipe", "ngrams-quick", "--seeds", "1:2", "--jobs", "1"]
SETS = [part for setting in SETTINGS for part in ("--set", setting)]
FAILING = ["--set", "model.activation=relu", "--set", "model.gain=1e38"]  # a loss that is no number
DEAD_AFTER_S = "0.3"  # of one that was killed with its driver
FORK_DEAD_AFTER_S = "60"  # of one whose end its driver sees; signs of life are not given here
MOST_COMMANDS = 8


class Worker:
    """A worker in the driver's own process, or in a fork of it where ``fault`` is set."""

    fault: ClassVar[Fault | None] = None  # of the first attempt's worker, if it is a fork
    folder: ClassVar[Path]

    def __init__(self, job: worker.Job) -> None:
        self.process = 0
        if self.fault is None:
            worker.work(job)
            return
        with job.attempt.log.open("ab") as log:  # an operation of the driver's, as in earnest
            self.process = os.fork()
            if self.process == 0:
                os._exit(self._status(job, self.fault, log.fileno()))

    def _status(self, job: worker.Job, fault: Fault, log: int) -> int:
        for stream in (1, 2):
            os.dup2(log, stream)
        arm(self.folder, fault if job.number == 1 else NOT_DISTURBED, -1)  # its driver's is not its
        try:
            worker.work(job)
        except BaseException:  # as a process of its own would end
            traceback.print_exc()
            sys.stderr.flush()
            return 1
        return 0

    def ended(self) -> str | None:
        """As an executor's process says it."""
        if not self.process:
            return ""
        done, status = os.waitpid(self.process, os.WNOHANG)
        if not done:
            return None
        code = os.waitstatus_to_exitcode(status)
        self.process = 0
        return f"killed by signal {-code}" if code < 0 else ""

    def stop(self) -> None:
        """Asks it to end."""
        if self.process:
            os.kill(self.process, signal.SIGTERM)

    def kill(self) -> None:
        """Ends it."""
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


def prepare(commands: Commands) -> None:
    """Lets a driver's workers be of its own process, and what they begin be written down."""
    driver.PAUSE_S = 0.01  # type: ignore[misc]
    driver.BEATS = 0.001  # type: ignore[misc, assignment]  # one sign of life at a start, no others
    processes.Processes.start = lambda _, job: Worker(job)  # type: ignore

    def mark(place: Any, name: str, word: Callable[..., str]) -> None:
        inner = getattr(place, name)

        def marked(*arguments: Any) -> Any:
            if said := word(*arguments):
                os.write(commands.journal, f"{said}\n".encode())
            return inner(*arguments)

        setattr(place, name, marked)

    mark(driver, "begin_attempt", lambda *_: "BEGIN")
    mark(driver, "collect", lambda *_: "COLLECT")
    mark(driver.Driver, "_lost", lambda *_: "LOST")
    mark(worker, "_ticket", lambda *_: "WORK")
    mark(worker, "_trained", lambda *_: "CARRY")
    mark(worker, "write_object", _end)


def _end(path: Path, value: dict[str, Any]) -> str:
    """The word for how a worker says that it ended."""
    if path.name != "end.json":
        return ""
    return "FAILED" if value["how"] == attempts.FAILED else "ENDED"


class SweepTrial:
    """The folder of a sweep of one run, and what is wrong with it, in ``wrong``.

    ``failing``: its run meets a loss that is no number. ``whole`` is a sweep of the same that
    nobody disturbed.
    """

    def __init__(self, commands: Commands, folder: Path, whole: Path, *, failing: bool) -> None:
        self.commands, self.folder, self.whole = commands, folder, whole
        self.first = ["sweep", *OPTIONS, *SETS, *(FAILING if failing else [])]
        self.end = int(failing)
        self.kept: int | None = None  # sequences of the last checkpoint that has its name
        self.wrong: list[str] = []
        shutil.rmtree(folder, ignore_errors=True)

    @property
    def attempt(self) -> attempts.Attempt | None:
        """The latest, if there is one."""
        made = attempts.attempts_at(attempts.Sweep(self.folder), NAME)
        return made[-1] if made else None

    def command(self) -> list[str]:
        """What a user would give next."""
        more = ["--dead-after", DEAD_AFTER_S if Worker.fault is None else FORK_DEAD_AFTER_S]
        if (self.folder / "study.json").exists():
            return ["sweep", str(self.folder), *more]
        return [*self.first, "--out", str(self.folder), *more]

    def start(self, fault: Fault = NOT_DISTURBED, of_worker: Fault | None = None) -> int:
        """Begins the next command; its worker is a fork if a fault is given, which is its own."""
        Worker.fault, Worker.folder = of_worker, self.folder
        return self.commands.start(self.command(), self.folder, fault)

    def give(self, fault: Fault = NOT_DISTURBED, of_worker: Fault | None = None) -> Ended:
        """The next command, to its end."""
        return self.look(self.commands.end(self.start(fault, of_worker)))

    def look(self, ended: Ended, *, refused: bool = False) -> Ended:
        """Looks what a command said, and notes what was saved."""
        saving = None
        for line in ended.journal:
            words = line.split()
            if words[0] == "SAVING":
                saving = int(words[1])
            elif words[:2] == ["OP", "name"] and words[-1].endswith("run/checkpoint.safetensors"):
                named, self.kept = self.kept, saving
        if ended.status == -signal.SIGKILL and ended.journal:
            words = ended.journal[-1].split()  # it was not done
            if words[:2] == ["OP", "name"] and words[-1].endswith("run/checkpoint.safetensors"):
                self.kept = named
        if "Traceback" in ended.said:
            self.wrong.append(f"traceback: {ended.said.splitlines()[-1]}")
        elif (
            ended.status > 0 and not refused and ended.status != self.end and not _in_a_line(ended)
        ):
            self.wrong.append(f"exit {ended.status} and said: {ended.said!r}")
        return ended

    def names(self, ended: Ended, begun: Found | None) -> list[str]:
        """The points that a command has passed."""
        return sweep_points(ended.journal, self.folder, SEQUENCES, begun)

    def finds(self) -> Found | None:
        """What the next driver finds; the sweep is then at its end."""
        none, made = not (self.folder / "study.json").exists(), self.attempt
        if none:
            refused = self.commands.run(["sweep", str(self.folder)], self.folder)
            if refused.status != 2 or not refused.one_line:
                self.wrong.append(f"a folder that is no sweep: {refused.said!r}")
        kept, number = self.kept, made.number if made else 0
        ended = self.give()
        if ended.status != self.end:
            self.wrong.append(f"not disturbed, exit {ended.status}: {ended.said!r}")
        said, at = ended.said.splitlines(), ended.last("AT")
        began = [line for line in said if line.startswith(f"{NAME}: attempt {number + 1} ")]
        if began:
            on = f" goes on from {kept:,} sequences" if kept else " begins"
            if not began[0].endswith(on) or at != kept:
                self.wrong.append(f"kept was {kept}, it went on at {at} and said {began}")
            if none:
                return Found.NO_SWEEP
        watched = any("was under way" in line for line in said)
        if f"{NAME}: finished" in said and not began:
            return Found.DONE if watched else Found.ENDED
        if began:
            return Found.SILENT if watched else Found.WAITING
        return Found.FAILED if self.end else Found.PLACED

    def to_the_end(self) -> None:
        """Gives commands until the sweep is at its end."""
        for _ in range(MOST_COMMANDS):
            if self.give().status == self.end:
                return
        self.wrong.append(f"not at its end after {MOST_COMMANDS} commands")

    def compare(self) -> list[str]:
        """What was wrong, and in what its run differs from one of an undisturbed sweep."""
        mine, other = self._run(self.folder), self._run(self.whole)
        self.wrong += [f"only one has {name}" for name in sorted(mine.keys() ^ other.keys())]
        common = sorted(mine.keys() & other.keys())
        self.wrong += [f"{name} differs" for name in common if mine[name] != other[name]]
        if not self.end and (self.folder / "attempts" / NAME).exists():
            self.wrong.append("attempts at a finished run are left")
        return self.wrong

    def _run(self, folder: Path) -> dict[str, Any]:
        """What the run holds: at its place, or of one that failed, in its last attempt."""
        place = folder / "runs" / NAME
        if self.end:
            place = attempts.attempts_at(attempts.Sweep(folder), NAME)[-1].run
        return contents(place)


def _in_a_line(ended: Ended) -> bool:
    """Whether it failed as a command should, after what it said of its runs."""
    lines = [line for line in ended.said.splitlines() if not line.startswith(NAME)]
    return ended.status in (1, 2) and len(lines) == 1 and lines[0].startswith("ntmlab")
