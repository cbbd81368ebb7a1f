"""The compiled predictors of streams, where they were built."""

from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from ntmlab import native
from ntmlab.optimal.context_trees import ContextTrees
from ntmlab.optimal.estimators import BackOff
from ntmlab.optimal.filter import Filter
from ntmlab.optimal.kt import KT
from ntmlab.optimal.mixture import Mixture


@cache
def native_module() -> ModuleType | None:
    """The compiled module, None where it was not built."""
    try:
        return native.compiled("ntmlab.streams._native")
    except ImportError:
        return None


def compiled(exact: Filter) -> Any | None:
    """The compiled predictor of a filter, equal to `reference.steps_of` to the last bit.

    None for a filter that is not compiled, or where nothing is. What one knows stays bounded: at
    most 4 bytes a context and letter, and 24 a context, up to 16 letters; beyond, 24 a context and
    1,480 for each context that came; trees 16 more a node.
    """
    module = native_module()
    if module is None:
        return None
    if type(exact) is KT and (prior := _even(exact)) is not None:
        return module.Counts(exact.letters, exact.context, *prior)
    if type(exact) is BackOff:
        return module.BackOff(exact.letters, exact.context)
    if type(exact) is ContextTrees and exact.split == 0.5 and (prior := _even(exact)) is not None:
        made = module.BinaryTree if exact.letters == 2 else module.Tree
        return made(exact.letters, exact.depth, *prior)
    return _orders(module, exact) if type(exact) is Mixture else None


def _orders(module: ModuleType, exact: Mixture) -> Any | None:
    """A mixture of counts after contexts of A, A + 1, … B letters, all of one weight and prior."""
    members = [member for member in exact.members if type(member) is KT]
    if len(members) < len(exact.members) or not (exact.weights == exact.weights[0]).all():
        return None
    first, last = members[0].context, members[-1].context
    priors = {_even(member) for member in members}
    in_turn = [member.context for member in members] == list(range(first, last + 1))
    prior = priors.pop()
    if not in_turn or priors or prior is None:
        return None
    return module.Orders(exact.letters, first, last, *prior)


def _even(exact: KT | ContextTrees) -> tuple[float, float] | None:
    """A prior that is the same for every letter, and its sum; None if it is not."""
    prior = np.array(exact.prior)
    return (float(prior[0]), float(prior.sum())) if (prior == prior[0]).all() else None
