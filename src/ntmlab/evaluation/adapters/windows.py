"""Classifiers of scikit-learn's kind, with the last letters as their features.

Legend: B batch, T time, k letters, W letters of the window.
"""

import hashlib
import warnings
from collections.abc import Iterator
from typing import Any, ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ntmlab.errors import InputError, Remark
from ntmlab.evaluation.bits import Array
from ntmlab.models.sizes import check_positive
from ntmlab.outputs import next_symbol_outputs
from ntmlab.sequences import Sequences, observed, symbols_of, why_no_sequences


class Classifier(Protocol):
    """What is asked of a classifier; ``classes_`` are the letters it knows."""

    classes_: Any

    def fit(self, features: Any, letters: Any, /) -> Any: ...
    def predict_proba(self, features: Any, /) -> Any: ...


class WindowPredictor:
    """The next letter from the last ``window`` of them, by a classifier."""

    foreign: ClassVar[bool] = True  # tested before it is scored

    def __init__(self, classifier: Classifier, letters: int, window: int) -> None:
        self.classifier, self.letters, self.window = classifier, letters, window
        self.outputs = next_symbol_outputs(letters)
        self._fitted: set[bytes] = set()

    def fit(self, sequences: Sequences) -> "WindowPredictor":
        """Fits the classifier on the scored steps of some sequences; returns itself.

        Raises InputError for what are no sequences of next letters, or of which none is scored.
        """
        if (reason := why_no_sequences(sequences)) is not None:
            raise InputError(f"the sequences to fit on have {reason}")
        shown, scored = observed(sequences.inputs, self.letters), sequences.mask.numpy() == 1
        if not scored.any():
            raise InputError("the sequences to fit on have no step that is scored")
        letters = symbols_of(sequences.targets, self.letters)[scored]
        self._fitted = set(_rows(shown))
        self.classifier.fit(self.features(shown)[scored.reshape(-1)], letters)
        return self

    def features(self, symbols: NDArray[np.int64]) -> NDArray[np.float32]:
        """Of each step the last W letters, the newest first, (B (T + 1), W k).

        A single 1 among k for each letter, all 0 for those before the first: so that no letter is
        taken for a 0 that was never seen.
        """
        rows, steps = symbols.shape
        shown = np.zeros((rows, self.window + steps, self.letters), dtype=np.float32)
        np.put_along_axis(shown[:, self.window :], symbols[..., None], 1, axis=-1)
        last = [shown[:, self.window - 1 - w : self.window + steps - w] for w in range(self.window)]
        return np.concatenate(last, axis=-1).reshape(rows * (steps + 1), -1)

    def __call__(self, inputs: Tensor) -> Tensor:
        symbols = observed(inputs, self.letters)
        self._remark_on_what_it_was_fitted_on(symbols)
        said = np.asarray(self.classifier.predict_proba(self.features(symbols)), np.float64)
        known = np.asarray(self.classifier.classes_)
        if said.shape[-1] != len(known) or not np.isin(known, np.arange(self.letters)).all():
            raise InputError(f"its classes are {known.tolist()}, not letters below {self.letters}")
        every: Array = np.zeros((len(said), self.letters))
        every[:, known.astype(np.int64)] = said
        shaped = every.reshape(len(symbols), -1, self.letters)
        return torch.from_numpy(self.outputs.from_distribution(shaped))

    def _remark_on_what_it_was_fitted_on(self, symbols: NDArray[np.int64]) -> None:
        if not self._fitted:
            return
        known = sum(row in self._fitted for row in _rows(symbols))
        if symbols.shape[1] and 2 * known > len(symbols):
            self._fitted = set()  # said once
            about = "it was fitted on: what it costs there says nothing of others"
            said = f"a classifier is asked about sequences that {about}"
            warnings.warn(said, Remark, stacklevel=3)


def _rows(symbols: NDArray[np.int64]) -> Iterator[bytes]:
    """A mark of each sequence of letters (B, T)."""
    return (hashlib.sha256(row.astype(np.uint8).tobytes()).digest() for row in symbols)


def from_sklearn(classifier: Classifier, letters: int = 2, *, window: int) -> WindowPredictor:
    """A predictor of the next letter by a classifier that sees the last ``window`` letters.

    The classifier has ``fit`` and ``predict_proba``, as scikit-learn's have. Fit it by the
    predictor's own ``fit(sequences)``, on sequences of another seed than is scored. A letter that
    it never saw gets probability 0, and costs infinitely many bits when it comes.

    >>> class Frequencies:
    ...     def fit(self, features, letters):
    ...         self.classes_, counts = np.unique(letters, return_counts=True)
    ...         self.p = counts / counts.sum()
    ...     def predict_proba(self, features):
    ...         return np.tile(self.p, (len(features), 1))
    >>> from ntmlab import make_task
    >>> task = make_task("hmm:mess3")
    >>> model = from_sklearn(Frequencies(), 3, window=2).fit(task.sample(1000, seed=1))
    >>> model(task.sample(1, seed=0).inputs)[0, 0].numpy().round(2).tolist()
    [0.33, 0.33, 0.33]
    """
    if isinstance(classifier, type) or not hasattr(classifier, "predict_proba"):
        raise InputError("from_sklearn takes a classifier, an instance with predict_proba")
    check_positive(window=window)
    return WindowPredictor(classifier, letters, window)
