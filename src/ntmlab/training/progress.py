"""What a person sees of a training run, and how a signal ends it in good order."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ntmlab.console import animated
from ntmlab.training.checkpoint import Progress as RunProgress
from ntmlab.training.loop import Metrics


class Display:
    """A progress bar on a terminal, or a line per row of metrics elsewhere; always on stderr.

    It shows sequences per second, bits, gap to the optimum or wrong bits, and the time left.
    """

    def __init__(self, total: int, done: int) -> None:
        self.console = Console(file=sys.stderr)
        self.bar = Progress(
            TextColumn("{task.completed:,.0f} sequences"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]} seq/s"),
            TextColumn("{task.fields[score]}"),
            TimeRemainingColumn(),
            console=self.console,
            disable=not animated(sys.stderr),
        )
        self.task = self.bar.add_task("", total=total, completed=done, rate="-", score="")

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.bar.stop()

    def step(self, progress: RunProgress) -> None:
        """Moves the bar."""
        speed = self.bar.tasks[0].speed
        rate = "-" if speed is None else f"{speed:,.0f}"
        self.bar.update(self.task, completed=progress.sequences, rate=rate)

    def row(self, metrics: Metrics) -> None:
        """Shows the latest validation."""
        score = f"{metrics['bits']:.2f} bits"
        if "kl" in metrics:  # the optimum is known
            score += f", gap {metrics['kl']:.2f}"
        if "wrong_rate" in metrics:
            score = f"{metrics['bits']:.3f} bits, {metrics['wrong_rate']:.3%} of bits wrong"
        self.bar.update(self.task, score=score)
        if not animated(sys.stderr):
            print(f"{metrics['sequences']:>10,} sequences: {score}", file=sys.stderr, flush=True)


class StopSignal:
    """Whether SIGINT or SIGTERM came; call it to ask."""

    def __init__(self) -> None:
        self.received = False

    def __call__(self) -> bool:
        return self.received


@contextmanager
def stop_signals() -> Iterator[StopSignal]:
    """Takes SIGINT and SIGTERM as the wish to save and end; a second one ends at once.

    Python hears signals in its main thread only; elsewhere none come.
    """
    stop = StopSignal()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.received:
            raise KeyboardInterrupt
        stop.received = True

    numbers = (signal.SIGINT, signal.SIGTERM)
    previous = [signal.signal(number, handle) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, previous, strict=True):
            signal.signal(number, handler)
