"""What SIGINT does before there is a server, and after. Imports nothing heavy."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def handled(
    handler: Callable[[int, FrameType | None], None], *numbers: signal.Signals
) -> Iterator[None]:
    """Signals go to a handler while this holds; nothing is changed outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


@contextlib.contextmanager
def ended_at_once() -> Iterator[None]:
    """While it holds, SIGINT ends the process at once.

    Until a page is served nothing is at stake, and a KeyboardInterrupt amid the imports is lost in
    some that catch all, so that the server starts all the same, and in others it hangs or aborts.
    """
    with handled(lambda number, frame: os._exit(0), signal.SIGINT):
        yield
