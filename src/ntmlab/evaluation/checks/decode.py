"""Does a code driven by the predictions, step by step, give the sequence back at its claimed cost?

Legend: T time, I inputs, k letters.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks.check import Check, Where, failing, passing, skipped
from ntmlab.evaluation.checks.coder import END_BITS, TOTAL, Decoder, Encoder
from ntmlab.evaluation.checks.probes import Probes, near
from ntmlab.evaluation.checks.subject import Subject, UnusableError
from ntmlab.evaluation.returned import as_array
from ntmlab.foreign import guarded
from ntmlab.sequences import Sequences, input_channels, next_symbol

# What a model says that sequences cost, in bits, (B,); by default the cost of one pass.
Claim = Callable[[Sequences], ArrayLike]

# The code's end takes up to two bits, and a code is whole bits long.
SLACK_BITS: Final = END_BITS + 1.0

CODED_ROWS: Final = 2  # drawn from the task, and at random

# Where every step takes a whole pass: so long at most, about, and not fewer symbols.
SECONDS: Final = 4.0
LEAST_CODED: Final = 8


class Code(NamedTuple):
    """The bits of a sequence."""

    bits: list[int]
    floored: bool  # whether a symbol came that the code gives more than its probability


def decode(
    subject: Subject, probes: Probes, lengths: Sequence[int], claim: Claim | None = None
) -> Check:
    """Encodes two sequences, decodes them, and compares lengths with the claimed costs."""
    if probes.letters is None or probes.symbols is None:
        return skipped("decode", "the task asks for answers, which are no sequence to code")
    length = _coded(subject, probes, lengths)
    spent = []
    for symbols in probes.symbols[:CODED_ROWS, :length]:
        sequences = next_symbol(symbols[None], probes.letters)
        try:
            code = _encoded(subject, sequences.inputs[0], symbols)
            wrong = _decoded(subject, probes.letters, symbols, code)
            claimed = _claimed(subject, sequences, claim)
        except UnusableError as error:
            return failing("decode", f"step by step {error}", Where(length))
        if (wrong := wrong or _length(code, claimed, length)) is not None:
            return wrong
        spent.append(f"{len(code.bits)} for {claimed:.1f} claimed")
    return passing("decode", f"{length} symbols come back; bits: {', '.join(spent)}")


def _coded(subject: Subject, probes: Probes, lengths: Sequence[int]) -> int:
    """How many symbols to code: fewer if each step takes a whole pass, and passes are slow."""
    length = near(lengths)
    if subject.stateless is None:
        return length
    # There and back, a pass a symbol, of half of the steps on average.
    seconds = max(2 * CODED_ROWS * length * probes.seconds_of(1, length) / 2, 1e-9)
    return max(min(length, LEAST_CODED), min(length, int(length * (SECONDS / seconds) ** 0.5)))


def _encoded(subject: Subject, inputs: Tensor, symbols: NDArray[np.int64]) -> Code:
    """The code of a sequence, from predictions step by step."""
    encoder, step, least = Encoder(), subject.stepper(), 1.0
    for shown, symbol in zip(inputs, symbols, strict=True):
        given = distribution(subject, step(shown))
        encoder.put(int(symbol), given)
        least = min(least, float(given[symbol]))
    return Code(encoder.finish(), least < 2 / TOTAL)


def _decoded(
    subject: Subject, letters: int, symbols: NDArray[np.int64], code: Code
) -> Check | None:
    """Whether the decoder, which knows the symbols that it decoded only, goes another way."""
    decoder, step = Decoder(code.bits), subject.stepper()
    shown = torch.zeros(input_channels(letters))
    for t, symbol in enumerate(symbols):
        found = decoder.get(distribution(subject, step(shown)))
        if found != symbol:
            message = (
                f"symbol {t} of {len(symbols)} is decoded as {found}, not {symbol}: the same past "
                "is answered otherwise the second time"
            )
            return failing("decode", message, Where(len(symbols), t))
        shown = next_symbol([[found, 0]], letters).inputs[0, 1]
    return None


def _claimed(subject: Subject, sequences: Sequences, claim: Claim | None) -> float:
    """What one sequence is said to cost in bits."""
    if claim is not None:
        said = guarded("its claim", claim, sequences)
        try:
            return float(as_array(said, "its claim").reshape(-1)[0])
        except (InputError, IndexError):
            raise InputError(f"its claim is a number, bits of a sequence, not {said!r}") from None
    said = subject.probabilities(subject.values(sequences.inputs))
    targets, mask = sequences.targets.numpy(), sequences.mask.numpy()
    return float(subject.outputs.cost_bits(said, targets, mask).sum())


def _length(code: Code, claimed: float, length: int) -> Check | None:
    """Whether the code is as long as claimed."""
    excess = len(code.bits) - claimed
    too_long = excess > SLACK_BITS or math.isnan(claimed)
    too_short = excess < -SLACK_BITS and not code.floored and math.isfinite(claimed)
    if not (too_long or too_short):
        return None
    nats = abs(len(code.bits) * math.log(2) - claimed) < SLACK_BITS
    guess = ": they look like nats" if nats and too_long else ""
    message = (
        f"{length} symbols take {len(code.bits)} bits, of which the end takes at most "
        f"{END_BITS}, where {claimed:.1f} are claimed{guess}"
    )
    return failing("decode", message, Where(length), abs(excess), excess)


def distribution(subject: Subject, values: Array) -> Array:
    """P of each letter, (k,), from the values of a step (O,)."""
    said = subject.probabilities(values[None, None])
    if (reason := subject.outputs.why_not(said)) is not None:
        raise UnusableError(f"it is no probability: {reason}")
    return np.asarray(subject.outputs.distribution(said)[0, 0])
