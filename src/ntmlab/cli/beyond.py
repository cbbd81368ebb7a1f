"""``ntmlab beyond``: models on longer sequences, other tables and shorter contexts."""

import argparse
import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ntmlab.cli.inputs import find_predictors, is_trained, ngrams_of
from ntmlab.cli.models import load_trained
from ntmlab.cli.progress import progress_bar
from ntmlab.errors import InputError
from ntmlab.evaluation.compare import Score, with_error
from ntmlab.figures import save
from ntmlab.figures.save import check_path
from ntmlab.studies.beyond.measure import TRAINED, Beyond, Setting, beyond, short_settings
from ntmlab.studies.beyond.picture import BeyondView
from ntmlab.studies.beyond.picture import beyond as draw
from ntmlab.studies.profiles import finite, profile_json
from ntmlab.tasks import DynamicNGrams

PER = 200  # bits, to which gaps of long sequences are scaled


def run(arguments: argparse.Namespace) -> int:
    """Measures, draws, and prints the tables."""
    out = Path(arguments.out)
    check_path(out)
    training = training_task(arguments.models)
    predictors = find_predictors(arguments.models, training)
    count, seed, length = arguments.sequences, arguments.seed, arguments.length
    with progress_bar("settings", len(short_settings(training)) + 1) as progress:
        found = beyond(training, predictors, count, seed, length, progress)
    view = make_view(found, list(predictors))
    save(draw(view)["long"].figure, out, _arrays(view))
    print(json.dumps(finite(to_json(training, found))) if arguments.json else to_text(found, out))
    return 0


def training_task(models: Iterable[str]) -> DynamicNGrams:
    """The task that the trained models among these were trained on, the paper's without any.

    Raises InputError where they differ.
    """
    cards = {m: load_trained(m, DynamicNGrams.name).task_options for m in models if is_trained(m)}
    tasks = {name: ngrams_of(options) for name, options in cards.items()}
    for (first, task), (other, another) in pairwise(tasks.items()):
        if task != another:
            raise InputError(f"{first} and {other} are trained on different sizes of the task")
    return next(iter(tasks.values()), DynamicNGrams())


def to_text(found: Beyond, out: Path) -> str:
    """A table of Σ KL by setting, one of the excess, and where long sequences break."""
    names = list(found.settings[0].scores)
    columns = max(17, *map(len, names))
    lines = [_line("Σ KL in bits a sequence", names, columns)]
    lines += [_line(s.name, _cells(s, names), columns) for s in found.settings]
    lines += ["", _line("paired difference of costs", names, columns)]
    lines += [_line(s.name, _gaps(s, names), columns) for s in found.settings]
    lines += ["", _line(f"Σ KL above the {TRAINED}", names, columns)]
    lines += [_line(s.name, _excess(s, names), columns) for s in found.settings]
    lines += ["", f"Σ KL of each {found.long.block} bits, {found.long.sequences} long sequences"]
    every = {name: p for name, p in found.long.by_block.items() if name != TRAINED}
    lines += [_line("bits", list(every), columns)]
    for place in range(len(next(iter(every.values())).mean)):
        first = place * found.long.block
        cells = [with_error(p.mean[place], p.se[place]) for p in every.values()]
        lines.append(_line(f"{first + 1}–{first + found.long.block}", cells, columns))
    lines += ["", *break_lines(found), "", str(out)]
    return "\n".join(lines)


def break_lines(found: Beyond) -> list[str]:
    """When each model falls behind the references."""
    lines = []
    for name, by_reference in found.long.below.items():
        for reference, step in by_reference.items():
            if name == TRAINED:
                continue
            when = "never" if step is None else f"from bit {step + 1} on"
            lines.append(f"{name} loses more than {reference}: {when}")
    return lines


def _line(head: str, cells: Iterable[str], width: int) -> str:
    return f"{head:<36}" + "".join(f"  {cell:>{width}}" for cell in cells)


def _cells(setting: Setting, names: list[str]) -> list[str]:
    return [with_error(setting.scores[n].kl, setting.scores[n].kl_se) for n in names]


def _gaps(setting: Setting, names: list[str]) -> list[str]:
    return [with_error(setting.scores[n].gap, setting.scores[n].gap_se) for n in names]


def _excess(setting: Setting, names: list[str]) -> list[str]:
    return [with_error(*setting.excess[n]) for n in names]


def to_json(training: DynamicNGrams, found: Beyond) -> dict[str, Any]:
    """Everything as JSON values."""
    return {
        "training": training.options(),
        "seed": found.seed,
        "settings": [_setting_json(setting) for setting in found.settings],
        "long": {
            "block": found.long.block,
            "sequences": found.long.sequences,
            "by_block": {name: profile_json(p) for name, p in found.long.by_block.items()},
            "loses_more_from": found.long.below,
        },
    }


def _setting_json(setting: Setting) -> dict[str, Any]:
    models = {}
    for name, own in setting.scores.items():
        excess, error = setting.excess[name]
        scaled = _scaled(own, setting.task.length)
        models[name] = {**own.values(), **scaled, "excess": excess, "excess_se": error}
    head = {"kind": setting.kind, "name": setting.name, "sequences": setting.sequences}
    return {**head, "options": setting.task.options(), "models": models}


def _scaled(own: Score, length: int) -> Mapping[str, float | None]:
    """Gap and its error for every 200 bits."""
    pairs = {f"kl_per_{PER}": own.kl, f"kl_per_{PER}_se": own.kl_se}
    return {name: v if v is None else v * PER / length for name, v in pairs.items()}


def make_view(found: Beyond, models: list[str]) -> BeyondView:
    """What the picture shows."""
    shown = [setting for setting in found.settings if setting.kind != "length"]
    others = [n for n in found.long.by_block if n not in models and n != TRAINED]

    def row(name: str, part: str) -> np.ndarray:
        return np.array([getattr(setting.scores[name], part) for setting in shown])

    return BeyondView(
        found.long.block,
        {name: found.long.by_block[name] for name in models},
        {name: found.long.by_block[name] for name in others},
        [setting.name for setting in shown],
        {name: (row(name, "kl"), row(name, "kl_se")) for name in models},
        row(TRAINED, "kl"),
    )


def _arrays(view: BeyondView) -> dict[str, np.ndarray]:
    arrays = {"settings": np.array(view.settings), "floor": view.floor}
    for name, profile in {**view.by_block, **view.references}.items():
        arrays[f"{name}/by_block"], arrays[f"{name}/by_block_se"] = profile.mean, profile.se
    for name, (values, errors) in view.gaps.items():
        arrays[f"{name}/tables"], arrays[f"{name}/tables_se"] = values, errors
    return arrays
