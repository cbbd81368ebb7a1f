"""What the driver asks of an executor."""

from typing import Protocol

from ntmlab.sweeps.worker import Job


class Placed(Protocol):
    """A worker that was started, or waits for its place."""

    def ended(self) -> str | None:
        """None while it runs or waits; then what is known of its end beside the folder, or ""."""
        ...

    def stop(self) -> None:
        """Sees to it that it saves and ends, or never begins; the driver has asked already."""
        ...

    def kill(self) -> None:
        """Ends it, whatever it does."""
        ...


class Executor(Protocol):
    """A place for workers."""

    queues: bool  # whether a worker may wait for its place, as long as it takes
    share_s: float  # how long a file that a worker wrote may take to be seen here

    @property
    def jobs(self) -> int:
        """How many workers it takes at once."""
        ...

    def start(self, job: Job) -> Placed:
        """Starts a worker."""
        ...

    def close(self) -> None:
        """Gives back what it holds; no worker that the driver started runs any more."""
        ...
