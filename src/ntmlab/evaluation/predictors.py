"""Predictors by name: exact ones, shipped models, run folders, and anything a user brings."""

import functools
from typing import Final

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.compare import as_predictor
from ntmlab.evaluation.prefix import tested_on
from ntmlab.evaluation.scored import Entropy, Oracle, answered
from ntmlab.foreign import make_foreign
from ntmlab.models import ModulePredictor, names_code, split_model
from ntmlab.names import EXACT
from ntmlab.optimal.kt import coin
from ntmlab.optimal.named import named_form, named_predictor
from ntmlab.sequences import Predictor, Task
from ntmlab.tasks.optimum import known_optimum
from ntmlab.weights import load_model

SAME: Final = 1e-6  # in probability: what two makings of one model may differ by, in rounding

# How models are called in a picture; any other name stands as it is.
LABELS = {
    "optimal": "Optimal",
    "oracle": "Oracle",
    "ntm": "NTM",
    "ntm-lstm": "NTM (LSTM)",
    "lstm": "LSTM",
    "ngrams-ntm": "NTM",
    "ngrams-ntm-lstm": "NTM (LSTM)",
    "ngrams-lstm": "LSTM",
}


def is_exact(name: str) -> bool:
    """Whether a name stands for an exact predictor, and not for a trained or a user's model."""
    return exact_form(name) is not None


def exact_form(name: str) -> str | None:
    """The key of `EXACT` that a name stands under, None for other names."""
    return name if name in EXACT else named_form(name)


def find_predictor(name: str, task: Task, *, unchecked: bool = False) -> Predictor:
    """The predictor a name stands for, checked to fit the task.

    ``optimal``, ``oracle``, or another of `EXACT` such as ``kt-3``; a shipped model; a run folder
    or weights file; or ``package.module:factory``, with ``:key=value,…`` for its options, which
    returns a PyTorch module (logits out) or a predictor; ``input_size`` and ``output_size`` are
    given to it if it takes them. Raises InputError if there is no such thing or it does not fit,
    and for what looks ahead: a user's own is tested, and comes back as `LooksAhead` if it is to be
    taken ``unchecked``.
    """
    return tested_on(task, untested_predictor(name, task), name, unchecked=unchecked)


def check_made_again(predictor: Predictor, name: str, task: Task) -> None:
    """Raises InputError for code of a user's own that makes another model each time it is called.

    That is one that draws its weights, as before training: what it says once nobody reads later.
    """
    if not names_code(name):
        return
    sequences = task.sample(2, 0)
    both = (predictor, untested_predictor(name, task))
    said, again = (answered(one, sequences, name) for one in both)
    if not np.abs(said - again).max() <= SAME:
        raise InputError(
            f"model {name} is another one each time that it is made, as where its weights are "
            "drawn: what it codes could never be read; train it, and give the run"
        )


def untested_predictor(name: str, task: Task) -> Predictor:
    """As `find_predictor`, whatever it does."""
    if name == "optimal":
        return known_optimum(task)
    if name in ("oracle", "entropy"):
        return Oracle() if name == "oracle" else Entropy()
    if is_exact(name):
        return _exact(name, task)
    if names_code(name):
        sizes = {"input_size": task.input_size, "output_size": task.output_size}
        factory, options = split_model(name)
        return as_predictor(make_foreign("model", factory, sizes, options), task.outputs)
    model = load_model(name)
    if (model.input_size, model.output_size) != (task.input_size, task.output_size):
        raise InputError(
            f"model {name} has {model.input_size} inputs and {model.output_size} outputs, but task "
            f"{task.name} has {task.input_size} and {task.output_size}"
        )
    return ModulePredictor(model, task.outputs)


def _exact(name: str, task: Task) -> Predictor:
    """A reference predictor for the task's alphabet; its context is the task's, if it has one."""
    if name == "coin" and task.letters in (None, 2):
        return functools.partial(coin, outputs=task.output_size)
    if task.letters is None:
        raise InputError(f"{name} predicts the next symbol; task {task.name} asks for answers")
    found = named_predictor(name, task.letters, getattr(task, "context_bits", None))
    assert found is not None
    return found
