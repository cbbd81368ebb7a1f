"""What the page shows of a sequence of letters: predictions, costs, divergences, contexts, machine.

Legend: T time, M models, k letters.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.compare import Comparison, compare
from ntmlab.evaluation.scored import Oracle, draw
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.contexts import context_counts
from ntmlab.explore.machine import MachineRun, run_machine
from ntmlab.explore.pack import pack
from ntmlab.explore.questions import ViewQuestion
from ntmlab.explore.tasks import alphabet, check_steps, describe
from ntmlab.letters import read_letters, write_letters
from ntmlab.outputs import of_symbol
from ntmlab.records import finite
from ntmlab.sequences import Predictor, Sequences, Task, next_symbol, outputs_of, symbols_of

KNOWING = {"oracle", "entropy"}  # the drawn parameters
CHANGED = " changed"  # after the name of a machine whose memory was changed

Rows = dict[str, Any]
Arrays = dict[str, NDArray[Any]]
Step = Callable[[str], None]  # hears which model comes next, and raises to give up


def no_step(name: str) -> None:
    """For those who wait until the end."""


def view(catalog: Catalog, question: ViewQuestion, step: Step = no_step) -> bytes:
    """The packed answer to a question; raises InputError if it cannot be answered."""
    name, task = catalog.task(question.task)
    letters = alphabet(task)
    sequences = _sequences(task, letters, question)
    shown, left_out = _chosen(catalog, question, (name, task), sequences, step)
    run = _run(catalog, question, name, sequences, step)
    comparison = _compare(shown, question, sequences, run, step)
    symbols = symbols_of(sequences.targets, letters)
    header: Rows = {
        "task": describe(name, task) | {"fitting": catalog.fitting(name, task)},
        "symbols": write_letters(symbols[0].tolist(), letters),
        "letters": letters,
        "window": question.window or [0, symbols.shape[1]],
        "models": _models(catalog, task, question, comparison),
        "left_out": left_out,
        "reference": comparison.reference,
    }
    told, arrays = context_counts(task, symbols)
    header |= told
    arrays |= {"symbols": symbols[0], **_predictions(comparison, symbols)}
    if run is not None:
        header["machine"] = {"name": question.machine, "starts": run.starts}
        arrays |= {**run.arrays, "memory": run.memory}
    return pack(header, arrays)


def _sequences(task: Task, letters: int, question: ViewQuestion) -> Sequences:
    if question.seed is not None:
        return draw(task, 1, question.seed, 0, truth=not KNOWING.isdisjoint(question.models))
    assert question.symbols is not None
    symbols = read_letters(question.symbols, letters, "the sequence")
    check_steps(len(symbols), letters)
    return next_symbol([symbols], letters)


def _chosen(
    catalog: Catalog,
    question: ViewQuestion,
    named: tuple[str, Task],
    sequences: Sequences,
    step: Step,
) -> tuple[dict[str, Predictor], dict[str, str]]:
    """The predictors that can be shown, and why others cannot.

    A model of another task is refused, one of another form of this task left out. Where none is
    left, an exact one stands in.
    """
    shown: dict[str, Predictor] = {}
    left_out: dict[str, str] = {}
    for model in question.models:
        if catalog[model].task in (None, named[0]) and (why := catalog.why_not(model, *named)):
            left_out[model] = why
            continue
        step(model)
        if (why := catalog.looks_ahead(model, *named)) and not catalog.unchecked:
            left_out[model] = f"{why}; --unchecked shows it all the same"
            continue
        predictor = catalog.predictor(model, *named)
        if isinstance(predictor, Oracle) and sequences.truth is None:
            left_out[model] = "it knows the parameters of drawn sequences only"
        else:
            shown[model] = predictor
    if not shown:
        exact = next(e for e in ("optimal", "coin") if catalog.why_not(e, *named) is None)
        shown[exact] = catalog.predictor(exact, *named)
    return shown, left_out


def _run(
    catalog: Catalog, question: ViewQuestion, name: str, sequences: Sequences, step: Step
) -> MachineRun | None:
    """What the machine did; None without one that fits."""
    if question.machine is None:
        if question.changes:
            raise InputError("changes need a machine to be made to")
        return None
    model = catalog.machine(question.machine)
    if (model.input_size, model.output_size) != _sizes(sequences):
        if catalog[question.machine].task != name:
            raise InputError(f"model {question.machine} does not predict these symbols one by one")
        return None
    return run_machine(model, sequences.inputs, question.changes, outputs_of(sequences), step)


def _sizes(sequences: Sequences) -> tuple[int, int]:
    return sequences.inputs.shape[-1], sequences.targets.shape[-1]


class Watched:
    """A predictor that says its name before it begins."""

    def __init__(self, name: str, predictor: Predictor, step: Step) -> None:
        self.name, self.predictor, self.step = name, predictor, step

    def __call__(self, inputs: Tensor) -> Tensor:
        self.step(self.name)
        return self.predictor(inputs)


class Ready:
    """A predictor whose predictions are computed already."""

    def __init__(self, run: MachineRun) -> None:
        self.run = run

    def __call__(self, inputs: object) -> NDArray[np.float64]:
        return self.run.probabilities[np.newaxis]


def _compare(
    shown: dict[str, Predictor],
    question: ViewQuestion,
    sequences: Sequences,
    run: MachineRun | None,
    step: Step,
) -> Comparison:
    """The models compared; a machine's run stands for its predictor, or beside it if changed."""
    predictors: dict[str, object] = {
        name: p if isinstance(p, Oracle) else Watched(name, p, step) for name, p in shown.items()
    }
    if run is not None and question.changes:
        predictors[f"{question.machine}{CHANGED}"] = Ready(run)
    elif run is not None and question.machine in predictors:
        predictors[question.machine] = Ready(run)
    return compare(sequences, predictors, "optimal" if "optimal" in predictors else None)


