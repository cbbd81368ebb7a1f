"""Where a sweep's workers run. An executor places and starts them; it decides nothing.

Whether a run is alive, finished, or to be started again is read from its folder by the driver.
"""

from ntmlab.errors import unknown_name
from ntmlab.sweeps.executors.placing import Executor
from ntmlab.sweeps.executors.processes import Processes

EXECUTORS = {"processes": Processes}


def make_executor(name: str, threads: int, jobs: int | None) -> Executor:
    """The executor of a name; raises InputError for an unknown one."""
    if name not in EXECUTORS:
        raise unknown_name("place for workers", name, EXECUTORS)
    return EXECUTORS[name](threads, jobs)
