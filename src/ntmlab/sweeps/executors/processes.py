"""Workers as processes of this machine, so many at once as its cores have room for."""

import os
import subprocess
import sys
from typing import Final

from ntmlab.sweeps.worker import Job

# Libraries read how many threads to start when they are loaded; PyTorch is told again later.
THREADS: Final = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class Process:
    """A worker in a process, and in a session, of its own: Ctrl-C reaches the driver alone."""

    def __init__(self, job: Job) -> None:
        arguments = [job.sweep, job.name, str(job.number), job.nonce, str(job.threads)]
        with job.attempt.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ntmlab.sweeps.worker", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **dict.fromkeys(THREADS, str(job.threads))},
            )

    def ended(self) -> str | None:
        """None while it runs, then which signal killed it, or ""."""
        status = self.process.poll()
        if status is None:
            return None
        return f"killed by signal {-status}" if status < 0 else ""

    def stop(self) -> None:
        """Sends SIGTERM, which training takes as the wish to save and end."""
        self.process.terminate()

    def kill(self) -> None:
        """Sends SIGKILL, and waits until it is gone."""
        self.process.kill()
        self.process.wait()


class Processes:
    """Places for as many workers as there are cores for this process, or fewer."""

    queues, share_s = False, 0.0

    def __init__(self, threads: int, jobs: int | None = None) -> None:
        self.jobs = jobs or max(1, cores() // threads)

    def start(self, job: Job) -> Process:
        """Starts a worker."""
        return Process(job)

    def close(self) -> None:
        """Nothing: processes end by themselves."""


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1
