"""Tracebacks of a user's own code, where they are asked for."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def tracebacks(*, shown: bool) -> Iterator[None]:
    """Shows on stderr where a user's code fails, each failure once."""
    if not shown:
        yield
        return
    import logging  # which help does not wait for

    log, handler = logging.getLogger("ntmlab"), logging.StreamHandler(sys.stderr)
    level, said = log.level, set[str]()

    def is_new(record: Any) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        text = f"{record.getMessage()} {error!r}"
        if text in said:
            return False
        said.add(text)
        return True

    handler.addFilter(is_new)
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
