"""Puts finished runs into results/, scored on fresh sequences, and the best weights in the package.

    python tools/ship.py RUN...

A RUN may be the folder of a sweep, which stands for all its runs, once these are finished. Each run
becomes results/RECIPE/seedK: its configuration, environment, metrics and timing, and score.json,
what the final weights cost on 20,000 sequences of seed 1, which no training or validation has seen;
on tasks with exact answers also at the sizes the paper looks at. Of each recipe the weights of the
seed that ended best on the validation sequences, over all seeds in results/, become
src/ntmlab/weights/RECIPE.safetensors and .json; large ones in half precision, and the two largest
not at all, so that the wheel stays small.

A run that is there already is not scored again; --rescore does.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ntmlab.errors import InputError
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.foreign import is_foreign
from ntmlab.models import Model, ModulePredictor
from ntmlab.recipes import RECIPES, Recipe, own_recipe
from ntmlab.recipes.settings import PARTS
from ntmlab.records import write_object
from ntmlab.runs.folder import RunFolder
from ntmlab.runs.results import (
    SCORE,
    Result,
    best_by_validation,
    read_result,
    shipped_runs,
    validation_key,
)
from ntmlab.specifications import write_specification
from ntmlab.studies.sizes import PAPER_SIZES
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.study import read_study
from ntmlab.tasks import fix_sizes, make_task, specification
from ntmlab.weights import load_weights, read_card, save_model

ROOT = Path(__file__).parent.parent
SEED, SEQUENCES, SEQUENCES_AT_SIZES = 1, 20_000, 1000

# All weights together stay below 12 MB, 1.6 of them of the models trained as the paper trained.
LARGE = 1_000_000  # numbers; from here on they are kept in half precision
LEFT_OUT = ("recall-lstm", "repeat-copy-lstm")  # 1.3 and 5.3 million


def runs_of(path: Path) -> list[Path]:
    """The run of a folder, or all of a sweep's; raises InputError while one is not finished."""
    sweep = Sweep(path)
    if not sweep.study.exists():
        return [path]
    names = list(read_study(sweep).units)
    missing = [name for name in names if not sweep.run(name).exists()]
    if missing:
        raise InputError(
            f"{path}: {len(missing)} of {len(names)} runs are not finished, {missing[0]} among "
            f"them; a sweep is shipped as a whole"
        )
    return [sweep.run(name) for name in names]


def finished(path: Path) -> Result:
    """A run that reached the end of its recipe; raises InputError for any other."""
    result, card = read_result(path), read_card(RunFolder(path).model)
    done = min(result.sequences, card["sequences"])
    if done < result.recipe.sequences:
        raise InputError(f"{path} is not finished: {done} of {result.recipe.sequences} sequences")
    return result


def check_fits(run: Result, others: Sequence[Result]) -> None:
    """Raises InputError where seeds of a recipe differ in more than the seed, or two are one."""
    for other in others:
        if settings(other) != settings(run):
            raise InputError(
                f"{run.path} and {other.path} are of one recipe with different settings; its "
                f"seeds are shipped only if nothing but the seed differs, so remove one of them"
            )
        if other.seed == run.seed and other.metrics != run.metrics:
            raise InputError(f"{run.path} and {other.path} are different runs of one seed")


def settings(run: Result) -> dict[str, Any]:
    """The recipe less its description."""
    return {k: v for k, v in run.recipe.to_json().items() if k != "about"}


def score(model: Model, recipe: Recipe) -> dict[str, Any]:
    """What a model costs on fresh sequences, at the sizes of training and beyond."""
    task = recipe.make_task()
    predictors = {"model": ModulePredictor(model, task.outputs)}
    head = {"sequences": SEQUENCES, "seed": SEED}
    full = head | evaluate(task, predictors, SEQUENCES, SEED)["model"].values()
    form = {k: v for k, v in task.options().items() if k in task.form}
    at_sizes = []
    for size in PAPER_SIZES.get(recipe.task, []):
        sized = make_task(recipe.task, **form, **fix_sizes(recipe.task, size))
        values = evaluate(sized, predictors, SEQUENCES_AT_SIZES, SEED)["model"].values()
        at_sizes.append({**size, "sequences": SEQUENCES_AT_SIZES, "seed": SEED, **values})
    return {**full, "sizes": at_sizes} if at_sizes else full


