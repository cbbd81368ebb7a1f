"""The driver: starts attempts, judges from their folders what became of them, starts again.

It keeps nothing in memory that it could not read again, so that one that was killed is replaced by
starting another; workers that outlived the first are taken over.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from ntmlab.errors import InputError
from ntmlab.records import Record, write_object
from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import Attempt, Sweep, attempts_at, begin_attempt
from ntmlab.sweeps.carry import saved
from ntmlab.sweeps.executors.placing import Executor, Placed
from ntmlab.sweeps.heart import read_beat
from ntmlab.sweeps.searcher import Searcher
from ntmlab.sweeps.standing import KILLED, RETRIES, UNDER_WAY, WAITING, clear, collect, standing
from ntmlab.sweeps.study import Study
from ntmlab.sweeps.worker import NOT_SHARED, Job
from ntmlab.training.progress import StopSignal, stop_signals

PAUSE_S: Final = 0.1  # between two looks at the folders
START_S: Final = 120.0  # a process that was started and says nothing for so long is dead
BEATS: Final = 10  # signs of life within the time after which a silent worker is thought dead


class Rules(NamedTuple):
    """When a worker is given up, and a run."""

    retries: int = RETRIES
    dead_after_s: float = 60.0


@dataclass
class Active:
    """An attempt that the driver watches."""

    name: str
    attempt: Attempt
    placed: Placed | None  # None if an earlier driver started it
    count: int  # its sign of life, and when that last changed on this clock
    changed: float
    asked: bool = False  # to stop
    over: float | None = None  # when its process was first seen to have ended


class Event(NamedTuple):
    """Something that happened to a run, in words for people."""

    name: str
    what: str


class Driver:
    """Brings the runs of a study to their ends."""

    def __init__(
        self,
        sweep: Sweep,
        study: Study,
        executor: Executor,
        rules: Rules,
        tell: Callable[[Event], None] = lambda event: None,
        draw: Callable[["Driver"], None] = lambda driver: None,
    ) -> None:
        self.sweep, self.study, self.executor, self.rules = sweep, study, executor, rules
        self.tell, self.draw = tell, draw
        self.searcher = Searcher(sweep, study)
        self.waiting: list[str] = []
        self.active: dict[str, Active] = {}
        self.states: dict[str, str] = {}

    def drive(self) -> bool:
        """Works until every run is finished or has failed; whether it got there.

        A signal stops it: workers then save and end, and the next driver goes on. Raises
        InputError where another driver works in the folder, or a worker does not see the folder.
        """
        try:
            with self.sweep.held(), stop_signals() as stop:
                self._survey()
                self._until_done(stop)
        finally:
            self.executor.close()
        return not self.waiting and self.searcher.is_done

    def _survey(self) -> None:
        """Reads how every run stands, and takes over those that are under way."""
        for name in self.study.units:
            found = standing(self.sweep, name, self.rules.retries)
            self.states[name] = found.state
            if found.state == attempts.FINISHED:
                clear(self.sweep, name)
            elif found.state == WAITING and found.attempt is not None:
                self._ended(Active(name, found.attempt, None, 0, 0.0))
            elif found.state == WAITING:
                self.waiting.append(name)
            elif found.state == UNDER_WAY and found.attempt is not None:
                self._watch(name, found.attempt, None)
                self.tell(Event(name, f"attempt {found.attempt.number} was under way; watching it"))

    def _until_done(self, stop: StopSignal) -> None:
        while self.active or (not stop() and self._is_more()):
            for active in list(self.active.values()):
                self._look(active)
            if stop():
                self._ask_to_stop()
            else:
                self._fill()
            self.draw(self)
            time.sleep(PAUSE_S)

    def _is_more(self) -> bool:
        """Whether runs wait for a place; a search may have more of them now."""
        for name in self.searcher.more(self.states):
            self.states[name] = WAITING
            self.waiting.append(name)
        return bool(self.waiting)

    def _fill(self) -> None:
        """Starts as many attempts as there are places for."""
        while len(self.active) < self.executor.jobs and self._is_more():
            name = self.waiting.pop(0)
            made, nonce = attempts_at(self.sweep, name), secrets.token_hex(8)
            number = made[-1].number + 1 if made else 1
            attempt = begin_attempt(self.sweep, name, number, self._ticket(name, nonce))
            folder = str(self.sweep.path.resolve())
            placed = self.executor.start(Job(folder, name, number, nonce, self.study.threads))
            self._watch(name, attempt, placed)
            before = max((saved(one.run)[0] for one in made), default=0)
            on = f" goes on from {before:,} sequences" if before else ""
            self.tell(Event(name, f"attempt {number}{on or ' begins'}"))

    def _ticket(self, name: str, nonce: str) -> Record:
        """What a worker is told: of the study, which may be large, its own run alone."""
        unit, beat_s = self.study.units[name], self.rules.dead_after_s / BEATS
        run = {"recipe": unit.recipe.to_json(), "seed": unit.seed, "device": self.study.device}
        return {"nonce": nonce, "beat_s": beat_s, **run}

    def _watch(self, name: str, attempt: Attempt, placed: Placed | None) -> None:
        self.states[name] = UNDER_WAY
        count, _ = read_beat(attempt)
        self.active[name] = Active(name, attempt, placed, count, time.monotonic())

    def _look(self, active: Active) -> None:
        """Ends the watch over an attempt that has ended, or that is silent for too long."""
        said = active.placed.ended() if active.placed is not None else None
        has_end, silent = active.attempt.end.exists(), self._silent(active)
        if has_end and (active.placed is None or said is not None or silent):
            self._ended(active)
        elif said is not None and not has_end:
            active.over = active.over or time.monotonic()
            if time.monotonic() - active.over >= self.executor.share_s:
                self._lost(active, said)
        elif silent:
            if active.placed is not None:
                active.placed.kill()  # it holds memory and cores; out of reach, it ends by itself
            self._lost(active, f"no sign of life for {self.rules.dead_after_s:g} s")

    def _silent(self, active: Active) -> bool:
        """Whether an attempt's sign of life has not changed for too long."""
        now, (count, _) = time.monotonic(), read_beat(active.attempt)
        if count != active.count:
            active.count, active.changed = count, now
        limit = self.rules.dead_after_s
        if active.placed is not None and active.count == 0:  # not begun
            if self.executor.queues:
                return False
            limit = max(limit, START_S)
        return now - active.changed > limit

    def _ended(self, active: Active) -> None:
        """Takes what an attempt says of its end; a finished run goes to its place."""
        name, number = active.name, active.attempt.number
        self.active.pop(name, None)
        if collect(self.sweep, name, active.attempt):
            self._settle(name, attempts.FINISHED, "finished")
            return
        found = standing(self.sweep, name, self.rules.retries)
        if found.state == attempts.FAILED:
            self._settle(name, attempts.FAILED, f"failed: {found.why}")
        else:
            self._settle(name, WAITING, f"attempt {number} ended: {found.why or 'told to stop'}")
            self.waiting.append(name)

    def _lost(self, active: Active, why: str) -> None:
        """Writes the end of an attempt that could not do so itself."""
        if NOT_SHARED in why:
            raise InputError(why)
        how = attempts.ERROR if active.placed is not None else attempts.LOST
        how = attempts.STOPPED if active.asked else how
        write_object(active.attempt.end, {"how": how, "why": "" if active.asked else why or KILLED})
        self._ended(active)

    def _settle(self, name: str, state: str, what: str) -> None:
        self.states[name] = state
        self.tell(Event(name, what))

    def _ask_to_stop(self) -> None:
        for active in self.active.values():
            if not active.asked:
                active.asked = True
                active.attempt.stop.touch()
                if active.placed is not None:
                    active.placed.stop()
