"""What the page shows of a sequence of bits: predictions, costs, divergences, contexts, machine.

Legend: T time, M models.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ntmlab.errors import InputError
from ntmlab.evaluation.compare import Comparison, compare
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.machine import MachineRun, run_machine
from ntmlab.explore.pack import pack
from ntmlab.explore.questions import ViewQuestion
from ntmlab.optimal import contexts
from ntmlab.sequences import Sequences, next_symbol
from ntmlab.tasks import DynamicNGrams

CHANGED = " changed"  # after the name of a machine whose memory was changed

Rows = dict[str, Any]


def view(catalog: Catalog, question: ViewQuestion) -> bytes:
    """The packed answer to a question; raises InputError if it cannot be answered."""
    task = DynamicNGrams(order=question.order, prior=question.prior)
    sequences = _sequences(question)
    run = _run(catalog, question, sequences)
    comparison = _compare(catalog, question, task, sequences, run)
    bits = comparison.targets[0, :, 0].astype(np.int64)
    header: Rows = {
        "bits": "".join(map(str, bits)),
        "order": question.order,
        "prior": question.prior,
        "window": question.window or [0, len(bits)],
        "models": _models(catalog, question, comparison),
        "reference": comparison.reference,
    }
    arrays = _predictions(comparison) | context_counts(bits, task.context_bits)
    if run is not None:
        header["machine"] = {"name": question.machine, "starts": run.starts}
        arrays |= {**run.arrays, "memory": run.memory}
    return pack(header, arrays)


def _sequences(question: ViewQuestion) -> Sequences:
    if question.draw is not None:
        length = question.draw.length
        task = DynamicNGrams(order=question.order, length=length, prior=question.prior)
        return task.sample(1, question.draw.seed)
    assert question.bits is not None
    return next_symbol([[int(bit) for bit in question.bits]])


def _run(catalog: Catalog, question: ViewQuestion, sequences: Sequences) -> MachineRun | None:
    if question.machine is None:
        if question.changes:
            raise InputError("changes need a machine to be made to")
        return None
    model = catalog.machine(question.machine)
    if model.input_size != 1 or model.output_size != 1:
        raise InputError(f"model {question.machine} does not predict bits one by one")
    return run_machine(model, sequences.inputs, question.changes)


def _compare(
    catalog: Catalog,
    question: ViewQuestion,
    task: DynamicNGrams,
    sequences: Sequences,
    run: MachineRun | None,
) -> Comparison:
    """The models compared; a machine's run stands for its predictor, or beside it if changed."""
    predictors: dict[str, object] = {}
    for name in question.models:
        predictors[name] = catalog.predictor(name, task)
        if run is not None and name == question.machine and not question.changes:
            predictors[name] = _Known(run)
    if run is not None and question.changes:
        predictors[f"{question.machine}{CHANGED}"] = _Known(run)
    return compare(sequences, predictors)


class _Known:
    """A predictor whose predictions are computed already."""

    def __init__(self, run: MachineRun) -> None:
        self.run = run

    def __call__(self, inputs: object) -> NDArray[np.float64]:
        return self.run.probabilities[np.newaxis]


def _models(catalog: Catalog, question: ViewQuestion, comparison: Comparison) -> list[Rows]:
    """Each model's label, arrows and sums; the arrows are those of `ntmlab figure`."""
    window = None if question.window is None else slice(*question.window)
    rows = []
    for name in comparison.names:
        marked = comparison.reference not in (None, name)
        base = name.removesuffix(CHANGED)
        changed = base != name
        row: Rows = {
            "name": name,
            "label": catalog[base].label + (CHANGED if changed else ""),
            "bits": finite(comparison.cost(name).sum()),
            "arrows": comparison.divergences(name, 0, question.arrows, window) if marked else [],
        }
        if comparison.reference is not None:
            row["gap"] = finite(float(comparison.score(name).gap or 0.0))
            row["kl"] = finite(comparison.divergence(name).sum())
        rows.append(row)
    return rows


def finite(value: float) -> float | None:
    """The number, or None for one that JSON cannot say."""
    return float(value) if np.isfinite(value) else None


def _predictions(comparison: Comparison) -> dict[str, NDArray[Any]]:
    """Probabilities of a 1, costs and divergences, (M, T) each."""
    names = comparison.names
    arrays: dict[str, NDArray[Any]] = {
        "probabilities": np.stack([comparison.probabilities[name][0, :, 0] for name in names]),
        "costs": np.stack([comparison.cost(name)[0] for name in names]),
    }
    if comparison.reference is not None:
        arrays["divergences"] = np.stack([comparison.divergence(name)[0] for name in names])
    return arrays


def context_counts(bits: NDArray[np.int64], context_bits: int) -> dict[str, NDArray[Any]]:
    """The context of each step as a number, and its zeros and ones so far, (T,) each.

    >>> {k: v.tolist() for k, v in context_counts(np.array([1, 1, 0, 1, 1]), 1).items()}
    {'contexts': [-1, 1, 1, 0, 1], 'zeros': [0, 0, 0, 0, 1], 'ones': [0, 0, 1, 0, 1]}
    """
    context = contexts(bits[np.newaxis], context_bits)[0]
    counts: dict[int, list[int]] = {}
    before = np.zeros((len(bits), 2), dtype=np.int64)
    for step, (entry, bit) in enumerate(zip(context.tolist(), bits.tolist(), strict=True)):
        if entry >= 0:
            own = counts.setdefault(entry, [0, 0])
            before[step] = own
            own[bit] += 1
    return {"contexts": context, "zeros": before[:, 0], "ones": before[:, 1]}