def ship_results(run: Result, results: Path, *, rescore: bool) -> Result:
    """Copies a run's records and scores it; returns what is there then."""
    target = RunFolder(results / run.recipe.name / f"seed{run.seed}")
    target.path.mkdir(parents=True, exist_ok=True)
    source = RunFolder(run.path)
    for name in ("config", "environment", "metrics", "timing"):
        shutil.copyfile(getattr(source, name), getattr(target, name))
    if rescore or not (target.path / SCORE).exists():
        write_object(target.path / SCORE, score(load_weights(source.model), run.recipe))
    return read_result(target.path)


def ship_weights(name: str, runs: Sequence[Result], results: Path, weights: Path) -> str:
    """Puts the weights of a recipe's best seed in the package; returns what was chosen and why."""
    if any(is_foreign(run.recipe.model) for run in runs if run.recipe.name == name):
        return f"{name}: a model of one's own, whose code is not in the package; no weights"
    if name in LEFT_OUT:
        return f"{name}: weights are too large to ship"
    seeds = [read_result(path) for path in shipped_runs(name, results)]
    best = best_by_validation(seeds)
    file = weights / f"{name}.safetensors"
    source = next((r.path for r in runs if r.recipe.name == name and r.seed == best.seed), None)
    path = RunFolder(source).model if source else file
    if not path.exists() or read_card(path)["seed"] != best.seed:
        raise InputError(f"seed {best.seed} of {name} is the best; give its run too")
    numbers = ", ".join(str(result.seed) for result in seeds)
    key = validation_key(best.recipe.make_task())
    chosen = f"lowest {key} on the validation sequences at the end, of seeds {numbers}"
    model = load_weights(path)
    if sum(p.numel() for p in model.parameters()) >= LARGE:
        model = model.half()
    save_model(model, file, card(read_card(path), best, chosen))
    return f"{name}: seed {best.seed}, {chosen}"


def card(trained: dict[str, Any], best: Result, chosen: str) -> dict[str, Any]:
    """The card of shipped weights: what was trained, where, how chosen, and what it costs."""
    kept = {key: trained[key] for key in ("task", "task_options", "recipe", "seed", "sequences")}
    where = {key: best.environment.get(key) for key in ("commit", "processor", "threads")}
    return {
        **kept,
        "chosen": chosen,
        "command": command(best.recipe, best.seed),
        **where,
        "seconds": best.seconds,
        "score": best.score,
    }


def command(recipe: Recipe, seed: int) -> str:
    """The command that trains the same again, overrides included."""
    what, base = trained(recipe)
    before, changed = base.to_json(), recipe.to_json()
    values = [f"{k}={v}" for k, v in changed.items() if not isinstance(v, dict) and v != before[k]]
    values = [value for value in values if not value.startswith("about=")]
    for part in PARTS:
        options, usual = changed[f"{part}_options"], before[f"{part}_options"]
        values += [f"{part}.{k}={v}" for k, v in options.items() if v != usual.get(k)]
    if replace(base.override(values), about=recipe.about) != recipe:
        raise InputError(f"no command line was found that trains {recipe.name} with its settings")
    return " ".join([f"ntmlab train {what} --seed {seed}", *(f"--set {v}" for v in values)])


def trained(recipe: Recipe) -> tuple[str, Recipe]:
    """What a command line trains a recipe by, and the recipe that it means."""
    if recipe.name in RECIPES:
        return recipe.name, RECIPES[recipe.name]
    task = specification(recipe.task, recipe.task_options)
    model = write_specification(recipe.model, recipe.model_options)
    base = own_recipe(task, model)
    return f"--task {task} --model {model}", replace(base, name=recipe.name)


def ship(paths: Sequence[Path], root: Path, *, rescore: bool = False) -> None:
    """Ships runs into the checkout at ``root``; nothing is written if one of them cannot go."""
    results, weights = root / "results", root / "src/ntmlab/weights"
    runs = [finished(run) for path in paths for run in runs_of(path)]
    for run in runs:
        there = [read_result(path) for path in shipped_runs(run.recipe.name, results)]
        check_fits(run, [*there, *(r for r in runs if r.recipe.name == run.recipe.name)])
    for run in runs:
        shipped = ship_results(run, results, rescore=rescore)
        print(f"{shipped.path.relative_to(root)}: {shipped.score['bits']:.3f} bits")
    for name in sorted({run.recipe.name for run in runs}):
        print(ship_weights(name, runs, results, weights))


def main() -> int:
    """Ships; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    parser.add_argument("--rescore", action="store_true", help="score runs that are there already")
    arguments = parser.parse_args()
    try:
        ship(arguments.runs, ROOT, rescore=arguments.rescore)
    except InputError as error:
        print(f"ship: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
