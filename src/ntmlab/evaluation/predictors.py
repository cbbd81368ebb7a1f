"""Predictors by name: exact ones, shipped models, run folders, and anything a user brings."""

import functools
import importlib
import re
import sys
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.evaluation.compare import as_predictor
from ntmlab.models import ModulePredictor
from ntmlab.optimal import ContextKT, coin
from ntmlab.sequences import Predictor, Task
from ntmlab.weights import load_model

# Names of exact predictors that any next-bit task can be compared with.
EXACT = {
    "optimal": "the Bayes-optimal predictor of the task",
    "coin": "one half, always",
    "kt-K": "Eq. 10 with K bits of context, 0 to 16, whatever the task's order",
}

# How models are called in a picture; any other name stands as it is.
LABELS = {
    "optimal": "Optimal",
    "ntm": "NTM",
    "ntm-lstm": "NTM (LSTM)",
    "lstm": "LSTM",
    "ngrams-ntm": "NTM",
    "ngrams-ntm-lstm": "NTM (LSTM)",
    "ngrams-lstm": "LSTM",
}


def find_predictor(name: str, task: Task) -> Predictor:
    """The predictor a name stands for, checked to fit the task.

    ``optimal``, ``coin`` or ``kt-3``; a shipped model; a run folder or weights file; or
    ``package.module:factory``, whose factory takes no arguments and returns a PyTorch module
    (logits out) or a predictor. Raises InputError if there is no such thing or it does not fit.
    """
    if name == "optimal":
        return task.optimal()
    if name == "coin":
        return functools.partial(coin, outputs=task.output_size)
    if match := re.fullmatch(r"kt-(\d+)", name):
        return ContextKT(int(match[1]))
    if re.fullmatch(r"[\w.]+:\w+", name):
        return as_predictor(_from_factory(name))
    model = load_model(name)
    if (model.input_size, model.output_size) != (task.input_size, task.output_size):
        raise InputError(
            f"model {name} has {model.input_size} inputs and {model.output_size} outputs, but task "
            f"{task.name} has {task.input_size} and {task.output_size}"
        )
    return ModulePredictor(model)


def _from_factory(name: str) -> object:
    """What a user's ``package.module:factory`` returns; the current folder is searched too."""
    module_name, _, attribute = name.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        factory = getattr(importlib.import_module(module_name), attribute)
    except ImportError as error:
        raise InputError(f"model {name}: cannot import {module_name}: {error}") from None
    except AttributeError:
        raise InputError(f"model {name}: {module_name} has no {attribute}") from None
    try:
        return factory()
    except Exception as error:
        raise InputError(f"model {name}: its factory failed: {error!r}") from error
