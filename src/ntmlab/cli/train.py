"""``ntmlab train``: train a recipe, or a model on a task, from one seed or several; or go on."""

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event
from typing import TextIO

from ntmlab.cli.as_sweep import one_at_a_time
from ntmlab.errors import InputError
from ntmlab.given import check_once
from ntmlab.names import PAPER_TASK
from ntmlab.recipes import Recipe, check_own, find_recipe, named_anew, own_recipe
from ntmlab.recipes.seeds import check_seeds, parse_seeds
from ntmlab.runs.folder import RunFolder, going_on, read_config, trained_on
from ntmlab.runs.status import finished
from ntmlab.tasks import make_task, specification
from ntmlab.tasks.optimum import optimum_of
from ntmlab.training import TrainingError, complete, resume, train, train_longer
from ntmlab.training.crew import OthersEnded, joined, several_processes
from ntmlab.training.device import find_device
from ntmlab.training.loop import Observer
from ntmlab.training.many import Place, complete_together
from ntmlab.training.sliced import Wanted, follow, lead
from ntmlab.training.together import why_not_together

Runs = Iterator[tuple[Path, Callable[[], bool]]]  # folders, and what brings each to its end


def run(arguments: argparse.Namespace) -> int:
    """Trains; prints each run folder whose end was reached, else how to go on."""
    if arguments.dry_run:
        return _show(arguments)
    if several_processes():
        return _run_in_crew(arguments)
    status, asked = 0, Event()
    for path, bring_to_end in _runs(arguments, Observer(asked=asked.set)):
        if asked.is_set():  # at the very end of the run before
            print("stopped; go on with: the same command", file=sys.stderr)
            return 1
        try:
            ended = bring_to_end()
        except TrainingError as error:  # of one seed: others may do better
            print(f"ntmlab train: {error}", file=sys.stderr)
            status = 1
            continue
        if not ended:
            how = going_on(path) if arguments.seeds is None else "the same command"
            print(f"saved; go on with: {how}", file=sys.stderr)
            return 1
        if arguments.seeds is None:
            print(_finished(path), file=sys.stderr)
        print(path, flush=True)
    return status


def _finished(path: Path) -> str:
    """That a run has ended, and what can be done with it."""
    _, recipe, _ = read_config(path)
    task = shlex.quote(specification(recipe.task, recipe.task_options))
    known = optimum_of(make_task(recipe.task, **recipe.task_options)) is not None
    run = shlex.quote(str(path))
    models = f"optimal {run}" if known else run
    return (
        f"finished, {recipe.sequences:,} sequences; its curves: ntmlab curves {run}; its score: "
        f"ntmlab evaluate {task} --models {models} --seed 1; a longer one that begins there: "
        f"ntmlab train --continue {run} --sequences N"
    )


def _runs(arguments: argparse.Namespace, also: Observer) -> Runs:
    if arguments.resume:
        return _resume(arguments)
    return _longer(arguments) if arguments.longer else _train(arguments, also)


def _run_in_crew(arguments: argparse.Namespace) -> int:
    """As `run`, in one of several processes; what there is to say one of them says."""
    with joined(_device(arguments)) as crew:
        try:
            if not crew.leads:
                return 0 if follow(crew) else 1
            path, ended = lead(crew, partial(_wanted, arguments))
            if ended:
                print(_finished(path), file=sys.stderr)
            print(path if ended else "saved; the same command goes on", file=_stream(ended=ended))
            return 0 if ended else 1
        except TrainingError as error:
            print(f"ntmlab train: {error}", file=sys.stderr)
        except OthersEnded as error:
            if crew.leads and not error.told:
                why = f"{error}; what was saved is kept, the same command goes on"
                print(f"ntmlab train: {why}", file=sys.stderr)
    return 1


def _stream(*, ended: bool) -> TextIO:
    """Where a run folder is printed, and where remarks are."""
    return sys.stdout if ended else sys.stderr


def _device(arguments: argparse.Namespace) -> str:
    """The device of the run that is wanted."""
    if arguments.resume:
        return trained_on(RunFolder(Path(arguments.resume)))
    return str(arguments.device or "cpu")


def _wanted(arguments: argparse.Namespace) -> Wanted:
    """The one run that several processes are to train."""
    if arguments.longer:
        raise InputError("--continue begins by one process; several then go on by --resume")
    if arguments.resume:
        ((path, _),) = _resume(arguments)
        _, recipe, seed = read_config(path)
        recipe.check_trusted(str(path))
        return Wanted(recipe, seed, path, _device(arguments))
    if arguments.seeds is not None or arguments.together:
        raise InputError("several processes train one run: give --seed, no --seeds or --together")
    recipe = overridden(arguments)
    ((seed, path),) = _places(arguments, recipe)
    return Wanted(recipe, seed, path, _device(arguments))


def _train(arguments: argparse.Namespace, also: Observer) -> Runs:
    recipe, device = overridden(arguments), arguments.device or "cpu"
    if _together(arguments, recipe, device):
        yield from _train_together(recipe, _places(arguments, recipe), device)
        return
    do = train if arguments.seeds is None else complete
    for place in _places(arguments, recipe):
        if arguments.seeds is not None:
            _say(recipe, place)
        yield place.path, partial(do, recipe, *place, device, also=also)


