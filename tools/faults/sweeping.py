"""Every disturbance at every operation of a sweep: of its driver, its worker, or both at once."""

import collections
import functools
import os
import random
import signal
from collections.abc import Callable, Iterator

from tools.faults.command import Commands
from tools.faults.library import REFUSALS, Action, Fault
from tools.faults.processes import is_stopped
from tools.faults.sweep_points import POINTS, Found
from tools.faults.sweeps import OPTIONS, SEQUENCES, SETS, SweepTrial, prepare

NOT_ITS_DRIVER = Fault()  # of a worker that is a fork, and not disturbed
CHANGING = ("mkdir", "write", "name", "remove what", "any", "its last")  # what is in the folder


class Sweeping:
    """Sweeps of one run, one at a time; counts tries and keeps failures."""

    def __init__(
        self,
        commands: Commands,
        made: collections.Counter[str],
        failures: list[str],
        drawn: random.Random,
    ) -> None:
        self.commands, self.made, self.failures, self.random = commands, made, failures, drawn
        folder = self.folder = commands.folder / "sweeps"
        folder.mkdir()
        prepare(commands)
        commands.warm_up(["sweep", *OPTIONS, *SETS, "--out", str(folder / "warm")])
        whole = self.trial(name="whole")
        self.journal = whole.give().journal
        for trial in (whole, self.trial(name="failed", failing=True)):
            trial.to_the_end()
            if trial.wrong:
                raise SystemExit(f"an undisturbed sweep failed: {trial.wrong}")

    def trial(self, name: str = "sweep", *, failing: bool = False) -> SweepTrial:
        """A new one."""
        whole = self.folder / ("failed" if failing else "whole")
        return SweepTrial(self.commands, self.folder / name, whole, failing=failing)

    def half_saved(self) -> SweepTrial:
        """One killed, driver and worker, when its last checkpoint has its name, and weights not."""
        saving = self.journal.index(f"SAVING {SEQUENCES}")
        name = next(n for n in range(saving, len(self.journal)) if "OP name" in self.journal[n])
        return self._killed_before(name + 1)

    def saved(self) -> SweepTrial:
        """One killed, driver and worker, as it is saved again at its end: a half file is left."""
        again = len(self.journal) - self.journal[::-1].index(f"SAVING {SEQUENCES}")
        return self._killed_before(again + 2)

    def _killed_before(self, line: int) -> SweepTrial:
        """One killed before the operation of a line of the journal."""
        trial, done = self.trial(), sum(words.startswith("OP ") for words in self.journal[:line])
        trial.give(Fault(done + 1, Action.KILL))
        return trial

    def points(self, *, every: bool) -> Iterator[None]:
        """Kills driver and worker at each operation, or once at each point that changes files."""
        kinds: list[tuple[Callable[[], SweepTrial], Found | None]] = [
            (self.trial, None),
            (lambda: self.trial(failing=True), None),
            (self.half_saved, Found.SILENT),
            (self.saved, Found.DONE),
        ]
        met: set[str] = set()
        for fresh, begun in kinds:
            trial = fresh()
            names = trial.names(trial.give(), begun)
            self.failures += [f"{n}: a point not listed" for n in {*names} - POINTS.keys()]
            for operation, name in enumerate(names[:-1], 1):
                changes = name.partition(": ")[2].startswith(CHANGING)
                if every or (changes and name not in met):
                    self._at_point(fresh(), operation, name)
                    yield
                met.add(name)
            met.add(names[-1])  # nothing comes after it
        if every:
            self.failures += [f"{n}: listed, and never come to" for n in POINTS.keys() - met]

    def _at_point(self, trial: SweepTrial, operation: int, name: str) -> None:
        self.made["sweep killed at an operation"] += 1
        if trial.give(Fault(operation + 1, Action.KILL)).status != -signal.SIGKILL:
            self.failures.append(f"{name}: it was not killed at operation {operation + 1}")
        if (found := trial.finds()) is not POINTS.get(name):
            self.failures.append(f"{name}: found is {found}")
        self._judge(trial, name)

    def _judge(self, trial: SweepTrial, about: str) -> None:
        self.failures += [f"{about}: {what}" for what in trial.compare()]

    def walk(self) -> Iterator[None]:
        """Killing at every operation, and all else there; workers are forks beside their driver."""
        yield from self.points(every=True)
        for one_try in self._of_one_alone():
            one_try()
            yield

    def random_tries(self) -> Iterator[None]:
        """What is done to one of the two alone, each once, in an order that is drawn."""
        every = self._of_one_alone()
        self.random.shuffle(every)
        for one_try in every:
            one_try()
            yield

    def _of_one_alone(self) -> list[Callable[[], None]]:
        """Every disturbance of a worker, or of a driver, at each of its operations."""
        begun, over = self.journal.index("WORK"), self.journal.index("COLLECT")
        of_worker = sum(line.startswith("OP ") for line in self.journal[begun:over])
        of_driver = sum(line.startswith("OP ") for line in self.journal) - of_worker
        found: list[Callable[[], None]] = []
        for disturbed, operations in ((self._of_worker, of_worker), (self._of_driver, of_driver)):
            for operation in range(1, operations + 1):
                each = disturbances(operation)
                found += [functools.partial(disturbed, kind, fault) for kind, fault in each]
        stops = (Fault(operation, Action.STOP) for operation in range(1, of_driver + 1))
        return [*found, *(functools.partial(self._stopped, stop) for stop in stops)]

    def _of_worker(self, kind: str, fault: Fault) -> None:
        """Its worker is disturbed; the driver goes on."""
        about = f"a sweep's worker, {kind}"
        trial = self.trial()
        self.made[about] += 1
        ended = trial.give(NOT_ITS_DRIVER, fault)
        if ended.status:
            self.failures.append(f"{about}: exit {ended.status}, {ended.said!r}")
        self._judge(trial, f"{about} at {fault.operation}")

    def _of_driver(self, kind: str, fault: Fault) -> None:
        """Its driver is disturbed; the next takes up the worker, if one is at work."""
        about = f"a sweep's driver, {kind}"
        trial = self.trial()
        self.made[about] += 1
        trial.give(fault, NOT_ITS_DRIVER)
        trial.to_the_end()
        self._judge(trial, f"{about} at {fault.operation}")

    def _stopped(self, fault: Fault) -> None:
        """Its driver is stopped while another begins, and continued."""
        kind, trial = "a sweep's driver stopped, another begun, continued", self.trial()
        process = trial.start(fault)
        if is_stopped(process):
            self.made[kind] += 1
            other = self.commands.run(trial.command(), trial.folder, name="other")
            trial.look(other, refused=other.status == 2)
            os.kill(process, signal.SIGCONT)
            own = trial.look(self.commands.end(process))
            if 0 not in (own.status, other.status):
                self.failures.append(f"{kind} at {fault.operation}: {other.said} {own.said}")
        else:
            trial.look(self.commands.end(process))
        trial.to_the_end()
        self._judge(trial, f"{kind} at {fault.operation}")


def disturbances(operation: int) -> Iterator[tuple[str, Fault]]:
    """What is done to a process at an operation, by name."""
    yield "killed", Fault(operation, Action.KILL)
    yield "killed amid", Fault(operation, Action.HALF)
    for kind, (action, error) in REFUSALS.items():
        yield kind, Fault(operation, action, error)
