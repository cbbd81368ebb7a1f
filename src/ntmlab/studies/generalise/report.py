"""The picture of answers at several sizes with its arrays, and how many bits are wrong."""

from collections.abc import Sequence

from ntmlab.studies.drawing import Drawing
from ntmlab.studies.generalise.measure import Pair
from ntmlab.studies.generalise.picture import generalise, wrong


def drawing(pairs: Sequence[Pair], notes: Sequence[str] = ()) -> Drawing:
    """Targets above outputs: Figures 4, 5 and 8; ``notes`` are lines beneath."""
    axes = generalise(pairs, notes=notes)
    arrays = {}
    for pair in pairs:
        arrays[f"{pair.title}-targets"], arrays[f"{pair.title}-outputs"] = pair[1:]
    missed, bits = sum(len(wrong(pair)) for pair in pairs), sum(p.targets.size for p in pairs)
    words = f"{missed} of {bits} bits wrong on the sequences shown"
    return Drawing(axes[0][0].figure, arrays, words)
