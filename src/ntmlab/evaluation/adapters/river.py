"""Classifiers that learn from one example at a time, as river's do, on the last letters.

Legend: k letters, W letters of the window.
"""

import copy
from collections import deque
from typing import Any, Protocol

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.adapters.stream import StreamPredictor, from_stream
from ntmlab.evaluation.bits import Array
from ntmlab.given import check_probability
from ntmlab.models.sizes import check_at_least


class Learner(Protocol):
    """What is asked of a classifier; labels are letters."""

    def learn_one(self, x: dict[str, int], y: int, /) -> Any: ...
    def predict_proba_one(self, x: dict[str, int], /) -> dict[Any, float]: ...


class Learning:
    """A classifier along one sequence: asked before each letter, taught by it after."""

    def __init__(self, classifier: Learner, letters: int, window: int, even: float) -> None:
        self.classifier, self.letters, self.even = copy.deepcopy(classifier), letters, even
        self.past: deque[int] = deque(maxlen=window)  # the newest first
        self.window = window

    @property
    def features(self) -> dict[str, int]:
        """A 1 for the letter that came so many steps ago, a 0 for every other; all 0 before."""
        shown = {f"{w + 1} ago {x}": 0 for w in range(self.window) for x in range(self.letters)}
        return shown | {f"{w + 1} ago {x}": 1 for w, x in enumerate(self.past)}

    def predict(self) -> Array:
        """P of each letter, (k,): all alike while it knows none."""
        said = dict(self.classifier.predict_proba_one(self.features))
        if not said or not any(said.values()):
            return np.full(self.letters, 1 / self.letters)
        known: Array = np.zeros(self.letters)
        for letter, likely in said.items():
            if self.letters > 2 and isinstance(letter, bool):
                raise InputError(
                    f"it tells two classes apart, not {self.letters} letters; wrap it, as river's "
                    "multiclass.OneVsRestClassifier does"
                )
            if letter not in range(self.letters):
                raise InputError(f"it speaks of {letter!r}, no letter below {self.letters}")
            known[int(letter)] = likely
        return (1 - self.even) * known + self.even / self.letters

    def update(self, letter: int) -> None:
        """It learns what followed the past, and goes on."""
        self.classifier.learn_one(self.features, letter)
        self.past.appendleft(letter)


def from_river(
    classifier: Learner, letters: int = 2, *, window: int, even: float = 0.0
) -> StreamPredictor:
    """A predictor of the next letter by a classifier that learns while the sequence goes on.

    The classifier has ``predict_proba_one`` and ``learn_one``, as river's have. Its features are
    the last ``window`` letters, k numbers each, named ``"1 ago 0"`` and so on: a single 1, all 0
    for letters before the first. After each letter it learns from it. **It learns within a sequence
    only**: every sequence begins with a copy of the classifier as it was given, and the one given
    is left alone; one that had learned before keeps that.

    Before it knows a letter, all have 1/k. A letter that it has not met yet it gives probability 0,
    which costs infinitely many bits when it comes: ``even`` is the share of an even distribution
    that is mixed in, none unless given.

    >>> class Frequencies:
    ...     def __init__(self):
    ...         self.counts = {}
    ...     def predict_proba_one(self, x):
    ...         return {y: n / sum(self.counts.values()) for y, n in self.counts.items()}
    ...     def learn_one(self, x, y):
    ...         self.counts[y] = self.counts.get(y, 0) + 1
    >>> from ntmlab import make_task
    >>> model = from_river(Frequencies(), 3, window=2, even=0.3)
    >>> inputs = make_task("hmm:mess3").sample(1, seed=0).inputs
    >>> model(inputs)[0, :3].numpy().round(2).tolist()
    [[0.33, 0.33, 0.33], [0.8, 0.1, 0.1], [0.8, 0.1, 0.1]]
    """
    methods = ("predict_proba_one", "learn_one")
    if isinstance(classifier, type) or not all(hasattr(classifier, name) for name in methods):
        raise InputError(f"from_river takes a classifier, an instance with {' and '.join(methods)}")
    check_at_least(0, window=window)
    check_probability("even", even)
    return from_stream(lambda: Learning(classifier, letters, window, even), letters)
