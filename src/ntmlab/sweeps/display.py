"""What a person sees of a sweep at work: one table on a terminal, a line a change elsewhere."""

import sys
import time
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from ntmlab.console import animated
from ntmlab.errors import InputError, one_line
from ntmlab.runs.status import last_row
from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import attempts_at
from ntmlab.sweeps.carry import saved
from ntmlab.sweeps.driver import Active, Driver, Event
from ntmlab.sweeps.heart import read_beat
from ntmlab.training.estimate import in_words

REDRAW_S: Final = 0.5
# Without a terminal: from the start to the first line, and at most from line to line; in between
# each pause is twice the one before, so that a log of days stays short.
FIRST_S: Final = 10.0
MOST_S: Final = 600.0
HEAD: Final = ("run", "attempt", "sequences", "bits", "gap")


class Display:
    """Draws a driver's runs on stderr."""

    def __init__(self) -> None:
        self.live = Live(console=Console(file=sys.stderr), auto_refresh=False, transient=True)
        self.animated = animated(sys.stderr)
        self.started = self.drawn = time.monotonic()
        self.pause = FIRST_S
        self.made_at_start: int | None = None
        self.done: dict[str, int] = {}  # sequences of runs as they were last seen

    def __enter__(self) -> Self:
        if self.animated:
            self.live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.animated:
            self.live.stop()

    def tell(self, event: Event) -> None:
        """Says what happened to a run."""
        line = one_line(f"{event.name}: {event.what}")
        if self.animated:
            self.live.console.print(line, markup=False, highlight=False)
        else:
            print(line, file=sys.stderr, flush=True)

    def draw(self, driver: Driver) -> None:
        """Shows those at work, and how long the rest will take."""
        now = time.monotonic()
        if now - self.drawn < (REDRAW_S if self.animated else self.pause):
            return
        self.drawn = now
        if not self.animated:
            self.pause = min(2 * self.pause, MOST_S)
            print(self._title(driver), file=sys.stderr, flush=True)
            return
        table = Table(*HEAD, title=self._title(driver), title_justify="left", box=None)
        for active in driver.active.values():
            table.add_row(*self._row(driver, active))
        self.live.update(table, refresh=True)

    def _row(self, driver: Driver, active: Active) -> tuple[str, ...]:
        of = driver.study.units[active.name].recipe.sequences
        try:
            row = last_row(active.attempt.run)
        except InputError:  # being written
            row = {}
        done = max(self._done(driver, active.name), row.get("sequences", 0))
        costs = [f"{row[key]:.3f}" if key in row else "" for key in ("bits", "kl")]
        return (active.name, str(active.attempt.number), f"{done:,} of {of:,}", *costs)

    def _title(self, driver: Driver) -> str:
        states = list(driver.states.values())
        words = f"{states.count(attempts.FINISHED)} of {len(states) + _unproposed(driver)} finished"
        if failed := states.count(attempts.FAILED):
            words += f", {failed} failed"
        return f"{words}, {len(driver.active)} at work{self._left(driver)}"

    def _left(self, driver: Driver) -> str:
        """How long the rest will take at the speed of this driver so far."""
        unsettled = [*driver.waiting, *driver.active]
        left = sum(
            driver.study.units[name].recipe.sequences - self._done(driver, name)
            for name in unsettled
        )
        if driver.searcher.search is not None:
            left += _unproposed(driver) * driver.searcher.search.recipe.sequences
        whole = self._made(driver)
        if self.made_at_start is None:
            self.made_at_start = whole
        made = whole - self.made_at_start
        if made <= 0:
            return ""
        return f"; {in_words((time.monotonic() - self.started) * left / made)} left"

    def _made(self, driver: Driver) -> int:
        """Sequences of all runs; of one that failed so many as it came to, and not the rest."""
        units = driver.study.units
        return sum(
            units[name].recipe.sequences if state == attempts.FINISHED else self._done(driver, name)
            for name, state in driver.states.items()
        )

    def _done(self, driver: Driver, name: str) -> int:
        """Sequences of a run so far; of one that waits, as its last attempt left it."""
        if name not in self.done:
            made = attempts_at(driver.sweep, name)[-2:]
            self.done[name] = max((saved(one.run)[0] for one in made), default=0)
        if name in driver.active:
            said = read_beat(driver.active[name].attempt)[1]
            self.done[name] = max(self.done[name], said)
        return self.done[name]


def _unproposed(driver: Driver) -> int:
    """How many runs a search has still to name."""
    search = driver.searcher.search
    return 0 if search is None else (search.points - len(search.made)) * len(search.seeds)
