"""A study: the runs that a sweep is to make, each an ordinary run with a name of its own."""

import itertools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from ntmlab.errors import InputError
from ntmlab.files import make_folders
from ntmlab.given import check_once
from ntmlab.names import PAPER_TASK
from ntmlab.recipes import Recipe, check_own, find_recipe, named_anew, own_recipe
from ntmlab.recipes.seeds import check_seeds
from ntmlab.records import Record, read_object, write_object
from ntmlab.specifications import spell_value
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.search import Point, Search, make_search
from ntmlab.sweeps.space import is_range
from ntmlab.sweeps.units import Unit, as_there, unit_name

FORMAT: Final = "ntmlab-sweep-1"
MOST_UNITS: Final = 1_000_000

Grid = Mapping[str, list[str]]  # of each setting, the values it takes in turn


class Study(NamedTuple):
    """The runs by name, and what each computes on."""

    units: dict[str, Unit]
    device: str
    threads: int
    search: Search | None = None  # which adds to the runs


class Wanted(NamedTuple):
    """What a study is asked to vary; the same from the command line and from a file."""

    recipes: list[str]
    models: list[str]
    task: str | None
    seeds: list[int]
    grid: Grid
    search: Mapping[str, int] | None = None  # points, and how far ahead of results; or no search


def plan(wanted: Wanted, device: str, threads: int) -> Study:
    """The study of what is wanted; raises InputError as `expand` and `make_search` do."""
    if wanted.search is None:
        return Study(expand(wanted), device, threads)
    begun = _begun(wanted)
    if len(begun) > 1:
        raise InputError("a search is of one recipe or model")
    recipe, is_own = begun[0]
    numbers = {"seeds": wanted.seeds, **wanted.search}
    if wanted.search["points"] * len(wanted.seeds) > MOST_UNITS:
        raise InputError(f"a study has at most {MOST_UNITS:,} runs")
    return Study({}, device, threads, make_search(recipe, wanted.grid, numbers, is_own=is_own))


def point_units(search: Search, point: Point) -> dict[str, Unit]:
    """The runs of a point that a search has proposed, one a seed."""
    recipe = _changed(search.recipe, point, is_own=search.is_own)
    name = search.recipe.name
    return {unit_name(name, point, seed): Unit(recipe, seed, point) for seed in search.seeds}


def expand(wanted: Wanted) -> dict[str, Unit]:
    """Every recipe or model with every combination of values, from every seed.

    Raises InputError for unknown names or values, or where two runs would have one name.
    """
    begun = _begun(wanted)
    for key, texts in wanted.grid.items():
        if any(map(is_range, texts)):
            raise InputError(f"{key}={','.join(texts)}: a range is for a search: --search N")
    units: dict[str, Unit] = {}
    combinations = list(itertools.product(*wanted.grid.values()))
    if len(begun) * len(combinations) * len(wanted.seeds) > MOST_UNITS:
        raise InputError(f"a study has at most {MOST_UNITS:,} runs")
    for (recipe, is_own), values in itertools.product(begun, combinations):
        settings = dict(zip(wanted.grid, values, strict=True))
        changed = _changed(recipe, settings, is_own=is_own)
        varied = {key: settings[key] for key in settings if len(wanted.grid[key]) > 1}
        for seed in wanted.seeds:
            name = unit_name(recipe.name, varied, seed)
            if name in units:
                raise InputError(
                    f"two runs of the study would be {name}: a value is given twice, or two "
                    "differ in what no name of a folder has"
                )
            units[name] = Unit(changed, seed, varied)
    return units


def _begun(wanted: Wanted) -> list[tuple[Recipe, bool]]:
    """The recipes before anything is set, and whether each is of a model on a task."""
    begun = [(find_recipe(name), False) for name in wanted.recipes]
    begun += [(own_recipe(wanted.task or PAPER_TASK, model), True) for model in wanted.models]
    if wanted.models:
        check_own(wanted.grid)
    if not begun or (wanted.task is not None and not wanted.models):
        raise InputError("a study needs recipes, or models with a task; and seeds")
    return begun


def _changed(recipe: Recipe, settings: Mapping[str, str], *, is_own: bool) -> Recipe:
    """The recipe that `ntmlab train` makes of the same settings."""
    changed = recipe.override(f"{key}={value}" for key, value in settings.items())
    inside = any(key.startswith(("task.", "model.")) for key in settings)
    return named_anew(changed) if is_own and inside else changed


