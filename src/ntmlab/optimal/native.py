"""The compiled loops over whole sequences, where they were built: the same numbers, faster.

Each function returns P of each letter before every step and after the last, (B, T + 1, k), or None
where the module was not built; the filters then go step by step.
"""

from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from ntmlab.native import compiled

Array = NDArray[np.float64]
Letters = NDArray[np.int64]


@cache
def native_module() -> ModuleType | None:
    """The compiled module, None where it was not built."""
    try:
        return compiled("ntmlab.optimal._native")
    except ImportError:
        return None


def counts(symbols: Letters, context: int, prior: Array) -> Array | None:
    """Counts after each context of letters (B, T), under a prior (k,)."""
    return _run("counts", symbols, len(prior), context, prior)


def trees(symbols: Letters, depth: int, leaf_odds: float, prior: Array) -> Array | None:
    """Context-tree weighting; ``leaf_odds`` are those of not splitting, infinity included."""
    return _run("trees", symbols, len(prior), depth, leaf_odds, prior)


def changes(symbols: Letters, hazard: float, prior: Array) -> Array | None:
    """Change points over all segmentations, weights as numbers scaled to a sum of 1."""
    return _run("changes", symbols, len(prior), hazard, prior)


def chain(
    symbols: Letters, matrices: Array, emission: Array, initial: Array
) -> tuple[Array, Array] | None:
    """The forward filter, and each row's least belief above 0, (B,): 0 after the impossible."""
    least = np.empty(len(symbols))
    found = _run("chain", symbols, len(matrices), matrices, emission, initial, least)
    return None if found is None else (found, least)


def _run(name: str, symbols: Letters, letters: int, *arguments: object) -> Array | None:
    module = native_module()
    if module is None:
        return None
    out = np.empty((len(symbols), symbols.shape[1] + 1, letters))
    getattr(module, name)(np.ascontiguousarray(symbols), out, *arguments)
    return out
