"""Kills, stops and starves training runs, and finds whether anything of them is lost or wrong.

    python -m tools.crash [--tries 10000] [--minutes 600] [--seed 0] [--out FILE]
    python -m tools.crash --every | --quick [the same]
    python -m tools.crash --sweeps [--every | --quick] [the same]

Small runs are disturbed at every operation on their files, and at random: killed before an
operation or amid a write, killed at any moment, refused by a full disk or a failing one, stopped
while another process takes up the run. A run that is killed is gone on with, and killed again,
until it ends. What training promised, kept outside the folder, must be found by whoever goes on; no
folder may be refused; and at the end every file must be that of a run never disturbed, bit for bit.
Commands run in forks of a process that has imported all; a hundredth of the kills are of processes
begun anew. Prints tries and failures as one JSON object, which FILE holds meanwhile, and whether it
came to its end before --tries or --minutes; ends with 1 if anything failed. --every walks along one
run, and one resume, and does all of this at each operation; --quick kills once at each named point
of tools/faults/points.py that changes what is in the folder. --sweeps does the same to a sweep
(tools/faults/sweeping.py), at the points of tools/faults/sweep_points.py; without the other two,
to its driver or its worker alone.
"""

import argparse
import collections
import functools
import itertools
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from tools.faults.library import REFUSALS, Action, Fault, load, unload

load()
unload()

from tools.faults.kinds import Kinds  # noqa: E402  the library is there now
from tools.faults.points import POINTS, points, wanted  # noqa: E402
from tools.faults.processes import is_stopped, wait_until_it_trains  # noqa: E402
from tools.faults.sweeping import Sweeping  # noqa: E402
from tools.faults.trial import Trial  # noqa: E402
from tools.found import tell  # noqa: E402

SAVES = "save: open new checkpoint.safetensors"
RESUMES = 60  # operations of a resume, about
MOST_KILLS = 8  # of a run at moments: where the machine has got slower, each comes early
AFRESH = 8  # once in so many rounds of kinds processes begin anew


