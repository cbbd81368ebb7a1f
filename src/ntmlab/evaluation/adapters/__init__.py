"""Adapters: models from elsewhere as predictors of next symbols, aligned by the adapter.

A predictor says P(x_t | x_<t) at step t, the first symbol included. What a model is fed at that
step, and what its output means, is said here once, and never guessed from shapes or values.
"""

from ntmlab.evaluation.adapters.hmm import from_hmm
from ntmlab.evaluation.adapters.module import from_torch
from ntmlab.evaluation.adapters.river import from_river
from ntmlab.evaluation.adapters.stream import from_stream
from ntmlab.evaluation.adapters.transformers import from_transformers
from ntmlab.evaluation.adapters.windows import from_sklearn

__all__ = [
    "from_hmm",
    "from_river",
    "from_sklearn",
    "from_stream",
    "from_torch",
    "from_transformers",
]
