"""One kind of model on one source: a small search, then runs that are measured.

The search tries both learning rates at the larger size, then the better of them at the smaller
size, and takes what ends nearest to the optimum on the validation sequences.
"""

import dataclasses
import math
from pathlib import Path
from threading import Event
from typing import Any, Final, cast

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import mean_and_error
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.scored import predict, scored
from ntmlab.files import make_folders
from ntmlab.foreign import remark_on_code
from ntmlab.models import Model, ModulePredictor, names_code
from ntmlab.models.paper import count_parameters
from ntmlab.models.state_size import state_bytes
from ntmlab.records import Record, check_parts, finite, read_object, write_object
from ntmlab.runs.folder import RunFolder, read_metrics
from ntmlab.runs.results import seconds_of, validation_cost
from ntmlab.runs.weights import code_of
from ntmlab.sequences import Sequences, Task
from ntmlab.studies.table.plan import RATES, SEARCH_SEED, SOURCES, Budget, Cell, recipe_of
from ntmlab.tasks import make_task
from ntmlab.training import TrainingError, complete
from ntmlab.training.loop import Observer
from ntmlab.weights import load_model

CELL: Final = "cell.json"
SEED: Final = 1  # of the sequences that cells are measured on, apart from those of validation
TIMES_LONGER: Final = 3  # how much longer than in training sequences beyond it are
COUNTED: Final = 40  # sequences on which estimators are compared
ESTIMATORS: Final = (
    *("optimal", "coin", "kt-0", "kt-1", "kt-2", "kt-3", "ctw-3", "mixture-0-3", "ptw"),
    *("window-25", "window-10", "decay-0.95", "decay-0.8", "cap-4"),
)

# Of a number that is not finite, of a model that returns no state, of a time that was not kept.
NONE: Final = type(None)
PARTS: Final = {
    **{"source": (str,), "model": (str,), "budget": (dict,)},
    **{"search": (list,), "runs": (list,)},
}
TRIED: Final = {"model": (str,), "rate": (float,), "kl": (float, NONE)}
MEASURED: Final = {
    **dict.fromkeys(("kl", "kl_se", "gap", "gap_se"), (float, NONE)),
    **{"nearest": (str,), "distance": (float,), "seconds": (float, NONE)},
    **{"parameters": (int,), "state_bytes": (int, NONE)},
}
BEYOND: Final = {"beyond": (float, NONE), "beyond_se": (float, NONE)}


class StoppedError(Exception):
    """A signal ended a run; the same call goes on with it."""


def measure_cell(cell: Cell, budget: Budget, folder: Path, sequences: int = 1000) -> Record:
    """The numbers of a cell, from its file if they are there for this budget.

    Every training is a run folder below ``folder``, and goes on where it was stopped. Scores are on
    ``sequences`` fresh ones. A run that fails is in the record, and none is left out. Raises
    StoppedError when a signal ends a run, and InputError where its file is damaged.
    """
    path = folder / cell.folder / CELL
    asked = {"budget": budget._asdict() | {"seeds": list(budget.seeds)}, "measured": sequences}
    known = read_cell(path)
    if known is not None and {key: known.get(key) for key in asked} == asked:
        remark_on_code(known.get("code", {}), str(path))
        return known
    if names_code(cell.model):
        find_predictor(cell.model, make_task(SOURCES[cell.source]))  # refused if it looks ahead
    tried = _search(cell, budget, path.parent)
    best = min(tried, key=lambda one: one["kl"])
    found: Record = {**cell._asdict(), **asked, "search": tried, "runs": []}
    if math.isfinite(best["kl"]):
        chosen = (best["model"], best["rate"], budget.sequences)
        found |= {"chosen": best["model"], "rate": best["rate"]}
        for seed in budget.seeds:
            run = _trained(cell, *chosen, seed, path.parent)
            numbers = run if "failed" in run else _measured(run, sequences)
            found["runs"].append({"seed": seed, **numbers})
            if "path" in run and (code := code_of(RunFolder(run["path"]).model)):
                found["code"] = code
    found = cast(Record, finite(found))
    make_folders(path.parent)  # not there if no run began
    write_object(path, found)
    return found


