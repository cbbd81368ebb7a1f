"""Draws sequences, predicts, and says what every step cost.

Legend: B batch, T time, O output channels.
"""

import functools
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from ntmlab.errors import InputError, Remark
from ntmlab.evaluation.beside import MANY, not_said_again
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.doubts import Doubt, check_aligned
from ntmlab.evaluation.ours import is_ours
from ntmlab.evaluation.returned import as_probabilities
from ntmlab.foreign import guarded, is_own
from ntmlab.models.predictor import ModulePredictor
from ntmlab.optimal.filter import FilterPredictor
from ntmlab.outputs import Symbols
from ntmlab.sequences import Predictor, Sequences, Task, outputs_of
from ntmlab.tasks import Source
from ntmlab.tasks.fresh import ROWS, again, are_again, check_rows
from ntmlab.tasks.optimum import optimum_of

# Drawn and scored at once: at most so many sequences, and fewer of long ones or of many letters.
SEQUENCES_AT_ONCE: Final = 1024
STEPS_AT_ONCE: Final = 2**18
STEPS_OF_A_PIECE: Final = 2**16  # of a long sequence, whose costs are taken at once

MOST_SEQUENCES: Final = 10**9  # beyond, no machine ends


class Oracle:
    """Knows the parameters that each sequence was drawn with: a bound that none can reach.

    It is scored by the truth that a source returns beside the sample, and cannot be called.
    """

    unreachable: Final = True
    entropy: Final = False

    def __call__(self, inputs: Tensor) -> Tensor:
        raise InputError("the oracle sees the drawn parameters, not inputs; score it with a task")


class Entropy(Oracle):
    """As the oracle, with the expected cost of each step in place of what it cost by chance."""

    entropy = True  # type: ignore[misc]


class Steps(NamedTuple):
    """What a predictor said of some sequences, and what each step cost it.

    ``divergence`` is KL(optimal || model), whose sum has the mean of the gap and far less noise; of
    the oracle, which is no function of the past, it is -KL(oracle || optimal), of the same mean.
    None where there is no optimum.
    """

    probabilities: Array  # (B, T, O)
    cost: Array  # (B, T) bits
    divergence: Array | None  # (B, T) bits


class Batch(NamedTuple):
    """Some sequences of a task, the optimum on them, and each predictor."""

    start: int  # number of the first
    sequences: Sequences
    optimal: Steps | None
    found: dict[str, Steps]

    @property
    def end(self) -> int:
        """Number after the last."""
        return self.start + len(self.sequences.inputs)

    def gap(self, name: str) -> Array | None:
        """Bits above the optimum on the same sequences, (B,)."""
        return None if self.optimal is None else above(self.found[name], self.optimal.cost.sum(1))


def scored(
    task: Task,
    predictors: Mapping[str, Predictor],
    sequences: int,
    seed: int,
    progress: Callable[[int], None] = lambda done: None,
) -> Iterator[Batch]:
    """Batches of the first sequences of a seed, every predictor scored on each.

    Memory does not grow with their number. ``progress`` hears how many are done. Raises InputError
    for fewer than one sequence, and for a predictor that fails or returns no probabilities. A
    remark says where a user's optimum is surely not exact.
    """
    exact = optimum_of(task)
    doubt = Doubt(task, exact)
    for start, drawn in in_batches(task, predictors, sequences, seed, progress):
        batch = score_batch(drawn, predictors, exact, start)
        if batch.optimal is not None:
            doubt.see(drawn, batch.optimal.probabilities, batch.optimal.cost.sum(1))
        yield batch
    doubt.tell()


