"""Reference predictors by name, for any alphabet."""

import re
from collections.abc import Callable
from typing import Final

from ntmlab.errors import InputError
from ntmlab.names import NAMED
from ntmlab.optimal.context_trees import ContextTrees
from ntmlab.optimal.contexts import deepest
from ntmlab.optimal.estimators import BackOff, Capped, Decayed, Padded, Window
from ntmlab.optimal.filter import Coin, Filter, FilterPredictor
from ntmlab.optimal.kt import KT
from ntmlab.optimal.mixture import Mixture
from ntmlab.optimal.noisy import Noisy
from ntmlab.optimal.partition_tree import PartitionTree

# Letters of context where a name that takes them gives none: the paper's five bits, or fewer where
# there are more letters, so that a context has no more than 4,096 values.
USUAL_CONTEXT, USUAL_CONTEXTS = 5, 4096

_NUMBER: Final = r"\d+(?:\.\d+)?(?:e-?\d+)?|\.\d+"

# Kind: what makes it of an alphabet's size, numbers in the name and usual letters of context; how
# many numbers it takes, at least and at most.
_Maker = Callable[[int, list[float], int], Filter]
_MAKERS: Final[dict[str, tuple[_Maker, int, int]]] = {
    "coin": (lambda k, n, usual: Coin(k), 0, 0),
    "kt": (lambda k, n, usual: KT(k, _whole(n[0])), 1, 1),
    "add": (lambda k, n, usual: KT(k, _at(n, 1, usual), n[0]), 1, 2),
    "padded": (lambda k, n, usual: Padded(k, _at(n, 0, usual)), 0, 1),
    "mixture": (lambda k, n, usual: _orders(k, _whole(n[0]), _whole(n[1])), 2, 2),
    "ctw": (lambda k, n, usual: ContextTrees(k, _whole(n[0])), 1, 1),
    "ptw": (lambda k, n, usual: PartitionTree(k, _at(n, 0, 8)), 0, 1),
    "ppm": (lambda k, n, usual: BackOff(k, _at(n, 0, usual)), 0, 1),
    "window": (lambda k, n, usual: Window(k, _at(n, 1, usual), _whole(n[0])), 1, 2),
    "cap": (lambda k, n, usual: Capped(k, _at(n, 1, usual), n[0]), 1, 2),
    "decay": (lambda k, n, usual: Decayed(k, _at(n, 1, usual), n[0]), 1, 2),
    "noise": (lambda k, n, usual: Noisy(KT(k, _at(n, 1, usual)), n[0]), 1, 2),
}


def named_predictor(
    name: str, letters: int = 2, context: int | None = None
) -> FilterPredictor | None:
    """The reference predictor of a name in `NAMED` for an alphabet, None if it is no such name.

    ``context`` is for names that leave out their last number K: the task's letters of context, five
    unless given, and fewer where five of so many letters are too many. Raises InputError for a
    known name with numbers that it cannot have.
    """
    found = named_filter(name, letters, context)
    return None if found is None else FilterPredictor(found)


def named_filter(name: str, letters: int = 2, context: int | None = None) -> Filter | None:
    """As `named_predictor`, the filter itself."""
    form = named_form(name)
    if form is None:
        return None
    kind, *texts = name.split("-")
    make, least, most = _MAKERS[kind]
    if not least <= len(texts) <= most:
        raise InputError(f"predictor {name!r} has another number of parts than {form}")
    try:
        usual = usual_context(letters) if context is None else context
        return make(letters, [float(text) for text in texts], usual)
    except InputError as error:
        raise InputError(f"predictor {name}: {error}") from None


def named_form(name: str) -> str | None:
    """The form in `NAMED` that a name has, whatever its numbers; None if it has none.

    >>> named_form("window-50"), named_form("ngrams-ntm")
    ('window-N-K', None)
    """
    kind, *texts = name.split("-")
    if kind not in _MAKERS or not all(re.fullmatch(_NUMBER, text) for text in texts):
        return None
    return next(form for form in NAMED if form.partition("-")[0] == kind)


def usual_context(letters: int) -> int:
    """Letters of context where nothing else is said."""
    return min(USUAL_CONTEXT, deepest(letters, USUAL_CONTEXTS))


def _orders(letters: int, first: int, last: int) -> Filter:
    if first > last:
        raise InputError(f"from {first} to {last} letters of context there is nothing")
    return Mixture([KT(letters, context) for context in range(first, last + 1)])


def _whole(number: float) -> int:
    if not number.is_integer():
        raise InputError(f"{number:g} is no whole number")
    return int(number)


def _at(numbers: list[float], place: int, usual: int) -> int:
    """A whole number at a place of the name, or the usual one."""
    return _whole(numbers[place]) if len(numbers) > place else usual
