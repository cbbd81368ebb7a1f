"""How far a model is from each known predictor, and which mixture of them is nearest.

Legend: M known predictors, B sequences, T time, O output channels, K blocks of positions.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array, mean_and_error
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.ratios import Profile, Ratio
from ntmlab.evaluation.scored import draw, predict
from ntmlab.optimal.named import usual_context
from ntmlab.optimal.nearest import best_mixture
from ntmlab.sequences import Predictor, Task, outputs_of

BLOCKS: Final = 20  # of positions, at most
SAME: Final = 1e-9  # predictors nearer than this everywhere are one
MOST_NUMBERS: Final = 2**28  # that all predictions may have together


class Nearest(NamedTuple):
    """One model among known predictors; ``names`` of one that says the same are joined by =."""

    names: list[str]  # M
    bits: Array  # (M,) KL(model || known) a sequence
    bits_se: Array  # (M,)
    blocks: NDArray[
        np.int64
    ]  # (K + 1,) steps at which blocks of positions begin, and the last ends
    profile: Profile  # (M, K) KL a scored step in each block
    weights: Array  # (M,) of the best mixture
    mixture_bits: float  # KL(model || best mixture) a sequence

    @property
    def order(self) -> list[int]:
        """The known predictors, nearest first."""
        return np.argsort(self.bits, kind="stable").tolist()  # type: ignore[no-any-return]


def usual_references(task: Task) -> list[str]:
    """Names of the predictors that a model of a task is compared with unless others are given."""
    if task.letters is None:
        raise InputError(f"estimators are of next symbols; task {task.name} asks for answers")
    most = getattr(task, "context_bits", None)
    most = usual_context(task.letters) if most is None else most
    deeper = min(most + 1, usual_context(task.letters) + 1)
    counts = [f"kt-{context}" for context in range(max(most, deeper) + 1)]
    windows = ["window-100", "window-50", "window-25", "window-10"]
    forgets = ["cap-8", "cap-4", "cap-2", "decay-0.99", "decay-0.95", "decay-0.8"]
    others = [f"mixture-0-{most}", f"ctw-{most}", "ptw", f"add-1-{most}", f"ppm-{most}", "padded"]
    return ["optimal", "coin", *counts, *others, *windows, *forgets]


def nearest(
    task: Task,
    models: Mapping[str, Predictor],
    references: list[str] | None = None,
    sequences: int = 200,
    seed: int = 3,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[str, Nearest]:
    """Each model beside known predictors, on the first ``sequences`` sequences of a seed.

    Raises InputError for a task that asks for answers, fewer than 2 sequences or more than fit into
    memory, and a reference that is unknown or none.
    """
    chosen = usual_references(task) if references is None else references
    if task.letters is None:
        raise InputError(f"estimators are of next symbols; task {task.name} asks for answers")
    numbers = (len(chosen) + 1) * sequences * task.steps * task.letters
    if not (sequences >= 2 and numbers <= MOST_NUMBERS):
        most = MOST_NUMBERS // ((len(chosen) + 1) * task.steps * task.letters)
        raise InputError(f"--sequences must be from 2 to {most} here, not {sequences}")
    drawn = draw(task, sequences, seed, 0, truth=False)
    said = {name: predict(find_predictor(name, task), drawn, name) for name in chosen}
    outputs, mask = outputs_of(drawn), drawn.mask.numpy()
    scored = mask > 0
    known = _distinct(said, scored)
    found = {}
    for done, (name, model) in enumerate(models.items(), start=1):
        own = predict(model, drawn, name)
        apart = {key: outputs.divergence_bits(own, p, mask) for key, p in known.items()}
        flat = [outputs.distribution(p)[scored] for p in (own, *known.values())]
        mixed = best_mixture(flat[0], np.stack(flat[1:]))
        left = mixed.bits * float(scored.sum()) / sequences
        found[name] = _nearest(apart, mixed.weights, left, scored)
        progress(done)
    return found


def _distinct(said: Mapping[str, Array], scored: NDArray[np.bool_]) -> dict[str, Array]:
    """Predictions by name, those that are the same at all scored steps under one name."""
    known: dict[str, Array] = {}
    for name, p in said.items():
        alike = [other for other, q in known.items() if np.abs(p - q)[scored].max() <= SAME]
        if alike:
            known = {k if k != alike[0] else f"{k} = {name}": q for k, q in known.items()}
        else:
            known[name] = p
    return known


def _nearest(
    apart: Mapping[str, Array], weights: Array, left: float, scored: NDArray[np.bool_]
) -> Nearest:
    steps = next(iter(apart.values())).shape[1]
    count = min(BLOCKS, steps)
    blocks = np.linspace(0, steps, count + 1).astype(np.int64)
    place = np.searchsorted(blocks, np.arange(steps), side="right") - 1
    mean, error = np.transpose([mean_and_error(each.sum(1)) for each in apart.values()])
    with np.errstate(invalid="ignore"):  # infinite where a predictor holds for impossible
        parts = [
            Ratio.by_bin(each, np.where(scored, place, -1), count).profile()
            for each in apart.values()
        ]
    profile = Profile(*(np.stack(values) for values in zip(*parts, strict=True)))
    return Nearest(list(apart), mean, error, blocks, profile, weights, left)
