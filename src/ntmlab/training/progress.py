"""What a person sees of a training run, and how a signal ends it in good order."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ntmlab.console import animated
from ntmlab.runs.course import Course, read_course
from ntmlab.training.checkpoint import Progress as RunProgress
from ntmlab.training.estimate import in_words
from ntmlab.training.loop import Metrics, Observer

# What asks a run to save and end: Ctrl-C, a scheduler, a terminal that is closed, and the warning
# that Slurm sends before a job's time is over.
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)


class Display:
    """A progress bar on a terminal, or a line per row of metrics elsewhere; always on stderr.

    It shows sequences per second, bits, gap to the optimum or wrong bits, and the time left.
    """

    def __init__(self, total: int, done: int) -> None:
        self.total, self.done, self.started = total, done, time.monotonic()
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
        self.course: Course | None = None

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
            done = metrics["sequences"]
            line = f"{done:>10,} sequences: {score}{self._left(done)}"
            print(line, file=sys.stderr, flush=True)

    def say(self, course: Course | None) -> None:
        """Says once that a run has come to stand still, or has collapsed, and what to do."""
        if course is not None and (self.course is None or course.kind != self.course.kind):
            self.console.print(course.advice(), markup=False, highlight=False, soft_wrap=True)
        self.course = course

    def _left(self, sequences: int) -> str:
        """How long the rest will take, at the speed of this process so far."""
        now, left = sequences - self.done, self.total - sequences
        if now <= 0 or left <= 0:
            return ""
        return f"; {in_words((time.monotonic() - self.started) * left / now)} left"


class StopSignal:
    """Whether one of ``STOPPING`` came; call it to ask."""

    def __init__(self) -> None:
        self.received = self.is_saving = False

    def __call__(self) -> bool:
        return self.received

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Takes a signal; raises KeyboardInterrupt at a second Ctrl-C, if nothing is being saved.

        Any other that comes again, as schedulers send it, is the same wish.
        """
        if self.received and number == signal.SIGINT and not self.is_saving:
            raise KeyboardInterrupt
        self.received = True

    @contextmanager
    def saving(self) -> Iterator[None]:
        """A block that no signal breaks off."""
        before, self.is_saving = self.is_saving, True
        try:
            yield
        finally:
            self.is_saving = before


@contextmanager
def stop_signals() -> Iterator[StopSignal]:
    """Takes the signals of ``STOPPING`` as the wish to save and end.

    Python hears signals in its main thread only; elsewhere none come.
    """
    stop = StopSignal()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    previous = [signal.signal(number, stop.handle) for number in STOPPING]
    try:
        yield stop
    finally:
        for number, handler in zip(STOPPING, previous, strict=True):
            signal.signal(number, handler)


@contextmanager
def watched(
    total: int, done: int, also: Observer, rows: list[Metrics] | None = None
) -> Iterator[Observer]:
    """Who shows so many sequences, is told to stop by a signal, and lets ``also`` hear it all.

    With the ``rows`` so far of one run it says too when that stands still or collapses.
    """
    with stop_signals() as stop, Display(total, done) as display:

        def step(progress: RunProgress) -> None:
            display.step(progress)
            also.step(progress)

        def row(metrics: Metrics) -> None:
            display.row(metrics)
            if rows is not None:
                rows.append(metrics)
                display.say(read_course(rows))
            also.row(metrics)

        yield Observer(step, row, lambda: stop() or also.should_stop(), stop.saving)
    if stop():
        also.asked()