def parse_grid(settings: Iterable[str]) -> dict[str, list[str]]:
    """The values of each setting; commas part them, but not within brackets or quotes.

    A value has one spelling, however it was written, here and in a study's file.

    >>> parse_grid(["learning_rate=1e-3,3e-3", "task.prior=[1,1],[0.5,0.5]"])
    {'learning_rate': ['0.001', '0.003'], 'task.prior': ['1/1', '0.5/0.5']}

    Raises InputError for a missing "=", an empty value, or a key or value that is given twice.
    """
    grid: dict[str, list[str]] = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        values = re.findall(r"(?:\[[^\]]*\]|\"[^\"]*\"|[^,\[\"])+|(?<=,)(?=,|$)|^$", text)
        if not equals or not all(values):
            raise InputError(f"--set takes key=value,value,... and not {setting!r}")
        check_once([*grid, key])
        values = [spell_value(value) for value in values]
        if len(set(values)) < len(values):
            raise InputError(f"--set {setting}: a value is given twice")
        grid[key] = values
    return grid


def add_study(sweep: Sweep, study: Study) -> Study:
    """Puts a study into the folder of its sweep; all that is to run there.

    Nothing is written while a driver works there, or another puts in its own. Raises InputError
    then, and as `write_study` does.
    """
    if not sweep.path.exists():
        make_folders(sweep.path)
    with sweep.held():
        write_study(sweep, study)
        return read_study(sweep)


def write_study(sweep: Sweep, study: Study) -> None:
    """Puts a study into the folder of its sweep, which is held, or finds that it is there.

    A larger study of the same recipes takes in what a smaller one has made: names say what runs
    are. Raises InputError where a name stands there for another run, or for seeds of another.
    """
    if sweep.study.exists():
        there = read_study(sweep)
        given = study.units if there.search else as_there(there.units, study.units)
        for name, unit in given.items():
            if name in there.units and not _same(there.units[name], unit):
                raise InputError(f"{sweep.path} is a sweep in which {name} is another run")
        both = _both_searches(sweep, there.search, study.search)
        study = study._replace(units={**there.units, **given}, search=both)
        _check_seeds_alike(sweep, study.units)
        if study == there:
            return
        if (study.device, study.threads) != (there.device, there.threads):
            raise InputError(
                f"{sweep.path} is a sweep on {there.device} with {there.threads} threads a run; "
                f"keep to them, or choose another --out"
            )
    units = {
        name: {"recipe": unit.recipe.to_json(), "seed": unit.seed, "set": unit.settings}
        for name, unit in study.units.items()
    }
    head = {"format": FORMAT, "device": study.device, "threads": study.threads}
    search = {} if study.search is None else {"search": study.search.to_json()}
    write_object(sweep.study, {**head, **search, "units": units})


def _both_searches(sweep: Sweep, there: Search | None, given: Search | None) -> Search | None:
    """A search with the points of the folder's and a given one's, None if there is none."""
    if there is None or given is None:
        if there is None and given is not None:
            raise InputError(f"{sweep.path} is a sweep without a search; choose another --out")
        return there
    try:
        return there.larger(given)
    except ValueError:
        raise InputError(f"{sweep.path} is another search; choose another --out") from None


def _check_seeds_alike(sweep: Sweep, units: Mapping[str, Unit]) -> None:
    """Raises InputError where runs that tables take for seeds of one setting are of several."""
    first: dict[tuple[object, ...], tuple[str, Unit]] = {}
    for name, unit in units.items():
        shown = (unit.recipe.name, *unit.settings.items())
        other, known = first.setdefault(shown, (name, unit))
        if known.recipe != unit.recipe and not _same(known._replace(seed=unit.seed), unit):
            raise InputError(
                f"{sweep.path} is a sweep in which {other} has other settings than {name} would; "
                "give the same ones, or choose another --out"
            )


def _same(one: Unit, other: Unit) -> bool:
    """Whether two units are one run, their descriptions aside."""
    about = replace(one.recipe, about=other.recipe.about)
    return json.dumps([about.to_json(), one.seed]) == json.dumps(
        [other.recipe.to_json(), other.seed]
    )


def read_study(sweep: Sweep) -> Study:
    """The study of a sweep's folder; raises InputError where there is none or it is damaged."""
    value = _read(sweep)
    units = {name: _unit(sweep, value, name) for name in value["units"]}
    try:
        search = Search.from_json(value["search"]) if "search" in value else None
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{sweep.study} is damaged: its search: {error}") from None
    return Study(units, value["device"], value["threads"], search)


def _read(sweep: Sweep) -> Record:
    """The study's JSON, its parts of the right types."""
    value = read_object(sweep.study)
    if value is None:
        raise InputError(f"{sweep.path} is no sweep: it has no {sweep.study.name}")
    if value.get("format") != FORMAT:
        raise InputError(f"{sweep.study} is not of format {FORMAT}")
    types = {"units": dict, "device": str, "threads": int}
    for key, type_ in types.items():
        if not isinstance(value.get(key), type_):
            raise InputError(f"{sweep.study} is damaged: its {key} are {value.get(key)!r}")
    return value


def _unit(sweep: Sweep, value: Record, name: str) -> Unit:
    try:
        unit = value["units"][name]
        recipe, seed = Recipe.from_json(unit["recipe"]), check_seeds([unit["seed"]])[0]
        return Unit(recipe, seed, dict(unit["set"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{sweep.study} is damaged: run {name}: {error}") from None