def in_batches(
    task: Task,
    predictors: Mapping[str, Predictor],
    sequences: int,
    seed: int,
    progress: Callable[[int], None] = lambda done: None,
) -> Iterator[tuple[int, Sequences]]:
    """The first sequences of a seed, some at a time, each with the number of its first.

    With the truth where a predictor asks for it. ``progress`` hears how many are done. Raises
    InputError for fewer than one sequence, and for a user's task that draws the first ones again.
    """
    if not 1 <= sequences <= MOST_SEQUENCES:
        raise InputError(
            f"the number of sequences must be from 1 to {MOST_SEQUENCES:,}, not {sequences}"
        )
    truth = any(isinstance(predictor, Oracle) for predictor in predictors.values())
    at_once = rows_at_once(task)
    first: Sequences | None = None
    for start in range(0, sequences, at_once):
        count = min(at_once, sequences - start)
        drawn = draw(task, count, seed, start, truth=truth)
        if not is_own(type(task).__module__):
            check_rows(task.name, drawn, count)
            if first is None:
                first = drawn.take(slice(ROWS))
            elif are_again(first, drawn.take(slice(ROWS))):
                raise InputError(again(task.name, start))
        yield start, drawn
        progress(start + count)


def score_batch(
    sequences: Sequences,
    predictors: Mapping[str, Predictor],
    optimal: Predictor | Array | None,
    start: int = 0,
) -> Batch:
    """Every predictor on the same sequences; ``optimal`` may be what was predicted before."""
    best = None
    if optimal is not None:
        best = score_optimal(sequences, optimal)
        best = best._replace(divergence=np.zeros_like(best.cost))
    q = None if best is None else best.probabilities
    found = {name: score_steps(p, sequences, name, q, start) for name, p in predictors.items()}
    return Batch(start, sequences, best, found)


def above(steps: Steps, least: Array) -> Array:
    """Bits of whole sequences above what they cost the optimum, (B,)."""
    with np.errstate(invalid="ignore"):
        return np.asarray(steps.cost.sum(1) - least)


def score_optimal(sequences: Sequences, optimal: Predictor | Array) -> Steps:
    """The optimum, step by step; it may be what was predicted before."""
    check_aligned(sequences, optimal)
    if not isinstance(optimal, np.ndarray):
        optimal = predict(optimal, sequences, "optimal")
    return _steps(sequences, optimal, None)


def score_steps(
    predictor: Predictor, sequences: Sequences, name: str, q: Array | None, start: int = 0
) -> Steps:
    """One predictor, step by step, beside the optimum's probabilities (B, T, O).

    Of few rows that others came before, ``start`` of them, beginnings are asked again.
    """
    p = predict(predictor, sequences, name)
    if start and len(p) <= MANY:
        ask_again(predictor, sequences, p, name, beginnings=True)
    steps = _steps(sequences, p, q)
    if not isinstance(predictor, Oracle):
        return steps
    outputs, mask = outputs_of(sequences), sequences.mask.numpy()
    cost = outputs.entropy_bits(p, mask) if predictor.entropy else steps.cost
    back = None if q is None else -outputs.divergence_bits(p, q, mask)
    return Steps(p, cost, back)


def predict(predictor: Predictor, sequences: Sequences, name: str) -> Array:
    """Checked probabilities (B, T, O) of a predictor.

    Raises InputError, with the predictor's name, where it fails, or what it returns has another
    shape, is not real, or is no probability. A remark says where a user's own, in a batch of many
    rows, sees others of them, looks ahead or does not say the same again.
    """
    result = answered(predictor, sequences, name)
    if len(result) > MANY:
        ask_again(predictor, sequences, result, name)
    return result


def answered(predictor: Predictor, sequences: Sequences, name: str) -> Array:
    """As `predict`, without a remark."""
    if not isinstance(predictor, Oracle):
        return asked(predictor, sequences, name)
    if sequences.truth is None:
        raise InputError(f"{name}: these sequences come without their drawn parameters")
    return _checked(as_probabilities(sequences.truth, name), sequences, name)