class Campaign(Kinds):
    """Trials of every kind, what they were, and which failed."""

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder)
        self.random = random.Random(seed)
        self.made: collections.Counter[str] = collections.Counter()
        self.failures: list[str] = []

    def found(self, began: float, *, complete: bool = False) -> dict[str, object]:
        """What was tried until now, what failed, and whether that is all there is to try."""
        return {
            "date": date.today().isoformat(),
            "command": " ".join(["python -m tools.crash", *sys.argv[1:]]),
            "tries": self.made.total(),
            **self.made,
            "failures": self.failures,
            "complete": complete,
            "seconds": round(time.monotonic() - began),
        }

    def judge(self, trial: Trial, about: str) -> None:
        """Compares a run at its end with a whole one."""
        self.failures += [f"{about}: {what}" for what in trial.compare()]

    def listed(self, names: list[str]) -> list[str]:
        """Names of points; one that is in no table is a failure."""
        self.failures += [f"{n}: a point not listed" for n in {*names} - POINTS.keys()]
        return names

    def points(self, *, every: bool) -> Iterator[None]:
        """Kills a run at each operation, or once at each point, one at a time; looks what is found.

        Then the same of a resume that has weights to make good and finds a half written file, and
        of the beginning of a run that goes on from another, and of one whose loss is no number.
        """
        for operation in wanted(self.listed(self.names)[:-1], every=every):
            fault = Fault(operation + 1, Action.KILL)
            self.at_point(self.trial(), fault, self.names[operation - 1])
            yield
        trial = self.half_saved()
        names = self.listed(points(trial.give(Fault()).journal, trial.run, "resume"))
        names = [name for name in names if name.startswith("resume")]
        for operation in wanted(names, every=every):
            fault = Fault(operation + 1, Action.KILL)
            self.at_point(self.half_saved(), fault, names[operation - 1])
            yield
        yield from self._points_of_a_longer(every=every)
        yield from self._points_of_a_failing(every=every)

    def _points_of_a_longer(self, *, every: bool) -> Iterator[None]:
        """Each operation of its first save and before, or each point that others do not pass."""
        whole = self.longer("longer")
        names = self.listed(points(whole.give(Fault()).journal, whole.run, "begin"))
        again = names.index(SAVES, names.index(SAVES) + 1)  # another save comes next
        for operation in wanted(names[: again - 1], every=every):
            name = names[operation - 1]
            if every or name not in self.names:
                self.at_point(self.longer(), Fault(operation + 1, Action.KILL), name)
                yield

    def _points_of_a_failing(self, *, every: bool) -> Iterator[None]:
        """Each operation of a run's failure but the last, and of a resume up to there."""
        for fresh, stage in ((self.failing, "begin"), (self.failed, "resume")):
            names = self.names_of_a_failing(fresh(), stage)
            for operation in wanted(names[:-1], every=every):
                name = names[operation - 1]
                if every or name not in self.names:
                    self.at_point(fresh(), Fault(operation + 1, Action.KILL), name)
                    yield

    def names_of_a_failing(self, trial: Trial, stage: str) -> list[str]:
        """The points of a run up to its failure, which is kept to be compared with."""
        names = self.listed(points(trial.give(Fault()).journal, trial.run, stage))
        if not trial.whole.exists():
            shutil.copytree(trial.run, trial.whole)
        self.judge(trial, "a loss that is no number")
        return names

    def walk(self) -> Iterator[None]:
        """Every disturbance at every operation of a run, and of a resume with weights to make good.

        Of these, killing before an operation is that of `points`, which come first.
        """
        yield from self.points(every=True)
        trial = self.half_saved()
        resumed = points(trial.give(Fault()).journal, trial.run, "resume")
        failing = self.names_of_a_failing(self.failing(), "begin")
        kinds = (self.trial, self.names), (self.half_saved, resumed), (self.failing, failing)
        for fresh, names in kinds:
            for operation, name in enumerate(names, 1):
                if name.partition(": ")[2].startswith("write"):
                    self.amid_a_write(fresh(), Fault(operation, Action.HALF))
                for kind, (action, error) in REFUSALS.items():
                    self.refused(fresh(), kind, Fault(operation, action, error))
                self.stopped_at(fresh(), Fault(operation, Action.STOP))
                yield

    def amid_a_write(self, trial: Trial, fault: Fault) -> None:
        """Killed once, half of a write done."""
        kind = "killed amid every write"
        self.made[kind] += 1
        if trial.give(fault).status != -signal.SIGKILL:
            self.failures.append(f"{kind}: it was not killed at operation {fault.operation}")
        self._finish(trial, kind)

    def at_point(self, trial: Trial, fault: Fault, name: str) -> None:
        """One kill at a named point."""
        self.made["killed at every operation"] += 1
        trial.give(fault)
        if not trial.finds(POINTS[name]):
            self.failures.append(f"{name}: found is not {POINTS[name].name}")
        self.judge(trial, name)

    def killed(self, action: Action, kind: str) -> None:
        """Killed again and again at operations, until it is at its end."""
        trial, fault = self.trial(), self._fault(action)
        while trial.give(fault).status == -signal.SIGKILL:
            self.made[kind] += 1
            fault = self._fault(action, most=RESUMES if trial.promised else None)
        self._finish(trial, kind)

    def _fault(self, action: Action, error: int = 0, most: int | None = None) -> Fault:
        return Fault(self.random.randint(1, most or self.operations), action, error)

    def _finish(self, trial: Trial, about: str) -> None:
        trial.to_the_end()
        self.judge(trial, about)

    def killed_at_a_moment(self) -> None:
        """Killed from outside, wherever it is."""
        trial, kind = self.trial(), "killed at a moment"
        for _ in range(MOST_KILLS):
            process = trial.start(Fault())
            time.sleep(self.random.uniform(0, self.seconds))
            os.kill(process, signal.SIGKILL)
            if trial.look(self.commands.end(process)).status != -signal.SIGKILL:
                break
            self.made[kind] += 1
        self._finish(trial, kind)

    def killed_afresh(self) -> None:
        """A process of its own, killed from outside some time after its first file."""
        trial, kind = self.trial(), "a new process killed at a moment"
        for _ in range(2):  # the run's beginning, then a resume
            process = self.commands.start_afresh(trial.command)
            wait_until_it_trains(trial.run, process)
            time.sleep(self.random.uniform(0, self.seconds))
            os.killpg(process, signal.SIGKILL)
            if trial.look(self.commands.end(process)).status == -signal.SIGKILL:
                self.made[kind] += 1
        self._finish(trial, kind)

    def refused(self, trial: Trial, kind: str, fault: Fault) -> None:
        """Operations that need space are refused, as by a disk that is full; then there is some."""
        ended = trial.give(fault)
        self.made[kind] += 1
        if ended.status not in (0, 1):
            self.failures.append(f"{kind}: exit {ended.status}, {ended.said!r}")
        self._finish(trial, kind)

    def refused_anywhere(self, kind: str) -> None:
        """At one operation of a run."""
        self.refused(self.trial(), kind, self._fault(*REFUSALS[kind]))

    def stopped(self) -> None:
        """Stopped at one operation of a run or of a resume."""
        trial = self.trial()
        if self.random.random() < 0.5:  # a resume is stopped
            trial.give(self._fault(Action.KILL))
        self.stopped_at(trial, self._fault(Action.STOP, most=RESUMES if trial.promised else None))

    def stopped_at(self, trial: Trial, fault: Fault) -> None:
        """Stopped while another process takes up the run, and continued."""
        kind, process = "stopped, another begun, continued", trial.start(fault)
        if is_stopped(process):
            other = trial.look(self.commands.run(trial.command, trial.run, name="other"))
            os.kill(process, signal.SIGCONT)
            own = trial.look(self.commands.end(process))
            self.made[kind] += 1
            if trial.end not in (other.status, own.status):
                self.failures.append(f"{kind}: neither came to its end: {other.said} {own.said}")
        else:  # it ended before that operation
            trial.look(self.commands.end(process))
        self._finish(trial, kind)

    def random_tries(self) -> Iterator[None]:
        """Kinds in turn, for ever.

        Every operation of a run is among them once there were enough; ``--every`` has them alone.
        """
        walk = self.walk()
        kinds: list[Callable[[], None]] = [
            functools.partial(self.killed, Action.KILL, "killed at an operation"),
            functools.partial(self.killed, Action.HALF, "killed amid a write"),
            self.killed_at_a_moment,
            *(functools.partial(self.refused_anywhere, kind) for kind in REFUSALS),
            self.stopped,
            lambda: next(walk, None),
        ]
        for number in itertools.count():
            for kind in kinds if number % AFRESH else [self.killed_afresh, *kinds]:
                kind()
                yield


