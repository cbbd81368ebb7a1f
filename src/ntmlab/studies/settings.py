"""What a sweep's runs come to against one of its settings: the picture with its arrays."""

from collections.abc import Sequence

import numpy as np

from ntmlab.errors import unknown_name
from ntmlab.figures.settings import SettingLine, against
from ntmlab.records import Record
from ntmlab.studies.drawing import Drawing
from ntmlab.sweeps import attempts
from ntmlab.sweeps.show import SETTING
from ntmlab.sweeps.units import begun_as

COSTS = {"kl": "gap to the optimum (bits per sequence)", "bits": "cost (bits per sequence)"}


def drawing(runs: Sequence[Record], setting: str) -> Drawing:
    """Costs of finished runs, rows of a sweep's table, against a setting that it varies.

    The gap where it is known, else the cost. Raises InputError for a setting that no run has.
    """
    key = f"{SETTING}{setting}"
    known = dict.fromkeys(k for run in runs for k in run if k.startswith(SETTING))
    if key not in known:
        raise unknown_name("setting of the sweep", setting, [k[len(SETTING) :] for k in known])
    own = [run for run in runs if key in run]
    ended = [run for run in own if run["state"] == attempts.FINISHED]
    cost = "kl" if ended and all(run["kl"] is not None for run in ended) else "bits"
    lines: dict[str, dict[str, list[float]]] = {}
    for run in own:
        costs = lines.setdefault(_label(run, key), {}).setdefault(run[key], [])
        costs += [run[cost]] if run in ended else []
    drawn = [
        SettingLine(label, list(at), [np.array(costs) for costs in at.values()])
        for label, at in lines.items()
    ]
    arrays = {
        f"{line.label}-{setting}={value}": costs
        for line in drawn
        for value, costs in zip(line.values, line.costs, strict=True)
    }
    axes = against(drawn, setting, COSTS[cost])
    return Drawing(axes.figure, arrays, f"{len(ended)} runs against {setting}")


def _label(run: Record, but: str) -> str:
    """The recipe of a run as it was begun, and its settings but one."""
    settings = {k[len(SETTING) :]: value for k, value in run.items() if k.startswith(SETTING)}
    begun = begun_as(run["name"], run["recipe"], settings, run["seed"])
    others = (f"{k}={value}" for k, value in settings.items() if f"{SETTING}{k}" != but)
    return " ".join([begun, *others])