def ask_again(
    predictor: Predictor, sequences: Sequences, said: Array, name: str, *, beginnings: bool = False
) -> None:
    """A remark where what a user's own predictor said of some sequences is no number of its.

    With ``beginnings`` parts of a few of them are asked, which takes less time.
    """
    if is_ours(predictor):
        return
    ask = functools.partial(asked, predictor, name=name)
    if reason := not_said_again(predictor, sequences, said, ask, beginnings=beginnings):
        about = f"predictor {name} {reason}; what it costs means nothing"
        warnings.warn(about, Remark, stacklevel=3)


def asked(predictor: Predictor, sequences: Sequences, name: str) -> Array:
    """As `predict`, whatever the predictor sees."""
    result = _checked(as_probabilities(_said(predictor, sequences, name), name), sequences, name)
    if isinstance(outputs_of(sequences), Symbols) and not is_ours(predictor):
        result /= result.sum(-1, keepdims=True)  # a part in 10,000 too many is 0.03 bits in 200
    return result


def _checked(result: Array, sequences: Sequences, name: str) -> Array:
    """Numbers (B, T, O) that are probabilities; raises InputError for others."""
    if result.shape != tuple(sequences.targets.shape):
        raise InputError(
            f"predictor {name} returned shape {result.shape}, "
            f"but the targets have shape {tuple(sequences.targets.shape)}"
        )
    if (reason := outputs_of(sequences).why_not(result)) is not None:
        logits = np.isfinite(result).all() and (result < 0).any() and (result > 1).any()
        hint = "; they look like logits, and a predictor returns probabilities" if logits else ""
        raise InputError(f"predictor {name} returned no probabilities: {reason}{hint}")
    return result


def _said(predictor: Predictor, sequences: Sequences, name: str) -> object:
    """What a predictor returns; whatever it raises becomes one line with its name.

    It gets inputs of its own, since it may write into them; but for ours that see to that, and for
    which a copy of a million steps would be another one.
    """
    if isinstance(predictor, nn.Module):  # whose outputs are logits, as `compare` takes them
        predictor = ModulePredictor(predictor, outputs_of(sequences))
    sees_to_it = isinstance(predictor, ModulePredictor | FilterPredictor)
    careful = sees_to_it and is_own(type(predictor).__module__)
    inputs = sequences.inputs if careful else sequences.inputs.clone()
    try:
        return guarded(f"predictor {name}", predictor, inputs)
    except InputError as error:
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", str(error)):
            raise
        raise InputError(f"predictor {name}: {error}") from None


def draw(task: Task, count: int, seed: int, start: int, *, truth: bool) -> Sequences:
    """Sequences of a task, the truth beside them if asked and the task knows it."""
    if truth and isinstance(task, Source):
        return task.sample(count, seed, start, truth=True)
    return task.sample(count, seed, start)


def rows_at_once(task: Task) -> int:
    """How many sequences of a task are drawn and scored at once."""
    channels = 1 if task.deterministic else task.output_size  # answers have bounded widths
    return max(1, min(SEQUENCES_AT_ONCE, STEPS_AT_ONCE // max(1, task.steps * channels)))


def _steps(sequences: Sequences, p: Array, q: Array | None) -> Steps:
    outputs = outputs_of(sequences)
    targets, mask = sequences.targets.numpy(), sequences.mask.numpy()
    divergence = None if q is None else _in_pieces(outputs.divergence_bits, q, p, mask)
    return Steps(p, _in_pieces(outputs.cost_bits, p, targets, mask), divergence)


def _in_pieces(bits: Callable[..., Array], *parts: NDArray[Any]) -> Array:
    """Bits of each step, (B, T), so that what is needed on the way does not grow with T."""
    steps = parts[0].shape[1]
    if steps <= STEPS_OF_A_PIECE:
        return bits(*parts)
    found = np.empty(parts[0].shape[:2])
    for start in range(0, steps, STEPS_OF_A_PIECE):
        piece = slice(start, start + STEPS_OF_A_PIECE)
        found[:, piece] = bits(*(part[:, piece] for part in parts))
    return found
