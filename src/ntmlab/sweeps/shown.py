"""Drives a study before a person's eyes: for the command, and for programs that want its runs."""

from typing import NamedTuple

from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.display import Display
from ntmlab.sweeps.driver import Driver, Rules
from ntmlab.sweeps.executors.placing import Executor
from ntmlab.sweeps.study import Study


class Outcome(NamedTuple):
    """Whether every run has ended, and the names of those that failed."""

    done: bool
    failed: list[str]


def drive(sweep: Sweep, study: Study, executor: Executor, rules: Rules | None = None) -> Outcome:
    """Brings the runs of a study to their ends, or as far as they are when a signal comes.

    Raises as `Driver.drive` does.
    """
    with Display() as display:
        driver = Driver(sweep, study, executor, rules or Rules(), display.tell, display.draw)
        done = driver.drive()
    states = driver.states.items()
    return Outcome(done, [name for name, state in states if state == attempts.FAILED])
