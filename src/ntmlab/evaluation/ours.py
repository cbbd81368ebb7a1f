"""Which predictors are of this package, and which are a user's."""

import functools
import inspect

from torch import nn

from ntmlab.foreign import is_own
from ntmlab.models.predictor import ModulePredictor, is_plain
from ntmlab.optimal.filter import FilterPredictor


def is_ours(predictor: object) -> bool:
    """Whether a predictor is of this package through and through, and has tests of its own.

    A filter that a user wrote counts where it is unrolled here: it never sees what comes.
    """
    if isinstance(predictor, ModulePredictor):
        return is_ours(predictor.module)
    if isinstance(predictor, nn.Module):
        return is_plain(predictor)
    if isinstance(predictor, FilterPredictor):
        return not hasattr(predictor.filter, "unrolled") or is_ours(predictor.filter)
    if isinstance(predictor, functools.partial):
        given = (*predictor.args, *predictor.keywords.values())
        return is_ours(predictor.func) and not any(map(callable, given))
    if getattr(predictor, "foreign", False):
        return False
    if inspect.ismethod(predictor):
        return is_ours(predictor.__self__)
    home = type(predictor).__module__
    if inspect.isfunction(predictor):  # its __module__ may be that of another, which it wraps
        home = str(predictor.__globals__.get("__name__"))
    return is_own(home)