def _together(arguments: argparse.Namespace, recipe: Recipe, device: str) -> bool:
    """Whether all seeds are to be trained step by step together."""
    why_not = why_not_together(recipe)
    if not arguments.together:
        return arguments.seeds is not None and device == "cuda" and why_not is None
    if arguments.seeds is None:
        raise InputError("--together is for several runs: give --seeds A:B with it")
    if why_not is not None:
        raise InputError(why_not)
    return True


def _train_together(recipe: Recipe, places: list[Place], device: str) -> Runs:
    for place in places:
        _say(recipe, place)
    for path, ending in complete_together(recipe, places, device).items():
        yield path, partial(_ended, ending)


def _say(recipe: Recipe, place: Place) -> None:
    """Says which of several runs comes now, or that it has ended before."""
    before = ", finished before" if finished(place.path) else ""
    print(f"{recipe.name}, seed {place.seed}: {place.path}{before}", file=sys.stderr)


def _ended(ending: bool | TrainingError) -> bool:
    """Whether a run's end was reached; raises what it failed of."""
    if isinstance(ending, TrainingError):
        raise ending
    return ending


def _places(arguments: argparse.Namespace, recipe: Recipe) -> list[Place]:
    """Each seed and its run folder."""
    if arguments.seeds is None:
        (seed,) = check_seeds([0 if arguments.seed is None else arguments.seed], "--seed")
        return [Place(seed, Path(arguments.out or f"runs/{recipe.name}-seed{seed}"))]
    if arguments.seed is not None:
        raise InputError("give --seed or --seeds, not both")
    folder, seeds = Path(arguments.out or "runs"), parse_seeds(arguments.seeds, "--seeds")
    return [Place(seed, folder / f"{recipe.name}-seed{seed}") for seed in seeds]


def _show(arguments: argparse.Namespace) -> int:
    """Prints what would be trained, a JSON object a run; nothing is made."""
    if arguments.resume or arguments.longer:
        raise InputError("--dry-run is of a new run; a run's own config.json says what it trains")
    recipe, device = overridden(arguments), arguments.device or "cpu"
    find_device(device, recipe.model)
    _together(arguments, recipe, device)
    for seed, path in _places(arguments, recipe):
        shown = {"out": str(path), "seed": seed, "device": device, "recipe": recipe.to_json()}
        print(json.dumps(shown, indent=2))
    return 0


def overridden(arguments: argparse.Namespace) -> Recipe:
    """The recipe that the arguments name, with what they set."""
    recipe = _recipe(arguments)
    own = [name for name in ("sequences", "snapshots") if getattr(arguments, name) is not None]
    keys = [setting.partition("=")[0] for setting in arguments.set]
    check_once([*keys, *own])
    if arguments.model is not None:
        check_own(keys)
    settings = [*arguments.set, *(f"{name}={getattr(arguments, name)}" for name in own)]
    with one_at_a_time(arguments):
        recipe = recipe.override(settings)
    inside = any(setting.startswith(("task.", "model.")) for setting in arguments.set)
    return named_anew(recipe) if arguments.model is not None and inside else recipe


def _recipe(arguments: argparse.Namespace) -> Recipe:
    """The recipe named, or that of a task and a model."""
    own = arguments.model is not None
    if (arguments.recipe is None) == (not own) or (arguments.task is not None and not own):
        raise InputError(
            "give a RECIPE (see ntmlab list recipes), or --model MODEL with --task SPEC, or "
            "--resume RUN, or --continue RUN"
        )
    if not own:
        return find_recipe(arguments.recipe)
    return own_recipe(arguments.task or PAPER_TASK, arguments.model)


OF_A_NEW_RUN = (
    "recipe",
    "task",
    "model",
    "seed",
    "seeds",
    "snapshots",
    "device",
    "set",
    "together",
    "jobs",
)


def _resume(arguments: argparse.Namespace) -> Runs:
    if _given(arguments, *OF_A_NEW_RUN, "longer", "out", "sequences"):
        raise InputError(
            "--resume takes recipe, seed and device from the run; give nothing else with it"
        )
    path = Path(arguments.resume)
    yield path, partial(resume, path)


def _longer(arguments: argparse.Namespace) -> Runs:
    if _given(arguments, *OF_A_NEW_RUN) or arguments.sequences is None:
        raise InputError(
            "--continue takes recipe, seed and device from the run; give --sequences N with it, "
            "how many it shall have in all, and --out where you like"
        )
    parent, sequences = Path(arguments.longer), arguments.sequences
    path = Path(arguments.out or f"{parent}-{sequences}")
    yield path, partial(train_longer, parent, sequences, path)


def _given(arguments: argparse.Namespace, *names: str) -> bool:
    """Whether any of these options was given."""
    values = [getattr(arguments, name) for name in names]
    return any(value is not None and value is not False and value != [] for value in values)