def read_cell(path: Path) -> Record | None:
    """The numbers of a cell's file, None where there is none; raises InputError if damaged."""
    cell = read_object(path)
    if cell is None:
        return None
    where = f"{path}, without which the cell is measured again,"
    check_parts(cell, where, PARTS | ({"code": (dict,)} if "code" in cell else {}))
    check_parts(cell["budget"], where, {"sequences": (int,)})
    for tried in cell["search"]:
        check_parts(tried, where, TRIED)
    for run in cell["runs"]:
        check_parts(cell, where, {"chosen": (str,), "rate": (float,)})
        check_parts(run, where, {"seed": (int,)})
        if "failed" not in run:
            check_parts(run, where, MEASURED | ({} if "beyond_failed" in run else BEYOND))
    return cell


def _search(cell: Cell, budget: Budget, folder: Path) -> list[dict[str, Any]]:
    """Every run of the search: model, rate, and the gap that it ended with."""
    large, *smaller = cell.sizes

    def tried(model: str, rate: float) -> dict[str, Any]:
        run = _trained(cell, model, rate, budget.search, SEARCH_SEED, folder)
        kl = math.inf if "failed" in run else _ended_at(run["path"])
        own: Record = {key: run[key] for key in ("seconds", "failed") if key in run}
        return {"model": model, "rate": rate, "kl": kl, **own}

    rates = [tried(large, rate) for rate in RATES]
    best = min(rates, key=lambda one: one["kl"])["rate"]
    return [*rates, *(tried(small, best) for small in smaller)]


def _ended_at(path: Path) -> float:
    """The gap that a run ended with, on the validation sequences."""
    return validation_cost(read_metrics(path)[-1], "kl", path)


def _trained(
    cell: Cell, model: str, rate: float, sequences: int, seed: int, folder: Path
) -> dict[str, Any]:
    """A finished run, trained now, or gone on with, or as it is; what was wrong if it failed."""
    recipe = recipe_of(cell, model, rate, sequences)
    options = model.partition(":")[2].replace(",", "-").replace(":", "-")
    path = folder / f"{options}-rate={rate:g}-{sequences}-seed{seed}"
    asked = Event()
    try:
        ended = complete(recipe, seed, path, also=Observer(asked=asked.set))
    except TrainingError as error:
        return {"failed": str(error)}
    if asked.is_set() or not ended:
        raise StoppedError(str(path))
    return {"path": path, "seconds": seconds_of(RunFolder(path)), "task": recipe.make_task()}


def _measured(run: dict[str, Any], sequences: int) -> Record:
    """Gaps as in training and beyond it, sizes, costs, and the estimator that is nearest."""
    task, model = run["task"], load_model(str(run["path"]))
    predictor = ModulePredictor(model, task.outputs)
    score = evaluate(task, {"model": predictor}, sequences, SEED)["model"]
    beyond = _beyond(task, predictor, max(2, sequences // 5))
    nearest, distance = _nearest(predictor, task)
    return {
        "parameters": count_parameters(model),
        "state_bytes": _state_bytes(model, task),
        "seconds": run["seconds"],
        **{key: value for key, value in score.values().items() if value is not None},
        **beyond,
        **{"nearest": nearest, "distance": distance},
    }


def _state_bytes(model: Model, task: Task) -> int | None:
    """Of a user's own model None, where it returns no state."""
    try:
        return state_bytes(model, task.input_size, task.steps)
    except InputError:
        return None


def _beyond(task: Task, predictor: ModulePredictor, sequences: int) -> Record:
    """Σ KL(optimal || model) over the steps after those of training, a training length of them.

    Of a model that has no answer there, as one with so many learned positions, what was wrong.
    """
    source: Any = task
    longer = dataclasses.replace(source, length=TIMES_LONGER * task.steps)
    rows = []
    try:
        for batch in scored(longer, {"model": predictor}, sequences, SEED):
            divergence = batch.found["model"].divergence
            assert divergence is not None
            rows.append(divergence[:, task.steps :].sum(1) / (TIMES_LONGER - 1))
    except InputError as error:
        return {"beyond_failed": str(error)}
    mean, se = mean_and_error(np.concatenate(rows))
    return {"beyond": mean, "beyond_se": se}


def _nearest(predictor: ModulePredictor, task: Task) -> tuple[str, float]:
    """The estimator with the least KL(model || estimator), and that, in bits a sequence."""
    drawn: Sequences = task.sample(COUNTED, SEED)
    own, mask = predict(predictor, drawn, "model"), drawn.mask.numpy()
    apart = {}
    for name in ESTIMATORS:
        said = predict(find_predictor(name, task), drawn, name)
        apart[name] = float(task.outputs.divergence_bits(own, said, mask).sum(1).mean())
    nearest = min(apart, key=apart.__getitem__)
    return nearest, apart[nearest]
