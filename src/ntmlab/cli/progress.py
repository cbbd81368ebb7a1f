"""A bar on a terminal while a command works; nothing elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

from ntmlab.console import animated


@contextmanager
def progress_bar(name: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A function that is told how many are done; drawn on stderr. A total of None is not known."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not animated(sys.stderr)) as bar:
        line = bar.add_task(name, total=total)
        yield lambda done: bar.update(line, completed=done)
