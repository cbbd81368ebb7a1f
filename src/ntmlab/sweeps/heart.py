"""A worker's sign of life, from a thread beside its training. Imports nothing heavy."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from ntmlab.sweeps.attempts import Attempt

LOOK_S: Final = 1.0  # between two looks whether it is to end


class Heart:
    """Counts in a file while the process lives, and looks whether the worker is to end.

    The counter is judged by whether it changes, on the clock of who reads it. A thread does it,
    since a step or a validation can take longer than a process that is silent is thought alive.
    """

    def __init__(self, attempt: Attempt, beat_s: float) -> None:
        self.attempt, self.beat_s = attempt, beat_s
        self.sequences = 0  # how far the run is; told by training
        self.is_to_end = False
        self.count = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._beat_on, daemon=True)

    def look(self) -> bool:
        """Whether the worker is to end: on the driver's wish, or since a later attempt began."""
        self.is_to_end |= self.attempt.superseded or self.attempt.stop.exists()
        return self.is_to_end

    def _beat_on(self) -> None:
        due = time.monotonic() + self.beat_s
        while not self.over.wait(min(self.beat_s, LOOK_S)):
            with suppress(OSError):  # a full disk, or a share that is away: the next may do
                self.look()
                if time.monotonic() >= due:
                    due = time.monotonic() + self.beat_s
                    self.beat()

    def beat(self) -> None:
        """Writes the next count, in one piece of fixed length."""
        self.count += 1
        descriptor = os.open(self.attempt.beat, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            os.pwrite(descriptor, f"{self.count:>12} {self.sequences:>19}\n".encode(), 0)
        finally:
            os.close(descriptor)


@contextmanager
def beating(attempt: Attempt, beat_s: float) -> Iterator[Heart]:
    """A block with a sign of life at its start and every ``beat_s`` seconds."""
    heart = Heart(attempt, beat_s)
    heart.beat()
    heart.thread.start()
    try:
        yield heart
    finally:
        heart.over.set()
        heart.thread.join()


def read_beat(attempt: Attempt) -> tuple[int, int]:
    """An attempt's count and sequences so far; zeros before its first sign of life."""
    try:
        count, sequences = attempt.beat.read_text(encoding="ascii").split()
        return int(count), int(sequences)
    except (OSError, ValueError):
        return 0, 0
