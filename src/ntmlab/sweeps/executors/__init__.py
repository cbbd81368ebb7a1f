"""Where a sweep's workers run. An executor places and starts them; it decides nothing.

Whether a run is alive, finished, or to be started again is read from its folder by the driver.
"""

from ntmlab.errors import unknown_name
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.executors.placing import Executor
from ntmlab.sweeps.executors.processes import Processes
from ntmlab.sweeps.executors.ray import Ray
from ntmlab.sweeps.executors.slurm import Slurm
from ntmlab.sweeps.study import Study

EXECUTORS = ("processes", "ray", "slurm")


def make_executor(
    name: str, sweep: Sweep, study: Study, jobs: int | None, slurm: list[str]
) -> Executor:
    """The executor of a name; raises InputError for an unknown one, or where a package is missing.

    ``slurm`` are settings of jobs, key=value.
    """
    if name not in EXECUTORS:
        raise unknown_name("place for workers", name, EXECUTORS)
    if name == "processes":
        return Processes(study.threads, jobs)
    if name == "ray":
        return Ray(study.threads, jobs, study.device)
    return Slurm(sweep, study, jobs, slurm)
