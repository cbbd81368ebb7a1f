"""What runs come to against one setting: the median of the seeds in a band, and every seed.

Legend: V values of the setting, S seeds of one value, which may differ in number.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.figures.line_styles import LineStyle, line_style
from ntmlab.figures.style import log_scale, new_figure, style

DECADE: Final = 10  # values that span so much, and costs, are on a log scale


class SettingLine(NamedTuple):
    """Costs at each value of a setting; runs of one label share all others."""

    label: str
    values: list[str]  # (V,)
    costs: list[Array]  # (V,) of (S,)


def against(
    lines: Sequence[SettingLine], setting: str, cost: str, *, ax: Axes | None = None
) -> Axes:
    """Draws costs against a setting; ``cost`` says what they are.

    A line is the median of the seeds, its band goes from the least to the most, and a dot is a
    seed. Values stand at their place where all are numbers, on a log scale where they span a
    decade; else side by side. Raises InputError without a cost.
    """
    if not any(len(costs) for line in lines for costs in line.costs):
        raise InputError("no run is finished: there is nothing to draw")
    values = list(dict.fromkeys(value for line in lines for value in line.values))
    numbers = _numbers(values)
    places = dict(zip(values, range(len(values)) if numbers is None else numbers, strict=True))
    with style():
        if ax is None:
            ax = new_figure(5.4, 3.4).add_subplot()
        for number, line in enumerate(lines):
            _draw(ax, line, places, line_style(number))
        ax.set_xlabel(setting)
        ax.set_ylabel(cost)
        if numbers is not None and _spans_decade(np.array(numbers)):
            ax.set_xscale("log")
            ax.xaxis.set_minor_locator(NullLocator())
        ax.set_xticks([float(place) for place in places.values()], list(places))
        if _spans_decade(np.concatenate([costs for line in lines for costs in line.costs])):
            log_scale(ax)
        if len(lines) > 1:
            ax.legend()
    return ax


def _draw(ax: Axes, line: SettingLine, places: dict[str, float], look: LineStyle) -> None:
    """The median, the band, and every seed."""
    there = [(places[v], costs) for v, costs in zip(line.values, line.costs, strict=True)]
    there = sorted(((x, costs) for x, costs in there if len(costs)), key=lambda pair: pair[0])
    x = [place for place, _ in there]
    middle = [float(np.median(costs)) for _, costs in there]
    ax.plot(
        x,
        middle,
        color=look.colour,
        linestyle=look.dashes,
        marker=look.marker,
        label=line.label,
    )
    least, most = ([float(f(costs)) for _, costs in there] for f in (np.min, np.max))
    ax.fill_between(x, least, most, color=look.colour, alpha=0.2, lw=0)
    for place, costs in there:
        seeds = np.full(len(costs), place)
        ax.plot(seeds, costs, ls="none", marker=".", ms=3, color=look.colour, gid="seed")


def _numbers(values: Sequence[str]) -> list[float] | None:
    """The values as numbers, None unless all are."""
    try:
        return [float(value) for value in values]
    except ValueError:
        return None


def _spans_decade(numbers: Array) -> bool:
    """Whether numbers are above 0 and the most is ten times the least."""
    return bool(numbers.min() > 0 and numbers.max() >= DECADE * numbers.min())
