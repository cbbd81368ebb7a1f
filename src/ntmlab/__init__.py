"""How close does a sequence model come to the Bayes-optimal predictor, and where does it fail?"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ntmlab.errors import InputError
    from ntmlab.evaluation import Comparison, compare
    from ntmlab.evaluation.adapters import (
        from_hmm,
        from_river,
        from_sklearn,
        from_stream,
        from_torch,
        from_transformers,
    )
    from ntmlab.evaluation.checks import Check, check_predictor, parametrize_with_checks
    from ntmlab.models import LSTM, NTM
    from ntmlab.optimal import ContextKT
    from ntmlab.outputs import Bits, Symbols
    from ntmlab.sequences import Predictor, Sequences, next_symbol
    from ntmlab.tasks import (
        AnswerTask,
        Copy,
        DynamicNGrams,
        PrioritySort,
        Recall,
        RepeatCopy,
        Source,
        make_task,
    )
    from ntmlab.weights import load_model

__version__ = "0.1.0"

__all__ = [
    "LSTM",
    "NTM",
    "AnswerTask",
    "Bits",
    "Check",
    "Comparison",
    "ContextKT",
    "Copy",
    "DynamicNGrams",
    "InputError",
    "Predictor",
    "PrioritySort",
    "Recall",
    "RepeatCopy",
    "Sequences",
    "Source",
    "Symbols",
    "check_predictor",
    "compare",
    "from_hmm",
    "from_river",
    "from_sklearn",
    "from_stream",
    "from_torch",
    "from_transformers",
    "load_model",
    "make_task",
    "next_symbol",
    "parametrize_with_checks",
]

# Imported on first use, so that `ntmlab --help` does not wait for PyTorch.
_HOMES = {
    "LSTM": "ntmlab.models",
    "NTM": "ntmlab.models",
    "AnswerTask": "ntmlab.tasks",
    "Bits": "ntmlab.outputs",
    "Check": "ntmlab.evaluation.checks",
    "Comparison": "ntmlab.evaluation",
    "ContextKT": "ntmlab.optimal",
    "Copy": "ntmlab.tasks",
    "DynamicNGrams": "ntmlab.tasks",
    "InputError": "ntmlab.errors",
    "Predictor": "ntmlab.sequences",
    "PrioritySort": "ntmlab.tasks",
    "Recall": "ntmlab.tasks",
    "RepeatCopy": "ntmlab.tasks",
    "Sequences": "ntmlab.sequences",
    "Source": "ntmlab.tasks",
    "Symbols": "ntmlab.outputs",
    "check_predictor": "ntmlab.evaluation.checks",
    "compare": "ntmlab.evaluation",
    "from_hmm": "ntmlab.evaluation.adapters",
    "from_river": "ntmlab.evaluation.adapters",
    "from_sklearn": "ntmlab.evaluation.adapters",
    "from_stream": "ntmlab.evaluation.adapters",
    "from_torch": "ntmlab.evaluation.adapters",
    "from_transformers": "ntmlab.evaluation.adapters",
    "load_model": "ntmlab.weights",
    "make_task": "ntmlab.tasks",
    "next_symbol": "ntmlab.sequences",
    "parametrize_with_checks": "ntmlab.evaluation.checks",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'ntmlab' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