def _models(
    catalog: Catalog, task: Task, question: ViewQuestion, comparison: Comparison
) -> list[Rows]:
    """Each model's label, arrows and sums; the arrows are those of `ntmlab figure`."""
    window = None if question.window is None else slice(*question.window)
    rows = []
    for name in comparison.names:
        free = name in comparison.unreachable or comparison.reference in (None, name)
        base = name.removesuffix(CHANGED)
        changed = base != name
        row: Rows = {
            "name": name,
            "label": catalog.label(base, task) + (CHANGED if changed else ""),
            "bits": finite(float(comparison.cost(name).sum())),
            "marked": not free,
            "arrows": [] if free else comparison.divergences(name, 0, question.arrows, window),
        }
        if comparison.reference is not None:
            row["gap"] = finite(float(comparison.score(name).gap or 0.0))
            row["kl"] = finite(float(comparison.divergence(name).sum()))
        rows.append(row)
    return rows


def _predictions(comparison: Comparison, symbols: NDArray[np.int64]) -> Arrays:
    """Of each model what it gave, costs and divergences, (M, T) each.

    ``probabilities`` are those of a 1 for bits; with more letters, those of the letter that came,
    and ``distributions`` (M, T, k) those of every letter.
    """
    names, every = comparison.names, comparison.probabilities
    if comparison.outputs.letters == 2:
        arrays: Arrays = {"probabilities": _stack(every[name][0, :, 0] for name in names)}
    else:
        arrays = {
            "probabilities": _stack(of_symbol(every[name], symbols)[0] for name in names),
            "distributions": _stack(every[name][0] for name in names),
        }
    arrays["costs"] = _stack(comparison.cost(name)[0] for name in names)
    if comparison.reference is not None:
        arrays["divergences"] = _stack(comparison.divergence(name)[0] for name in names)
    return arrays


def _stack(rows: Iterable[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.stack(list(rows))
