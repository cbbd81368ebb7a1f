"""Timing side by side: every candidate in turn, several rounds, medians."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from ntmlab.bench.cases import Case, Check
from ntmlab.kernels.backend import native_module, thread_count

# One draw of weights in eight is so ill-conditioned that float32 rounding alone comes near the
# tolerance in the readable reference too; there an operation may be off by a few times of that.
TIMES_ROUNDING = 3.0

TURN_SECONDS = 0.1

Turn = Callable[[Callable[[], object]], float]  # mean seconds of an action


class CheckError(RuntimeError):
    """A fast path does not equal its reference; nothing is timed."""


@dataclass(frozen=True)
class Measurement:
    """Median rates of the candidates of a case, in sequences per second."""

    case: str
    rates: dict[str, float]
    # Sequences per second that the arithmetic alone would allow, or on a GPU that or the bytes that
    # go through its memory, whichever allows fewer; None where it is not known.
    floor: float | None
    floors: dict[str, float] | None = None  # on a GPU, both
    memory: int | None = None  # most bytes at once of the first candidate on a GPU

    @property
    def first(self) -> float:
        """The rate of the first candidate, which the others are compared with."""
        return next(iter(self.rates.values()))

    def ratios(self) -> dict[str, float]:
        """How many times faster the first candidate is than each other."""
        return {name: self.first / rate for name, rate in list(self.rates.items())[1:]}


def measure(case: Case, peak: float, rounds: int) -> Measurement:
    """Checks a case, then times its candidates in turn.

    ``peak`` is in operations per second. Raises CheckError if the case's check fails.
    """
    confirm(case.name, case.check())
    seconds = time_in_turn([action for _, action in case.candidates.values()], rounds)
    counts = (count for count, _ in case.candidates.values())
    rates = {
        name: count / s for name, count, s in zip(case.candidates, counts, seconds, strict=True)
    }
    return Measurement(case.name, rates, peak / case.flops)


def confirm(what: str, check: Check) -> None:
    """Raises CheckError unless what is to be timed equals its reference."""
    for name, expected in check.expected.items():
        error = relative_rms(check.found[name], expected)
        allowed = max(check.tolerance, TIMES_ROUNDING * relative_rms(check.rounded[name], expected))
        if not error <= allowed:
            raise CheckError(f"{what}: {name} is off by {error:.1e}, more than {allowed:.1e}")


def time_in_turn(
    actions: Iterable[Callable[[], object]], rounds: int, turn: Turn | None = None
) -> list[float]:
    """Median seconds of each action over ``rounds`` turns, after one round to warm up.

    A turn goes on for TURN_SECONDS, so that short actions are not timed with the caches that the
    candidate before them left.
    """
    chosen, timed = list(actions), turn or repeated
    taken: list[list[float]] = [[] for _ in chosen]
    for number in range(rounds + 1):
        for times, action in zip(taken, chosen, strict=True):
            seconds = timed(action)
            if number > 0:
                times.append(seconds)
    return [statistics.median(times) for times in taken]


def repeated(action: Callable[[], object], wait: Callable[[], object] | None = None) -> float:
    """Mean seconds of an action that is repeated for TURN_SECONDS.

    Where an action only asks for work, ``wait`` ends when all of it is done: after so many calls as
    there were before, so that few waits stand between many calls.
    """
    start, calls, seconds = time.perf_counter(), 0, 0.0
    while calls == 0 or seconds < TURN_SECONDS:
        for _ in range(max(calls, 1) if wait else 1):
            action()
            calls += 1
        if wait:
            wait()
        seconds = time.perf_counter() - start
    return seconds / calls


def peak_flops(rounds: int = 7) -> float:
    """Operations per second of nothing but float32 multiply-adds: this machine's measured peak.

    Without the native kernels, those of one large matrix product, which comes a little below.
    """
    native = native_module()
    rates = []
    for _ in range(rounds):
        start = time.perf_counter()
        count = (
            matrix_product() if native is None else native.multiply_adds(4_000_000, thread_count())
        )
        rates.append(count / (time.perf_counter() - start))
    return max(rates)


def matrix_product(size: int = 1536) -> float:
    """Multiplies two square matrices; returns how many operations that takes."""
    torch.mm(torch.ones(size, size), torch.ones(size, size))
    return 2.0 * size**3


def relative_rms(found: Tensor, expected: Tensor) -> float:
    """RMS of the difference over RMS of what is expected."""
    scale = expected.double().square().mean().sqrt().clamp(min=1e-30)
    return float((found.double() - expected.double()).square().mean().sqrt() / scale)
