"""The contexts of a sequence and what came after each, where a task's optimum counts in contexts.

Legend: T time, k letters.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ntmlab.optimal import KT
from ntmlab.sequences import Task
from ntmlab.tasks import Source
from ntmlab.tasks.optimum import optimum_of


def context_counts(
    task: Task, symbols: NDArray[np.int64]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The context of each step, (T,), and how often each letter came after it before, (T, k).

    Contexts are numbered as ``context_names`` lists them, -1 where there is none yet; ``prior`` is
    what the optimum adds to each letter's count. Nothing for a task without contexts.

    >>> from ntmlab import make_task
    >>> task = make_task("dynamic-ngrams:order=2")
    >>> told, arrays = context_counts(task, np.array([[1, 1, 0, 1, 1]]))
    >>> told["context_names"], arrays["contexts"].tolist()
    (['1', '0'], [-1, 0, 0, 1, 0])
    >>> arrays["counts"].tolist()  # zeros and ones after the context so far
    [[0, 0], [0, 0], [0, 1], [0, 0], [1, 1]]
    """
    if not isinstance(task, Source) or (contexts := task.contexts) is None:
        return {}, {}
    numbers = contexts.of(symbols)[0]
    counts = np.zeros((len(numbers), task.letters), dtype=np.int64)
    seen: dict[int, NDArray[np.int64]] = {}
    for step, (number, symbol) in enumerate(zip(numbers.tolist(), symbols[0], strict=True)):
        if number >= 0:
            own = seen.setdefault(number, np.zeros(task.letters, dtype=np.int64))
            counts[step] = own
            own[symbol] += 1
    names, places = contexts.names, {number: i for i, number in enumerate(seen)}
    told: dict[str, Any] = {
        "context_names": [names[number] for number in seen],
        "prior": _prior(task),
    }
    return told, {
        "contexts": np.array([places.get(number, -1) for number in numbers.tolist()]),
        "counts": counts,
    }


def _prior(task: Source) -> list[float] | None:
    """What the optimum adds to the count of each letter, where it counts."""
    exact = getattr(optimum_of(task), "filter", None)
    return list(exact.prior) if isinstance(exact, KT) else None
