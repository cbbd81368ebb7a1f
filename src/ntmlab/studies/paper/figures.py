"""The figures of *Neural Turing Machines* (2014), 3 to 18, each by one call."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from matplotlib.figure import Figure

from ntmlab.errors import InputError
from ntmlab.evaluation.compare import compare
from ntmlab.evaluation.predictors import LABELS
from ntmlab.figures.width import printed_at
from ntmlab.models import ModulePredictor
from ntmlab.runs.results import read_result, shipped_runs
from ntmlab.sequences import Predictor
from ntmlab.studies import curves, generalise, items, memory, sorting, strips
from ntmlab.studies.claims import percent
from ntmlab.studies.drawing import Drawing
from ntmlab.studies.scores import sizes
from ntmlab.studies.sizes import PAPER_SIZES, SHOWN_SIZES, default_seed, size_name
from ntmlab.studies.traces import machine
from ntmlab.tasks import Recall
from ntmlab.weights import shipped
from ntmlab.weights.trained import Trained, load_trained

AS_PAPER: Final = "-paper"  # ends the name of a recipe with the paper's own optimiser and rate
ITEMS: Final = range(6, 21)
ITEM_SEQUENCES: Final = 100  # at each number of items, so that the figure takes seconds


class PaperFigure(NamedTuple):
    """A figure: how it is drawn, and of which models."""

    kind: str  # a key of KINDS
    models: tuple[str, ...]  # recipes, which name the weights that are shipped too
    title: str


def _cells(task: str) -> tuple[str, ...]:
    return (f"{task}-ntm", f"{task}-ntm-lstm", f"{task}-lstm")


FIGURES: Final = {
    3: PaperFigure("curves", _cells("copy"), "copy learning curves"),
    4: PaperFigure("generalise", ("copy-ntm",), "copy generalisation of the NTM"),
    5: PaperFigure("generalise", ("copy-lstm",), "copy generalisation of the LSTM"),
    6: PaperFigure("memory", ("copy-ntm",), "memory use on copy"),
    7: PaperFigure("curves", _cells("repeat-copy"), "repeat copy learning curves"),
    8: PaperFigure("generalise", _cells("repeat-copy"), "repeat copy generalisation"),
    9: PaperFigure("memory", ("repeat-copy-ntm",), "memory use on repeat copy"),
    10: PaperFigure("curves", _cells("recall"), "associative recall learning curves"),
    11: PaperFigure("items", _cells("recall"), "recall cost by number of items"),
    12: PaperFigure("memory", ("recall-ntm",), "memory use on associative recall"),
    13: PaperFigure("curves", _cells("ngrams"), "dynamic N-grams learning curves"),
    14: PaperFigure(
        "strips", ("ngrams-ntm-paper", "ngrams-lstm-paper"), "dynamic N-grams inference"
    ),
    15: PaperFigure("memory", ("ngrams-ntm",), "memory use on dynamic N-grams"),
    16: PaperFigure("example", ("sort-ntm",), "an example of priority sort"),
    17: PaperFigure("fit", ("sort-ntm",), "memory use on priority sort"),
    18: PaperFigure("curves", _cells("sort"), "priority sort learning curves"),
}


def figure(
    number: int,
    *,
    seed: int | None = None,
    runs: Path | str | None = None,
    width: float | None = None,
) -> Figure:
    """A figure of the paper, 3 to 18, from the metrics and weights that are shipped.

    ``seed`` is of the sequences drawn; ``runs`` a folder of own runs, RECIPE-seed0 each, which are
    drawn instead where they are there; ``width`` is in inches, as of a column or a page. Models
    trained as the paper trained them, RECIPE-paper, stand beside the others' curves and in Figure
    14 where they are shipped. Models without results or weights are left out with a warning. Raises
    InputError for other numbers, for a width under 2 inches, for a seed where no sequences are
    drawn, where ``runs`` has none of the models, or where all that it shows is missing.
    """
    drawn = draw(number, seed=seed, runs=runs, width=width).figure.get_figure(root=True)
    assert drawn is not None
    return drawn


def draw(
    number: int,
    *,
    seed: int | None = None,
    runs: Path | str | None = None,
    width: float | None = None,
) -> Drawing:
    """The same `figure` with the arrays behind it and a line of words."""
    shown = find_figure(number)
    if seed is not None:
        check_drawn(number, own_runs=runs is not None)
    with printed_at(width):
        return KINDS[shown.kind](shown.models, None if runs is None else Path(runs), seed)


def find_figure(number: int) -> PaperFigure:
    """The figure of a number; raises InputError where there is none."""
    if number not in FIGURES:
        raise InputError(f"the paper's figures here are 3 to 18; there is no {number}")
    return FIGURES[number]


def check_drawn(number: int, *, own_runs: bool) -> None:
    """Raises InputError for a figure whose sequences have no seed: it draws none."""
    kind = find_figure(number).kind
    if kind == "curves":
        raise InputError(f"figure {number} draws no sequences: leave out the seed")
    if kind == "items" and not own_runs:
        raise InputError(
            f"figure {number} is of the scores in results/, and draws sequences for own runs "
            "alone: leave out the seed"
        )


def _curves(names: Sequence[str], runs: Path | None, seed: int | None) -> Drawing:
    own = _own(names, runs)
    every = {name: [path] for name, path in own.items()}
    every |= _shipped_metrics([name for name in names if name not in own])
    found = [every[name] for name in names if name in every]
    if not own:
        found += [shipped_runs(f"{name}{AS_PAPER}") for name in names]
    return curves.drawing([run for several in found for run in several])


def _generalise(names: Sequence[str], runs: Path | None, seed: int | None) -> Drawing:
    trained = _trained(names, runs)
    first = _of_one_form(trained)
    tasks = {size_name(size): first.make_task(size) for size in PAPER_SIZES[first.task]}
    notes = [_elsewhere(name) for name in names if name not in trained]
    return generalise.drawing(generalise.answers(_predictors(trained), tasks, seed or 0), notes)


def _elsewhere(name: str) -> str:
    """Where a model is that is not shown, and what was measured of it."""
    parts = []
    for result in map(read_result, shipped_runs(name)):
        parts += [
            f"{percent(size['wrong_rate'])} at {size_name(size)}"
            for size in sizes(result, "wrong_rate")
        ]
    wrong = f"Wrong bits of its run in results/: {'; '.join(parts)}." if parts else ""
    number = next(n for n, f in FIGURES.items() if f.kind == "generalise" and name in f.models)
    shows = f"`ntmlab train {name}`, then `ntmlab reproduce {number} --runs runs` shows it."
    return f"Not shown: {name}, whose weights are too large to ship; {shows} {wrong}".strip()


def _memory(names: Sequence[str], runs: Path | None, seed: int | None) -> Drawing:
    ((name, trained),) = _trained(names, runs).items()
    task = trained.make_task(SHOWN_SIZES.get(trained.task, {}))
    shown = default_seed(task) if seed is None else seed
    return memory.drawing(name, machine(trained.model, name), task, shown)


def _items(names: Sequence[str], runs: Path | None, seed: int | None) -> Drawing:
    """From the scores of all seeds, or from own runs on fresh sequences."""
    if runs is None:
        found = _shipped_metrics(names)
        lines = [items.median_seed(k, [read_result(run) for run in v]) for k, v in found.items()]
        words = "medians over seeds of the scores in results/"
    else:
        trained = _trained(names, runs)
        tasks = {n: _of_one_form(trained).make_task({"items": n}) for n in ITEMS}
        lines = items.measured(_predictors(trained), tasks, ITEM_SEQUENCES, seed or 0)
        words = f"{ITEM_SEQUENCES} sequences of seed {seed or 0} at each number of items"
    return items.drawing(lines, Recall().max_items, words)


def _strips(names: Sequence[str], runs: Path | None, seed: int | None) -> Drawing:
    trained = _trained(names, runs)
    task = next(iter(trained.values())).make_task({})
    every = _predictors(trained)
    models = {LABELS.get(name.removesuffix(AS_PAPER), name): p for name, p in every.items()}
    sequences, about = strips.subject(task, models, models, seed)
    return strips.drawing(compare(sequences, {LABELS["optimal"]: task.optimal(), **models}), about)


def _example(names: Sequence[str], runs: Path | None, seed: int | None) -> Drawing:
    ((name, trained),) = _trained(names, runs).items()
    task = trained.make_task({})
    (predictor,) = _predictors({name: trained}).values()
    return sorting.example_drawing(task, seed or 0, {name: predictor})


def _fit(names: Sequence[str], runs: Path | None, seed: int | None) -> Drawing:
    ((name, trained),) = _trained(names, runs).items()
    task = trained.make_task({})
    found = sorting.sort_writes(machine(trained.model, name), task, seed or 0)
    return sorting.fit_drawing(found)


KINDS: Final[dict[str, Callable[[Sequence[str], Path | None, int | None], Drawing]]] = {
    "curves": _curves,
    "generalise": _generalise,
    "memory": _memory,
    "items": _items,
    "strips": _strips,
    "example": _example,
    "fit": _fit,
}


def _own(names: Sequence[str], runs: Path | None) -> dict[str, Path]:
    """The own runs of recipes that there are in a folder; InputError for one that has none."""
    if runs is None:
        return {}
    places = {name: runs / f"{name}-seed0" for name in names}
    found = {name: path for name, path in places.items() if path.is_dir()}
    if not found:
        raise InputError(f"{runs} has none of {', '.join(path.name for path in places.values())}")
    return found


def _trained(names: Sequence[str], runs: Path | None) -> dict[str, Trained]:
    """The models by recipe, own or shipped; InputError if there are none."""
    own, known = _own(names, runs), shipped()
    names = [name if name in {*own, *known} else name.removesuffix(AS_PAPER) for name in names]
    found = {n: load_trained(str(own.get(n, n))) for n in names if n in own or n in known}
    _check_some(names, found, "weights", "; --from-scratch trains them")
    return found


def _shipped_metrics(names: Sequence[str]) -> dict[str, list[Path]]:
    """The shipped results of every seed of some recipes; InputError if there are none."""
    found = {name: runs for name in names if (runs := shipped_runs(name))}
    _check_some(names, found, "results", "; use --from-scratch")
    return found


def _check_some(names: Sequence[str], found: Mapping[str, object], what: str, help: str) -> None:
    """A warning for what is missing, InputError if all is."""
    if names and not found:
        raise InputError(f"no {what} of {', '.join(names)} are shipped{help}")
    if missing := [name for name in names if name not in found]:
        warnings.warn(f"no {what} of {', '.join(missing)} are shipped; left out", stacklevel=2)


def _of_one_form(trained: Mapping[str, Trained]) -> Trained:
    """The first model, if all are bound to the same form of the task; else InputError."""
    first = next(iter(trained.values()))
    if any(one.form != first.form for one in trained.values()):
        raise InputError(f"{', '.join(trained)} differ in the task's form")
    return first


def _predictors(trained: Mapping[str, Trained]) -> dict[str, Predictor]:
    return {name: ModulePredictor(one.model) for name, one in trained.items()}
