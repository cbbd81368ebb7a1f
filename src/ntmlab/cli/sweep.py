"""``ntmlab sweep``: many runs of one study, on this machine or many, none of which is lost."""

import argparse
import json
import shlex
import sys
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.extras import import_extra
from ntmlab.given import check_once, is_whole
from ntmlab.recipes.seeds import parse_seeds
from ntmlab.records import Record, to_line
from ntmlab.runs.tensorboard import check_folder, export
from ntmlab.sweeps import attempts, show
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.driver import Rules
from ntmlab.sweeps.executors import make_executor
from ntmlab.sweeps.executors.placing import Executor
from ntmlab.sweeps.goal import Goal, parse_goal
from ntmlab.sweeps.shown import drive
from ntmlab.sweeps.study import Study, Wanted, add_study, parse_grid, plan, read_study
from ntmlab.sweeps.study_file import read_toml
from ntmlab.training.device import find_device

_OF_RUNS = ("recipe", "model", "task", "seeds", "sequences", "device", "threads")
DESCRIBE = (*_OF_RUNS, "search", "ahead", "set")  # options that say what to run
OF_WORK = {"on": "processes", "jobs": None, "dead_after": 60.0}  # how, and as it is if not given
AHEAD = 4  # points of a search before the result of the first of them is asked for


def run(arguments: argparse.Namespace) -> int:
    """Brings every run of a study to its end, and prints what they came to."""
    sweep = _place(arguments)
    if _goal(arguments) is not None and arguments.csv:
        raise InputError("--csv has a line a run; --goal is in the table and in --json")
    if arguments.csv and arguments.json:
        raise InputError("give --csv or --json, not both")
    if arguments.show and arguments.dry_run:
        raise InputError("give --show or --dry-run, not both")
    if arguments.slurm and arguments.on != "slurm":
        raise InputError("--slurm is for jobs of Slurm; give --on slurm with it")
    if arguments.against is not None and arguments.plot is None:
        raise InputError("--against says what --plot draws; give --plot FILE too")
    if arguments.plot is not None:
        from ntmlab.figures.save import check_path  # with Matplotlib

        check_path(Path(arguments.plot))
    if arguments.tensorboard is not None:
        check_folder(Path(arguments.tensorboard))
    if arguments.show:
        _check_shown(arguments)
        _print(sweep, arguments)
        return 0
    study = _study(arguments, sweep)
    if arguments.dry_run:
        return _dry(sweep, study)
    _check(arguments, study)
    executor = make_executor(arguments.on, sweep, study, arguments.jobs, arguments.slurm)
    study = add_study(sweep, study)  # with the runs of smaller studies that were begun there
    return _drive(sweep, study, executor, arguments)


def _drive(sweep: Sweep, study: Study, executor: Executor, arguments: argparse.Namespace) -> int:
    done, failed = drive(sweep, study, executor, Rules(arguments.retries, arguments.dead_after))
    _print(sweep, arguments)
    if not done:
        print(f"stopped; go on with: ntmlab sweep {shlex.quote(str(sweep.path))}", file=sys.stderr)
    return 0 if done and not failed else 1


def _check_shown(arguments: argparse.Namespace) -> None:
    """Raises InputError for what --show would ignore; recipe, model and file say where it is."""
    given = [name for name in DESCRIBE if getattr(arguments, name) not in (None, [])]
    given = [name for name in given if name not in ("recipe", "model")]
    given += [name for name, usual in OF_WORK.items() if getattr(arguments, name) != usual]
    if given:
        option = given[0].replace("_", "-")
        raise InputError(f"--show prints what there is, as it is: leave out --{option}")


def _place(arguments: argparse.Namespace) -> Sweep:
    """The folder of the sweep: named itself, or after its study."""
    if arguments.study is not None and Path(arguments.study).is_dir():
        if arguments.out is not None or _described(arguments):
            raise InputError("the folder of a sweep says what it runs; give nothing else with it")
        return Sweep(Path(arguments.study))
    if arguments.out is not None:
        return Sweep(Path(arguments.out))
    if arguments.study is not None:
        return Sweep(Path("sweeps") / Path(arguments.study).stem)
    return Sweep(Path("sweeps") / (arguments.recipe or ["own"])[0])


def _described(arguments: argparse.Namespace) -> bool:
    """Whether options say what to run."""
    return any(getattr(arguments, name) not in (None, []) for name in DESCRIBE)


