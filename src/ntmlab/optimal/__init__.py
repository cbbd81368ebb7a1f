"""Exact predictors: what can be known at best from the bits so far."""

from ntmlab.optimal.contexts import contexts, visits
from ntmlab.optimal.kt import ContextKT, KTStream, coin

__all__ = ["ContextKT", "KTStream", "coin", "contexts", "visits"]
