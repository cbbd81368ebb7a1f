"""What lies beyond training, as text, as JSON and as a picture with its arrays."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from ntmlab.evaluation.score import Score, with_error
from ntmlab.sequences import Task
from ntmlab.studies.beyond.measure import TRAINED, Beyond, Setting
from ntmlab.studies.beyond.picture import BeyondView, beyond, make_view
from ntmlab.studies.drawing import Drawing
from ntmlab.studies.profiles import profile_json

PER: Final = 200  # steps, to which gaps of long sequences are scaled


def to_text(found: Beyond) -> str:
    """A table of Σ KL by setting, one of the excess, and where long sequences break."""
    names = list(found.settings[0].scores)
    columns = max(17, *map(len, names))
    lines = [_line("Σ KL in bits a sequence", names, columns)]
    lines += [_line(s.name, _cells(s, names), columns) for s in found.settings]
    lines += ["", _line("paired difference of costs", names, columns)]
    lines += [_line(s.name, _gaps(s, names), columns) for s in found.settings]
    lines += ["", _line(f"Σ KL above the {TRAINED}", names, columns)]
    lines += [_line(s.name, _excess(s, names), columns) for s in found.settings]
    lines += ["", f"Σ KL of each {found.long.block} steps, {found.long.sequences} long sequences"]
    every = {name: p for name, p in found.long.by_block.items() if name != TRAINED}
    lines += [_line("steps", list(every), columns)]
    for place in range(len(next(iter(every.values())).mean)):
        first = place * found.long.block
        cells = [with_error(p.mean[place], p.se[place]) for p in every.values()]
        lines.append(_line(f"{first + 1}–{first + found.long.block}", cells, columns))
    lines += ["", *break_lines(found)]
    return "\n".join(lines)


def break_lines(found: Beyond) -> list[str]:
    """When each model falls behind the references."""
    lines = []
    for name, by_reference in found.long.below.items():
        for reference, step in by_reference.items():
            if name == TRAINED:
                continue
            when = "never" if step is None else f"first at step {step + 1}"
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


def to_json(training: Task, found: Beyond) -> dict[str, Any]:
    """Everything as JSON values."""
    return {
        "task": training.name,
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
        scaled = _scaled(own, setting.task.steps)
        models[name] = {**own.values(), **scaled, "excess": excess, "excess_se": error}
    head = {"kind": setting.kind, "name": setting.name, "sequences": setting.sequences}
    return {**head, "options": setting.task.options(), "models": models}


def _scaled(own: Score, length: int) -> Mapping[str, float | None]:
    """Gap and its error for every 200 steps."""
    pairs = {f"kl_per_{PER}": own.kl, f"kl_per_{PER}_se": own.kl_se}
    return {name: v if v is None else v * PER / length for name, v in pairs.items()}


def drawing(record: Mapping[str, Any]) -> Drawing:
    """The picture of what `to_json` says: the models, and the references beside them."""
    view = make_view(record)
    words = f"{', '.join(view.by_block)} beyond their training"
    return Drawing(beyond(view)["long"].figure, _arrays(view), words)


def _arrays(view: BeyondView) -> dict[str, np.ndarray]:
    arrays = {"settings": np.array(view.settings), "floor": view.floor}
    for name, profile in {**view.by_block, **view.references}.items():
        arrays[f"{name}/by_block"], arrays[f"{name}/by_block_se"] = profile.mean, profile.se
    for name, (values, errors) in view.gaps.items():
        arrays[f"{name}/tables"], arrays[f"{name}/tables_se"] = values, errors
    return arrays
