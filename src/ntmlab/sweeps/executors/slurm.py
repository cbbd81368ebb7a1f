"""Workers as jobs of Slurm, through submitit."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from ntmlab.errors import InputError, one_line
from ntmlab.extras import import_extra
from ntmlab.specifications import parse_value
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.study import Study
from ntmlab.sweeps.worker import SHARE_S, Job, work_elsewhere

MOST_JOBS: Final = 100  # in the queue at once, unless --jobs says so
WARNING: Final = "SUBMITIT_PREEMPT_SIGNAL"
# The signal before a job's time is over: training saves at it and ends, and another job goes on.
SIGNAL: Final = "USR1"


class SlurmJob:
    """A worker in a job."""

    def __init__(self, job: Any) -> None:
        self.job = job

    def ended(self) -> str | None:
        """None while it runs or waits, then what it returned or Slurm says of it."""
        if not self.job.done():
            return None
        try:
            return str(self.job.result())
        except Exception as error:  # whatever the job raised, or submitit of one that is lost
            state = self.job.state
            return one_line(f"job {self.job.job_id} {state}: {str(error).partition(chr(10))[0]}")

    def stop(self) -> None:
        """Takes it from the queue; one that runs sees the driver's wish in its folder."""
        if self.job.state.upper() == "PENDING":
            self.kill()

    def kill(self) -> None:
        """Cancels it."""
        with suppress(Exception):  # it is over, or the queue does not answer: it can do no harm
            self.job.cancel()


class Slurm:
    """Places for as many jobs as ``jobs``, in the queue or at work."""

    queues = True

    def __init__(
        self,
        sweep: Sweep,
        study: Study,
        jobs: int | None = None,
        settings: Iterable[str] = (),
        cluster: str = "slurm",
    ) -> None:
        os.environ.setdefault(WARNING, SIGNAL)  # read at the import
        submitit = import_extra("submitit", "sweep")
        self.jobs = jobs or MOST_JOBS
        self.share_s = SHARE_S if cluster == "slurm" else 0.0
        try:
            self.executor = submitit.AutoExecutor(sweep.path / "slurm", cluster=cluster)
            self.executor.update_parameters(**_parameters(study, settings))
        except (RuntimeError, NameError, TypeError, ValueError) as error:
            raise InputError(f"--on slurm: {' '.join(str(error).split())}") from None

    def start(self, job: Job) -> SlurmJob:
        """Puts a worker into the queue."""
        return SlurmJob(self.executor.submit(work_elsewhere, job, str(Path.cwd())))

    def close(self) -> None:
        """Nothing: jobs end by themselves."""


def _parameters(study: Study, settings: Iterable[str]) -> dict[str, Any]:
    """What a job asks for, and what the user sets."""
    asked: dict[str, Any] = {"name": "ntmlab", "cpus_per_task": study.threads}
    if study.device == "cuda":
        asked["gpus_per_node"] = 1
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise InputError(f"--slurm takes key=value, not {setting!r}")
        asked[key] = parse_value(text)
    return asked
