"""`ntmlab` in a forked child: all is imported once, and a kill costs milliseconds.

A share of the commands runs in a process of its own, that imports all anew, so that what is found
is found of commands and not of forks: ``python -m tools.faults.command FOLDER NAME ARGUMENTS…``.
"""

import gc
import io
import os
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import torch

from ntmlab.cli import main
from ntmlab.runs import environment
from ntmlab.training import keeper, loop, validation
from tools.faults.library import Fault, arm

NOT_DISTURBED = Fault()


class Ended(NamedTuple):
    """How a command ended, what it said, and its journal.

    The status is the exit status, or a signal's number with a minus. The journal, kept outside the
    run's folder, has a line for each operation on its files (OP …), for where a resume begins
    (AT N), and for what was promised (SAVING N, SAVED N).
    """

    status: int
    said: str
    journal: list[str]

    @property
    def operations(self) -> int:
        """How many operations on files were begun."""
        return sum(line.startswith("OP ") for line in self.journal)

    def last(self, word: str) -> int | None:
        """The number of sequences that the journal's last line of a kind has."""
        found = [int(line.split()[1]) for line in self.journal if line.split()[0] == word]
        return found[-1] if found else None

    @property
    def one_line(self) -> bool:
        """Whether it failed as a command should: a line says why, after those of progress."""
        lines = [line for line in self.said.splitlines() if " sequences: " not in line]
        return self.status in (1, 2) and len(lines) == 1 and lines[0].startswith("ntmlab")


class Commands:
    """Runs commands, each in a child of its own; a run saves after every step."""

    def __init__(self, folder: Path, validation_sequences: int = 20) -> None:
        self.folder = folder
        self.journal = os.open(os.devnull, os.O_WRONLY)
        torch.set_num_threads(1)
        for module in (environment, keeper):
            vars(module)["commit"] = lambda: None  # which starts git three times
        validation.EVALUATION_SEQUENCES = validation_sequences
        loop.CHECKPOINT_SECONDS = -1.0
        self._keep_journal()

    def warm_up(self, arguments: list[str]) -> None:
        """Runs a command here, so that whatever it imports is there for every child."""
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            main(arguments)
        gc.freeze()  # what no child looks through is shared with it

    def _keep_journal(self) -> None:
        """Lets each save and resume be written down."""
        save, restore = keeper.Keeper.save, keeper.Keeper.restore

        def journaled_save(own: Any, model: Any, optimizer: Any, progress: Any) -> None:
            self._write("SAVING", progress)
            save(own, model, optimizer, progress)
            self._write("SAVED", progress)

        def journaled_restore(own: Any, *arguments: Any) -> Any:
            progress = restore(own, *arguments)
            self._write("AT", progress)
            return progress

        keeper.Keeper.save = journaled_save  # type: ignore
        keeper.Keeper.restore = journaled_restore  # type: ignore

    def _write(self, word: str, progress: Any) -> None:
        os.write(self.journal, f"{word} {progress.sequences}\n".encode())

    def start(
        self, arguments: list[str], run: Path, fault: Fault = NOT_DISTURBED, name: str = "own"
    ) -> int:
        """Begins a command on a run's folder; its process. Two at once have two names."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        journal = os.open(self.folder / f"{name}-journal.txt", flags)
        said = os.open(self.folder / f"{name}-said.txt", flags)
        process = os.fork()
        if process == 0:
            self.journal = journal
            os.dup2(said, 1)
            os.dup2(said, 2)
            os._exit(_status(arguments, run, fault, journal))
        os.close(said)
        os.close(journal)
        return process

    def start_afresh(self, arguments: list[str], name: str = "own") -> int:
        """Begins a command in a new process and a group of its own, not disturbed; its process."""
        own = [sys.executable, "-m", __name__, str(self.folder), name, *arguments]
        flags, mode = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o666
        (self.folder / f"{name}-journal.txt").write_bytes(b"")
        said = str(self.folder / f"{name}-said.txt")
        actions = [(os.POSIX_SPAWN_OPEN, 1, said, flags, mode), (os.POSIX_SPAWN_DUP2, 1, 2)]
        return os.posix_spawn(own[0], own, os.environ, file_actions=actions, setpgroup=0)

    def end(self, process: int, name: str = "own") -> Ended:
        """How it ended."""
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        said, journal = (
            (self.folder / f"{name}-{part}.txt").read_text() for part in ("said", "journal")
        )
        return Ended(status, said, journal.splitlines())

    def run(
        self, arguments: list[str], run: Path, fault: Fault = NOT_DISTURBED, name: str = "own"
    ) -> Ended:
        """A command from its start to its end."""
        return self.end(self.start(arguments, run, fault, name), name)


def _status(arguments: list[str], run: Path, fault: Fault, journal: int) -> int:
    """Runs the command line in this process, which is then of no more use."""
    arm(run, fault, journal)
    return _status_of(arguments)


def _status_of(arguments: list[str]) -> int:
    try:
        status = main(arguments)
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:  # as Python itself would show it
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _afresh() -> int:
    """One command in this process, whose journal is kept as that of a forked one."""
    folder, name, *arguments = sys.argv[1:]
    commands = Commands(Path(folder))
    commands.journal = os.open(Path(folder) / f"{name}-journal.txt", os.O_WRONLY | os.O_APPEND)
    return _status_of(arguments)


if __name__ == "__main__":
    sys.exit(_afresh())
