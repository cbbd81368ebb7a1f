"""Are the outputs what they should be: shape, finite, normalised."""

import math
import time
import warnings
from collections.abc import Callable
from typing import Final

import numpy as np
from torch import Tensor

from ntmlab.errors import Remark
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks.check import Check, Where, failing, passing
from ntmlab.evaluation.checks.probes import Probes
from ntmlab.evaluation.checks.subject import Subject, UnusableError

BATCHES: Final = (1, 3)
SECONDS: Final = 0.5  # a pass beyond the usual lengths takes no longer
SLOW: Final = 0.5  # seconds for a single row, from which on the checks are long enough to say so


def shape(subject: Subject, probes: Probes) -> tuple[Check, dict[int, Array]]:
    """Outputs at every length and batch size; also those that are good, by length."""
    found: dict[int, Array] = {}
    wrong: list[tuple[int, int, str]] = []
    for length in [*probes.lengths, *probes.further]:
        if length in probes.further and _takes(probes, length) > SECONDS:
            probes.leave_out(length)
            break
        try:
            for rows in (*BATCHES, probes.rows):
                given = probes.of(length)[:rows]
                said, taken = _timed(subject, given)
                if length == probes.lengths[0] and rows == BATCHES[0] and taken >= SLOW:
                    # What a model does once, such as compiling itself, says nothing of the others.
                    said, taken = _timed(subject, given)
                    _say_if_slow(taken)
            found[length], probes.seconds[length] = said, taken
        except UnusableError as error:
            wrong.append((length, rows, str(error)))
    if not wrong:
        return passing("shape", _tried(probes, ", batches of 1, 3 and 4")), found
    length, rows, reason = wrong[0]
    message = f"with {rows} {'row' if rows == 1 else 'rows'} of {length} steps {reason}"
    return failing("shape", message, Where(length)), found


def _timed(subject: Subject, inputs: Tensor) -> tuple[Array, float]:
    """The answers of a pass, and the seconds it took."""
    started = time.monotonic()
    said = subject.values(inputs)
    return said, time.monotonic() - started


def _say_if_slow(seconds: float) -> None:
    """A remark, at the second pass, that the checks will take long."""
    if seconds >= SLOW:
        about = f"a pass of one row takes {seconds:.1f} s, and all checks make hundreds of passes"
        fewer = "Ctrl-C ends them; --only CHECK and --lengths N make fewer"
        warnings.warn(f"{about}: {fewer}", Remark, stacklevel=2)


def finite(probes: Probes, found: dict[int, Array]) -> Check:
    """Neither NaN nor infinity at any length; drops the lengths at which there is."""
    first: Check | None = None
    for length, values in list(found.items()):
        odd = ~np.isfinite(values)
        if not odd.any():
            continue
        del found[length]
        row, step, _ = map(int, np.argwhere(odd)[0])
        what = "NaN" if np.isnan(values[tuple(np.argwhere(odd)[0])]) else "an infinite number"
        first = first or failing(
            "finite",
            f"{what} at step {step} of {length}, with {probes.written(probes.of(length)[row])}",
            Where(length, step, row),
        )
    return first or passing("finite", _tried(probes))


def normalised(subject: Subject, probes: Probes, found: dict[int, Array]) -> Check:
    """Probabilities of a predictor; logits of a module that are no probabilities by mistake."""
    test: Callable[[Array], str | None] = subject.outputs.why_not
    if subject.module is not None:
        test = _why_no_logits
    for length, values in found.items():
        if (reason := test(values)) is not None:
            return failing("normalised", f"with {length} steps: {reason}", _place(test, values))
    if subject.module is None:
        about = "between 0 and 1, and sums are 1 within 1e-4"
    else:
        about = "logits, which are made probabilities here; not ones already"
    return passing("normalised", about + probes.untried)


def _why_no_logits(values: Array) -> str | None:
    """Why logits seem to be probabilities: they sum to about 1 at every step, and are positive."""
    sums = values.sum(-1)
    if values.shape[-1] < 2 or (values < 0).any() or not (np.abs(sums - 1) < 0.05).all():
        return None
    return (
        f"the outputs lie between 0 and 1 and sum to {sums.flat[0]:.6g}: they look like "
        "probabilities where logits are expected; ntmlab.from_torch takes either"
    )


def _place(test: Callable[[Array], str | None], values: Array) -> Where:
    """The first row and step that fail alone."""
    for row, step in np.ndindex(values.shape[:2]):
        if test(values[row : row + 1, step : step + 1]) is not None:
            return Where(values.shape[1], step, row)
    return Where(values.shape[1])


def _takes(probes: Probes, length: int) -> float:
    """About how long a pass of this length takes at most: as if it grew with its square."""
    longest = max(probes.seconds, default=1)
    return probes.seconds.get(longest, math.inf) * (length / longest) ** 2


def _tried(probes: Probes, more: str = "") -> str:
    """The lengths in words, and which were left out."""
    every = ", ".join(map(str, (*probes.lengths, *probes.further)))
    return f"at {every} steps{more}{probes.untried}"
