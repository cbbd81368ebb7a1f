"""``ntmlab reproduce``: a figure of the paper from shipped metrics and weights, or from scratch."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ntmlab.cli import curves as curves_command
from ntmlab.cli import figure as strips_command
from ntmlab.cli import memory as memory_command
from ntmlab.cli.items import draw_item_scores, draw_items
from ntmlab.cli.memory import default_seed
from ntmlab.cli.models import Trained, load_trained
from ntmlab.cli.parser import make_parser
from ntmlab.cli.pictures import draw_generalise, draw_sort_example
from ntmlab.errors import InputError
from ntmlab.figures.save import check_path
from ntmlab.runs.folder import read_config
from ntmlab.runs.results import shipped_runs
from ntmlab.studies.paper.sizes import PAPER_SIZES
from ntmlab.tasks import PrioritySort
from ntmlab.training import RECIPES, read_metrics, resume, train
from ntmlab.training.device import find_device
from ntmlab.training.estimate import estimated_seconds, in_words
from ntmlab.weights import shipped


class PaperFigure(NamedTuple):
    """A figure: how it is drawn, and of which models."""

    kind: str  # curves, generalise, memory, items, strips, example, fit
    models: tuple[str, ...]
    title: str


def _cells(task: str) -> tuple[str, ...]:
    return (f"{task}-ntm", f"{task}-ntm-lstm", f"{task}-lstm")


FIGURES = {
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
    14: PaperFigure("strips", ("ngrams-ntm", "ngrams-lstm"), "dynamic N-grams inference"),
    15: PaperFigure("memory", ("ngrams-ntm",), "memory use on dynamic N-grams"),
    16: PaperFigure("example", (), "an example of priority sort"),
    17: PaperFigure("fit", ("sort-ntm",), "memory use on priority sort"),
    18: PaperFigure("curves", _cells("sort"), "priority sort learning curves"),
}
ITEMS = range(6, 21)
ITEM_SEQUENCES = 100  # at each number of items, so that the figure takes seconds


def run(arguments: argparse.Namespace) -> int:
    """Draws the figure; with --from-scratch trains what it shows first."""
    if arguments.figure not in FIGURES:
        raise InputError(f"the paper's figures here are 3 to 18; there is no {arguments.figure}")
    shown = FIGURES[arguments.figure]
    out = Path(arguments.out or f"figure{arguments.figure}.png")
    check_path(out)
    folder = Path(arguments.runs) if arguments.from_scratch else None
    if arguments.device and not folder:
        raise InputError("--device is for training: give --from-scratch with it")
    device = arguments.device or "cpu"
    find_device(device, "lstm")
    if folder and not _train(shown.models, folder, device):
        return 1
    line = draw(shown, folder, arguments.seed, out)
    print(f"Figure {arguments.figure}: {shown.title}", file=sys.stderr)
    if line:
        print(line)
    return 0


def draw(shown: PaperFigure, folder: Path | None, seed: int | None, out: Path) -> str:
    """Draws a figure from the runs of a folder, or from what is shipped; returns what to print.

    Without a seed the sequence is the one that the figure's own command shows.
    """
    kind = "dynamic-ngrams" if "ngrams" in "".join(shown.models) else ""
    own_seed = default_seed(kind) if seed is None else seed
    if shown.kind == "curves":
        return _command("curves", *_runs(shown.models, folder), "--out", out)
    if shown.kind == "example":
        return draw_sort_example(PrioritySort(), own_seed, out)
    if shown.kind == "items" and folder is None:
        return draw_item_scores(shown.models, out)
    names = _present(shown.models, folder)
    if shown.kind == "strips":
        rows = ("optimal", *(_where(name, folder) for name in names))
        chosen = () if seed is None else ("--seed", seed)
        return _command("figure", "--out", out, *chosen, "--models", *rows)
    trained = {name: load_trained(_where(name, folder))._replace(name=name) for name in names}
    first = next(iter(trained.values()))
    if shown.kind in ("memory", "fit"):
        return memory_command.draw(first, {}, own_seed, out, fit=shown.kind == "fit")
    models = {name: one.model for name, one in trained.items()}
    form = _one_form(list(trained.values()))
    if shown.kind == "items":
        return draw_items(models, form, ITEMS, ITEM_SEQUENCES, own_seed, out)
    return draw_generalise(models, first.task, form, PAPER_SIZES[first.task], own_seed, out)


def _command(*arguments: object) -> str:
    """Runs another command, which prints for itself; returns nothing more to print."""
    parsed = make_parser().parse_args([str(argument) for argument in arguments])
    {"curves": curves_command, "figure": strips_command}[parsed.command].run(parsed)
    return ""


def _one_form(trained: Sequence[Trained]) -> dict[str, Any]:
    """The form of the task that all are bound to."""
    if any(one.form != trained[0].form for one in trained):
        raise InputError(f"{', '.join(one.name for one in trained)} differ in the task's form")
    return trained[0].form


def _where(name: str, folder: Path | None) -> str:
    return name if folder is None else str(folder / f"{name}-seed0")


def _present(names: Sequence[str], folder: Path | None) -> list[str]:
    """The models there are; a remark for those missing, InputError if all are."""
    found = [name for name in names if folder is not None or name in shipped()]
    missing = [name for name in names if name not in found]
    if not found:
        raise InputError(
            f"no weights of {', '.join(names)} are shipped; --from-scratch trains them"
        )
    for name in missing:
        print(f"ntmlab: no weights of {name} are shipped; left out", file=sys.stderr)
    return found


def _runs(names: Sequence[str], folder: Path | None) -> list[Path]:
    """The run folders of every seed of some models; InputError where there are none at all."""
    if folder is not None:
        return [folder / f"{name}-seed0" for name in names]
    found = {name: shipped_runs(name) for name in names}
    if not any(found.values()):
        raise InputError(f"no metrics of {', '.join(names)} are shipped; use --from-scratch")
    for name in (name for name, runs in found.items() if not runs):
        print(f"ntmlab: no metrics of {name} are shipped; left out", file=sys.stderr)
    return [run for runs in found.values() for run in runs]


def _train(names: Sequence[str], folder: Path, device: str) -> bool:
    """Trains what is not there yet, seed 0, LSTMs on the device; returns whether all ended."""
    places = {name: device if RECIPES[name].model == "lstm" else "cpu" for name in names}
    todo = [name for name in names if not _finished(folder / f"{name}-seed0")]
    for name in todo:
        words = in_words(estimated_seconds(RECIPES[name], places[name]))
        print(f"training {name}: about {words} here", file=sys.stderr)
    for name in todo:
        path = folder / f"{name}-seed0"
        begun = (path / "config.json").exists()
        ended = resume(path) if begun else train(RECIPES[name], 0, path, places[name])
        if not ended:
            print("saved; the same command goes on", file=sys.stderr)
            return False
    return True


def _finished(path: Path) -> bool:
    """Whether a run folder has reached the end of its recipe."""
    try:
        _, recipe, _ = read_config(path)
        return bool(read_metrics(path)[-1]["sequences"] >= recipe.sequences)
    except InputError:
        return False