def main() -> int:
    """Runs a campaign."""
    parser = argparse.ArgumentParser(description="disturbs training runs and compares them")
    parser.add_argument("--tries", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=600.0, help="at most")
    parser.add_argument("--seed", type=int, default=0)
    walk = parser.add_mutually_exclusive_group()
    walk.add_argument("--every", action="store_true", help="all at each operation of a run")
    walk.add_argument("--quick", action="store_true", help="each named point once")
    parser.add_argument("--sweeps", action="store_true", help="disturb sweeps, and not runs")
    parser.add_argument("--out", type=Path, help="write the JSON object there too")
    arguments = parser.parse_args()
    memory = Path("/dev/shm")
    place = memory if os.access(memory, os.W_OK) else None  # no disk wears out
    folder, began = Path(tempfile.mkdtemp(prefix="ntmlab-crash-", dir=place)), time.monotonic()
    try:
        campaign = Campaign(folder, arguments.seed)
        trials: Campaign | Sweeping = campaign
        if arguments.sweeps:
            trials = Sweeping(campaign.commands, campaign.made, campaign.failures, campaign.random)
        if arguments.quick:
            steps = trials.points(every=False)
        else:
            steps = trials.walk() if arguments.every else trials.random_tries()
        complete, until = True, began + 60 * arguments.minutes
        for _ in steps:
            if campaign.made.total() >= arguments.tries or time.monotonic() > until:
                complete = False
                break
            tell(campaign.found(began), arguments.out)
    finally:
        shutil.rmtree(folder)
    print(tell(campaign.found(began, complete=complete), arguments.out))
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())
