"""All statistics of a machine's memory, over as many sequences as asked for.

Legend: B sequences, T time, K contexts, N slots, L lags.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.ratios import Profile, Ratio, cosine
from ntmlab.evaluation.score import Score
from ntmlab.models import NTM, ModulePredictor
from ntmlab.optimal import NGramContexts, coin
from ntmlab.sequences import Predictor, Task
from ntmlab.studies.fits import explained
from ntmlab.studies.inside.addresses import (
    WORST,
    Matrices,
    address_statistics,
    entropy_bits,
    matrices,
    mistake_statistics,
)
from ntmlab.studies.inside.content import count_targets
from ntmlab.studies.inside.lesions import lesions
from ntmlab.studies.inside.usage import Steps, Usage, record
from ntmlab.studies.inside.writes import write_statistics
from ntmlab.studies.traces import LAGS

AT_ONCE = 128  # sequences, of 200 steps; about 300 MB with 128 slots
PAIRS_AT_ONCE = AT_ONCE * 200**2  # of steps of a sequence, all of which are compared
LONGEST = 2000
SAME = 0.5  # cosine from which two mean weightings are the same place
FEWEST = 4  # sequences: two to fit and two to score
MOST_CONTEXT_BITS = 8  # tables of counts grow with 2^k


@dataclass(frozen=True)
class Inside:
    """What was found in a machine.

    ``statistics`` are means over steps with standard errors over sequences, named as
    `address_statistics` and `write_statistics` say; ``explained`` R² of `count_targets` from the
    content read; ``scores`` the gap of the machine, "whole", of its `lesions`, and of a "coin".
    """

    sequences: int
    seed: int
    context_bits: int
    prior: tuple[float, ...]  # of a one and of a zero
    statistics: dict[str, Profile]
    matrices: Matrices
    explained: dict[str, Profile]
    scores: dict[str, Score]

    @property
    def lag(self) -> int:
        """Steps from a read to the write that moves what it read furthest."""
        return int(np.argmax(self.statistics["change"].mean))

    def read_matrix(self) -> Array:
        """Mean read weighting at the visits of each context, (K, N)."""
        return self._mean(self.matrices.read)

    def write_matrix(self, lag: int | None = None) -> Array:
        """Mean write weighting ``lag`` steps after the visits of each context, (K, N)."""
        return self._mean(self.matrices.write[self.lag if lag is None else lag])

    def concentration(self) -> dict[str, Array]:
        """Of each context's mean read and write weighting: entropy in bits and top share.

        Of the contexts that came, in order: one that never does has no weighting.
        """
        came = self.matrices.visits > 0
        both = {"read": self.read_matrix()[came], "write": self.write_matrix()[came]}
        entropies = {f"{name}_entropy": entropy_bits(matrix) for name, matrix in both.items()}
        return entropies | {f"{name}_top_share": matrix.max(1) for name, matrix in both.items()}

    def sharing(self) -> list[tuple[int, ...]]:
        """Groups of contexts that read the same place: cosine of mean weightings 0.5 or more.

        A group is all that is linked by such pairs; contexts on their own are in none.
        """
        read = self.read_matrix()
        same = cosine(read[:, None], read[None]) >= SAME
        groups: list[set[int]] = []
        for context in range(len(read)):
            linked = {context, *map(int, np.flatnonzero(same[context]))}
            apart = [group for group in groups if not group & linked]
            groups = [*apart, linked.union(*(group for group in groups if group & linked))]
        return sorted(tuple(sorted(group)) for group in groups if len(group) > 1)

    def loss(self, contexts: Iterable[int]) -> float:
        """Bits a sequence that are lost at the visits of some contexts, Σ KL."""
        loss = self.statistics["loss_by_context"]
        bits = np.nan_to_num(loss.mean) * loss.steps / self.sequences
        return float(bits[list(contexts)].sum())

    def slots_read(self) -> int:
        """How many different slots are the ones contexts read most."""
        return len(np.unique(self.read_matrix()[self.matrices.visits > 0].argmax(1)))

    def _mean(self, sums: Array) -> Array:
        return np.asarray(sums / np.maximum(self.matrices.visits, 1)[:, None])


def look_inside(
    model: NTM,
    task: Task,
    sequences: int = 1000,
    seed: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> Inside:
    """Runs a machine on the first ``sequences`` sequences of a seed and measures its memory.

    ``progress`` hears how many sequences are done. Raises InputError for fewer than 4 sequences,
    sequences too short to have a write after every read or of more than 2000 bits, more than 8
    bits of context, or a task without contexts of bits.
    """
    context_bits = check(task, sequences)
    prior = getattr(task, "prior", (0.5, 0.5))
    found = _Found([], [], [], [], [])
    threshold = float("inf")
    at_once = max(FEWEST, min(AT_ONCE, PAIRS_AT_ONCE // task.steps**2))
    for start, count in _batches(sequences, at_once):
        batch = task.sample(count, seed, start)
        usage = record(model, batch, context_bits, task.optimal())
        if start == 0:  # the same for all: clear mistakes are the worst of the first batch
            threshold = clear_mistake(usage)
        found.take(usage, threshold, prior)
        progress(start + len(usage.bits))
    models = {"whole": model, **lesions(model)}
    predictors: dict[str, Predictor] = {n: ModulePredictor(one) for n, one in models.items()}
    predictors["coin"] = coin
    scores = evaluate(task, predictors, sequences, seed)
    sizes = (sequences, seed, context_bits, prior)
    summed = functools.reduce(_added, found.matrices)
    return Inside(*sizes, found.statistics(), summed, found.explained(), scores)


def _batches(sequences: int, at_once: int) -> Iterator[tuple[int, int]]:
    """Where batches start, and their sizes: none of one sequence, which would be its own next."""
    start = 0
    while left := sequences - start:
        count = left if left <= at_once + 1 else at_once
        yield start, count
        start += count


class _Found(NamedTuple):
    """What is kept of each batch."""

    ratios: list[dict[str, Ratio]]
    matrices: list[Matrices]
    features: list[Array]
    targets: list[dict[str, Array]]
    contexts: list[Steps]

    def take(self, usage: Usage, threshold: float, prior: tuple[float, ...]) -> None:
        """Adds a batch."""
        loss = Ratio.by_bin(usage.divergence, usage.contexts, usage.ones.shape[2])
        ratios = address_statistics(usage) | write_statistics(usage)
        mistakes = mistake_statistics(usage, threshold)
        self.ratios.append({**ratios, **mistakes, "loss_by_context": loss})
        self.matrices.append(matrices(usage))
        self.features.append(usage.reads)
        self.targets.append(count_targets(usage, prior))
        self.contexts.append(usage.contexts)

    def statistics(self) -> dict[str, Profile]:
        """Means over all batches."""
        names = self.ratios[0]
        return {name: Ratio.joined([own[name] for own in self.ratios]).profile() for name in names}

    def explained(self) -> dict[str, Profile]:
        """R² over all batches."""
        names = self.targets[0]
        joined = {name: np.concatenate([own[name] for own in self.targets]) for name in names}
        kept = np.concatenate(self.contexts) >= 0
        return explained(np.concatenate(self.features), joined, kept)


def clear_mistake(usage: Usage) -> float:
    """The divergence in bits that the worst hundredth of later visits reaches."""
    later_visits = usage.divergence[usage.previous >= 0]
    return float(np.quantile(later_visits, 1 - WORST)) if len(later_visits) else float("inf")


def _added(first: Matrices, second: Matrices) -> Matrices:
    return Matrices(*(a + b for a, b in zip(first, second, strict=True)))


def check(task: Task, sequences: int) -> int:
    """Bits of context of a task whose counts a memory can hold.

    Raises InputError for others, and for what `look_inside` does not take.
    """
    contexts = getattr(task, "contexts", None)
    if task.letters != 2 or not isinstance(contexts, NGramContexts):
        raise InputError(
            "a study of the memory asks whether it counts ones and zeros in contexts of bits; "
            f"task {task.name} has none"
        )
    bits = contexts.context
    if sequences < FEWEST:
        raise InputError(f"a study of the memory needs at least {FEWEST} sequences")
    if not bits + 2 * LAGS <= task.steps <= LONGEST:
        raise InputError(
            f"a study of the memory needs sequences of {bits + 2 * LAGS} to {LONGEST} bits, "
            f"not {task.steps}"
        )
    if not 1 <= bits <= MOST_CONTEXT_BITS:
        raise InputError(f"a study of the memory takes an order of 2 to {MOST_CONTEXT_BITS + 1}")
    return bits
