"""The picture of cost against items, with its arrays."""

from collections.abc import Sequence

from ntmlab.studies.drawing import Drawing
from ntmlab.studies.items.measure import ItemsLine
from ntmlab.studies.items.picture import cost_by_items


def drawing(lines: Sequence[ItemsLine], trained: int, words: str) -> Drawing:
    """The lines, and ``trained``, the most items seen in training; arrays by a label's first word.

    Raises InputError without lines.
    """
    figure = cost_by_items(lines, trained=trained).figure
    arrays = {"items": lines[0].items}
    for line in lines:
        name = line.label.split()[0]
        arrays |= {f"{name}-bits": line.bits, f"{name}-error": line.error}
    return Drawing(figure, arrays, words)