def _study(arguments: argparse.Namespace, sweep: Sweep) -> Study:
    """The study of a folder, a file, or options."""
    if arguments.study is not None and sweep.path == Path(arguments.study):
        return read_study(sweep)
    device, threads = arguments.device, arguments.threads
    points, ahead = arguments.search, arguments.ahead
    if arguments.study is not None:
        if arguments.recipe or arguments.model or arguments.task or arguments.seeds:
            raise InputError(
                "a file says which runs a study has; give no --recipe, --model, "
                "--task or --seeds with it"
            )
        wanted, own = read_toml(Path(arguments.study))
        given = {"device": device, "threads": threads, "search": points, "ahead": ahead}
        device, threads, points, ahead = (
            own.get(name) if value is None else value for name, value in given.items()
        )
    else:
        seeds = parse_seeds(arguments.seeds or "0", "--seeds")
        wanted = Wanted(arguments.recipe or [], arguments.model or [], arguments.task, seeds, {})
    more = parse_grid(arguments.set)
    if arguments.sequences is not None:
        check_once([*more, "sequences"])
        more |= {"sequences": [str(arguments.sequences)]}
    wanted = wanted._replace(grid={**wanted.grid, **more}, search=_search(points, ahead))
    return plan(wanted, device or "cpu", 1 if threads is None else threads)


def _search(points: object, ahead: object) -> dict[str, int] | None:
    """How large a search is wanted, if one is; raises InputError for what is no number."""
    if points is None:
        if ahead is not None:
            raise InputError("--ahead is for a search: give --search N with it")
        return None
    numbers = {"points": points, "ahead": AHEAD if ahead is None else ahead}
    if not all(is_whole(number) for number in numbers.values()):
        raise InputError(f"a search takes whole numbers, not {points} and {ahead}")
    return numbers  # type: ignore[return-value]


def _dry(sweep: Sweep, study: Study) -> int:
    """Prints what would be trained, a JSON object a run, or what is searched; nothing is made."""
    if study.search is not None:
        print(json.dumps({"search": study.search.to_json()}, indent=2))
    for name, unit in study.units.items():
        place = {"name": name, "out": str(sweep.run(name)), "seed": unit.seed}
        shown = {**place, "device": study.device, "threads": study.threads}
        print(json.dumps({**shown, "recipe": unit.recipe.to_json()}, indent=2))
    return 0


def _check(arguments: argparse.Namespace, study: Study) -> None:
    """Raises InputError for what every worker would end with."""
    least = {"--threads": study.threads, "--jobs": 1 if arguments.jobs is None else arguments.jobs}
    for name, value in least.items():
        if not isinstance(value, int) or value < 1:
            raise InputError(f"{name} must be at least 1, not {value}")
    if arguments.retries < 0 or not arguments.dead_after > 0:
        raise InputError("--retries must not be negative, and --dead-after be above 0")
    recipes = [unit.recipe for unit in study.units.values()]
    if study.search is not None:
        recipes.append(study.search.recipe)
        if len(study.search.made) < study.search.points:
            import_extra("optuna", "search")  # before anything is made
    for recipe in {recipe.name: recipe for recipe in recipes}.values():
        recipe.check_trusted("a sweep")
        if arguments.on == "processes":
            find_device(study.device, recipe.model)


def _print(sweep: Sweep, arguments: argparse.Namespace) -> None:
    """The tables of a sweep, as asked for; on stderr what was written beside them."""
    runs = show.run_rows(sweep, arguments.retries)
    show.remark_on_code(sweep, runs)
    if arguments.plot is not None:
        _plot(sweep, runs, arguments)
        print(arguments.plot, file=sys.stderr)
    if arguments.tensorboard is not None:
        export(show.run_paths(sweep, arguments.retries), Path(arguments.tensorboard))
        print(arguments.tensorboard, file=sys.stderr)
    goal = _goal(arguments)
    if arguments.csv:
        print(show.to_csv(runs), end="")
    else:
        print(to_line(show.to_json(runs, goal)) if arguments.json else show.to_text(runs, goal))


def _goal(arguments: argparse.Namespace) -> Goal | None:
    return None if arguments.goal is None else parse_goal(arguments.goal)


def _plot(sweep: Sweep, runs: list[Record], arguments: argparse.Namespace) -> None:
    """Saves the picture: curves, or what the runs came to against a setting."""
    from ntmlab.studies import curves, settings

    if arguments.against is not None:
        settings.drawing(runs, arguments.against).save(arguments.plot)
        return
    ended = [sweep.run(run["name"]) for run in runs if run["state"] == attempts.FINISHED]
    curves.drawing(ended).save(arguments.plot)
