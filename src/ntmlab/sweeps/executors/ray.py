"""Workers as tasks of Ray Core, on the cluster of RAY_ADDRESS or on this machine alone.

Ray places and starts. It retries nothing, and its word about a task counts for no more than that a
process has ended: whether a run is finished is read from its folder.
"""

import logging
import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError, one_line
from ntmlab.extras import import_extra
from ntmlab.sweeps.executors.processes import cores
from ntmlab.sweeps.worker import SHARE_S, Job, work_elsewhere

ADDRESS = "RAY_ADDRESS"  # as Ray's own tools read it


class RayTask:
    """A worker in a task."""

    def __init__(self, ray: Any, task: Any) -> None:
        self.ray, self.task = ray, task

    def ended(self) -> str | None:
        """None while it runs or waits, then what it returned or Ray says of it."""
        ready, _ = self.ray.wait([self.task], timeout=0)
        if not ready:
            return None
        try:
            return str(self.ray.get(self.task))
        except self.ray.exceptions.RayError as error:
            return one_line(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")

    def stop(self) -> None:
        """Cancels it: a task that runs is interrupted, as by Ctrl-C, and has the time to save."""
        self.ray.cancel(self.task)

    def kill(self) -> None:
        """Cancels it at once."""
        with suppress(self.ray.exceptions.RayError):
            self.ray.cancel(self.task, force=True)


class Ray:
    """Places for as many workers as the cluster has processors for."""

    queues = True

    def __init__(self, threads: int, jobs: int | None = None, device: str = "cpu") -> None:
        self.ray = import_extra("ray", "sweep")
        self.threads, self.most = threads, jobs
        address = os.environ.get(ADDRESS)
        self.share_s = SHARE_S if address else 0.0
        local: dict[str, int] = {"num_cpus": max(cores(), threads * (jobs or 1))}
        with _callers_own(), _known_address(address):
            self.ray.init(
                address=address or "local",
                include_dashboard=None if address else False,
                log_to_driver=False,
                logging_level=logging.ERROR,
                **({} if address else local),
            )
        needs = {"num_cpus": threads, "num_gpus": 1 if device == "cuda" else 0}
        # A worker is used once: what a run leaves in memory, or sets in its process, goes with it.
        options = {**needs, "max_retries": 0, "max_calls": 1}
        self.work = self.ray.remote(**options)(work_elsewhere)

    @property
    def jobs(self) -> int:
        """How many fit now: nodes come and go."""
        fit = int(self.ray.cluster_resources().get("CPU", 0)) // self.threads
        return min(self.most, max(1, fit)) if self.most else max(1, fit)

    def start(self, job: Job) -> RayTask:
        """Starts a worker, where and when there is room."""
        return RayTask(self.ray, self.work.remote(job, str(Path.cwd())))

    def close(self) -> None:
        """Leaves the cluster; one that was started here ends."""
        with _callers_own():
            self.ray.shutdown()


@contextmanager
def _known_address(address: str | None) -> Iterator[None]:
    """A block in which a cluster that does not answer is an InputError."""
    try:
        yield
    except ConnectionError:
        raise InputError(
            f"no Ray cluster answers at {ADDRESS}={address}; where its nodes want a token, as "
            f"those of `ray start` do, set RAY_AUTH_MODE=token too"
        ) from None


@contextmanager
def _callers_own() -> Iterator[None]:
    """A block after which Python's random numbers and SIGTERM are the caller's again.

    `ray.init` draws from the one and takes the other, and `ray.shutdown` does not give it back.
    """
    state, handler = random.getstate(), signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        random.setstate(state)
        if handler is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, handler)
