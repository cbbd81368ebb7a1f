"""Ways to divide the steps of sequences: by position, and by visit, age and context.

The latter three where the task counts in contexts. Legend: B sequences, T time.
"""

import warnings
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import Remark
from ntmlab.optimal.contexts import previous_of, visits_of
from ntmlab.sequences import Task
from ntmlab.tasks.source import Contexts

Bins = NDArray[np.int64]

BLOCKS: Final = 20  # of positions
VISITS: Final = 21  # first to twentieth visit, and all later ones
OLD: Final = 32  # steps since the last visit from which on a context is long ago
MOST_CONTEXTS: Final = 256  # more have too few visits each


class LossBins(NamedTuple):
    """What is known of some sequences: the bins of every step, (B, T), by part.

    ``ages``, where there are contexts, has the visits of those that were seen lately and of those
    that were seen long ago, -1 elsewhere, (B, T) each.
    """

    bins: dict[str, Bins]
    ages: tuple[Bins, Bins] | None


def contexts_of(task: Task) -> Contexts | None:
    """The contexts by which a task's steps are divided: not fewer than 2, nor too many."""
    contexts: Contexts | None = getattr(task, "contexts", None)
    if contexts is None or not 2 <= len(contexts.names) <= MOST_CONTEXTS:
        return None
    return contexts


def remark_on_contexts(task: Task) -> None:
    """Says so where a task has too many contexts for its steps to be divided by them."""
    contexts: Contexts | None = getattr(task, "contexts", None)
    if contexts is not None and len(contexts.names) > MOST_CONTEXTS:
        warnings.warn(
            f"losses are told by position alone: the {len(contexts.names):,} contexts of task "
            f"{task.name} are more than {MOST_CONTEXTS}",
            Remark,
            stacklevel=3,
        )


def bin_names(task: Task) -> dict[str, list[str]]:
    """Names of the bins by part; the last bin of all but position is for steps without context."""
    width, contexts = block_width(task.steps), contexts_of(task)
    starts = range(0, task.steps, width)
    names = {"position": [f"{t}–{min(t + width, task.steps) - 1}" for t in starts]}
    if contexts is None:
        return names
    ages = [2**i for i in range(max(1, task.steps.bit_length()))]
    return {
        **names,
        "visit": [*map(str, range(1, VISITS)), f"{VISITS}+", "none"],
        "age": [*(f"{a}–{2 * a - 1}" if a > 1 else "1" for a in ages), "first visit", "none"],
        "context": [*contexts.names, "none"],
    }


def block_width(steps: int) -> int:
    """Steps in a block of positions."""
    return -(-steps // BLOCKS)


def loss_bins(task: Task, symbols: Bins) -> LossBins:
    """The bins of every step of sequences (B, T); steps without a context have the last one."""
    place = np.broadcast_to(np.arange(symbols.shape[1]), symbols.shape)
    bins, contexts = {"position": place // block_width(task.steps)}, contexts_of(task)
    if contexts is None:
        return LossBins(bins, None)
    names, context = bin_names(task), contexts.of(symbols)
    visit = visits_of(context, len(contexts.names))
    before = previous_of(context, len(contexts.names))
    has, again = context >= 0, before >= 0
    age = np.floor(np.log2(np.maximum(place - before, 1))).astype(np.int64)
    last = {part: len(every) - 1 for part, every in names.items()}
    bins |= {
        "visit": np.where(has, np.minimum(visit, VISITS - 1), last["visit"]),
        "age": np.where(again, age, np.where(has, last["age"] - 1, last["age"])),
        "context": np.where(has, context, last["context"]),
    }
    old = place - before > OLD
    return LossBins(bins, (np.where(again & ~old, visit, -1), np.where(again & old, visit, -1)))
