"""A small study, what its runs are when nothing disturbs them, and how to disturb them."""

import json
import os
import signal
import time
from contextlib import suppress
from typing import ClassVar

import torch

from ntmlab.runs.status import last_row
from ntmlab.sweeps.attempts import Sweep, attempts_at
from ntmlab.sweeps.driver import Driver, Rules
from ntmlab.sweeps.executors.processes import Process, Processes
from ntmlab.sweeps.study import Study, Wanted, add_study, expand, parse_grid
from ntmlab.sweeps.worker import work
from ntmlab.training import train

SETTINGS = (
    "sequences=480",
    "validate_every=100",
    "model.slots=8",
    "model.controller_size=8",
    "task.length=12",
)


def make_study(*settings: str, seeds=(0, 1), threads: int = 1) -> Study:
    """Tiny runs of the quick recipe; later settings take the place of earlier ones."""
    given = dict(setting.split("=", 1) for setting in (*SETTINGS, *settings))
    grid = parse_grid(f"{key}={value}" for key, value in given.items())
    return Study(expand(Wanted(["ngrams-quick"], [], None, list(seeds), grid)), "cpu", threads)


LONG = make_study("sequences=20000", "validate_every=2000")
ONE, OTHER = LONG.units


def begin(path, study: Study) -> Sweep:
    sweep = Sweep(path)
    add_study(sweep, study)
    return sweep


class Kept(Processes):
    """Processes that are waited for at the end of all, though their driver be killed."""

    started: ClassVar[list[Process]] = []

    def start(self, job):
        self.started.append(super().start(job))
        return self.started[-1]


class Inline:
    """A place for workers in this very process: it has started when it has ended."""

    queues, share_s, jobs = False, 0.0, 1

    def start(self, job):
        threads = torch.get_num_threads()
        try:
            work(job)
        finally:
            torch.set_num_threads(threads)
        return self

    def ended(self):
        return ""

    def stop(self):
        raise AssertionError("it has ended")

    kill = stop

    def close(self):
        pass


def drive(sweep, study, *, executor=None, dead_after=60.0, retries=3, disturb=lambda driver: None):
    """Runs a driver here; what it told."""
    told = []
    executor, rules = executor or Kept(study.threads, 2), Rules(retries, dead_after)
    driver = Driver(sweep, study, executor, rules, told.append, disturb)
    return driver.drive(), [f"{event.name}: {event.what}" for event in told]


def undisturbed(path, study: Study):
    """The same runs by ordinary training, on as many threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(study.threads)
    try:
        for name, unit in study.units.items():
            assert train(unit.recipe, unit.seed, path / name)
    finally:
        torch.set_num_threads(threads)


def worker_of(sweep, name, number) -> int:
    """The process at an attempt; waits until it has begun."""
    (attempt,) = [one for one in attempts_at(sweep, name) if one.number == number]
    wait_for(attempt.worker.exists)
    return json.loads(attempt.worker.read_text())["process"]


def wait_for(condition, seconds=60.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_there(process: int) -> bool:
    """Whether a process lives; one that its parent has not asked about does not."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)


def seen(sweep, name, number) -> int:
    """Sequences at the last row of an attempt."""
    found = [one for one in attempts_at(sweep, name) if one.number == number]
    return last_row(found[0].run).get("sequences", 0) if found else 0


class Frozen(dict):
    """Workers held by SIGSTOP once an attempt of theirs has come past some sequences."""

    def past(self, sweep, name, number, sequences=0) -> bool:
        """Whether a worker is held; holds it when it has come so far."""
        if name not in self and seen(sweep, name, number) > sequences:
            self[name] = worker_of(sweep, name, number)
            os.kill(self[name], signal.SIGSTOP)
        return name in self

    def go_on(self) -> None:
        for process in self.values():
            with suppress(ProcessLookupError):  # it has ended since
                os.kill(process, signal.SIGCONT)
