"""Exact predictors: what can be known at best from the symbols so far, and references below it."""

from ntmlab.optimal.change_points import ChangePoints
from ntmlab.optimal.context_trees import ContextTrees
from ntmlab.optimal.contexts import NGramContexts, contexts, visits
from ntmlab.optimal.estimators import BackOff, Capped, Decayed, Padded, Window
from ntmlab.optimal.filter import Coin, Filter, FilterPredictor, Stream, described, unroll
from ntmlab.optimal.forward import Forward
from ntmlab.optimal.kt import KT, ContextKT, coin
from ntmlab.optimal.lags import Lags
from ntmlab.optimal.mixture import Fixed, Mixture
from ntmlab.optimal.named import named_filter, named_predictor
from ntmlab.optimal.noisy import Noisy
from ntmlab.optimal.partition_tree import PartitionTree

__all__ = [
    "KT",
    "BackOff",
    "Capped",
    "ChangePoints",
    "Coin",
    "ContextKT",
    "ContextTrees",
    "Decayed",
    "Filter",
    "FilterPredictor",
    "Fixed",
    "Forward",
    "Lags",
    "Mixture",
    "NGramContexts",
    "Noisy",
    "Padded",
    "PartitionTree",
    "Stream",
    "Window",
    "coin",
    "contexts",
    "described",
    "named_filter",
    "named_predictor",
    "unroll",
    "visits",
]
