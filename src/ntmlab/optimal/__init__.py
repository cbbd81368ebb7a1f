"""Exact predictors: what can be known at best from the symbols so far."""

from ntmlab.optimal.contexts import NGramContexts, contexts, visits
from ntmlab.optimal.filter import Filter, FilterPredictor, Stream, unroll
from ntmlab.optimal.kt import KT, ContextKT, coin

__all__ = [
    "KT",
    "ContextKT",
    "Filter",
    "FilterPredictor",
    "NGramContexts",
    "Stream",
    "coin",
    "contexts",
    "unroll",
    "visits",
]
