"""Which estimator a model is, as text, as JSON and as a picture with its arrays."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from ntmlab.evaluation.score import with_error
from ntmlab.studies.drawing import Drawing
from ntmlab.studies.nearest.measure import Nearest
from ntmlab.studies.nearest.picture import nearest
from ntmlab.studies.profiles import profile_json

SMALLEST: Final = 0.005  # weights below are not told in words


def to_text(found: Mapping[str, Nearest]) -> str:
    """A table a model, the nearest predictor first, and a line on the best mixture."""
    return "\n\n".join(f"{name}\n{_table(own)}\n{_mixture(own)}" for name, own in found.items())


def _table(own: Nearest) -> str:
    width = max(map(len, own.names))
    head = f"  {'':<{width}}  {'bits a sequence':>18}  {'in the mixture':>14}"
    rows = [
        f"  {own.names[i]:<{width}}  {with_error(own.bits[i], own.bits_se[i]):>18}"
        f"  {own.weights[i]:>14.3f}"
        for i in own.order
    ]
    return "\n".join([head, *rows])


def _mixture(own: Nearest) -> str:
    parts = [
        f"{own.weights[i]:.0%} {own.names[i]}"
        for i in np.argsort(-own.weights, kind="stable")
        if own.weights[i] >= SMALLEST
    ]
    return f"  nearest mixture: {', '.join(parts)}; {abs(own.mixture_bits):.4f} bits from it"


def to_json(found: Nearest) -> dict[str, Any]:
    """A model's distances as JSON values."""
    return {
        "names": found.names,
        "bits": found.bits.tolist(),
        "bits_se": found.bits_se.tolist(),
        "weights": found.weights.tolist(),
        "mixture_bits": found.mixture_bits,
        "blocks": found.blocks.tolist(),
        "steps": profile_json(found.profile),
    }


def drawing(found: Mapping[str, Nearest]) -> Drawing:
    """The picture of one model, or of its snapshots in order, and what it shows in words.

    Of the arrays ``bits`` and ``weights`` have a row for each of ``models`` and a column for each
    of ``names``, which are the rows of the last one's ``profile`` too.
    """
    axes = nearest(found)
    last = list(found.values())[-1]
    arrays = {
        "models": np.array(list(found)),
        "names": np.array(last.names),
        "bits": np.stack([own.bits for own in found.values()]),
        "weights": np.stack([own.weights for own in found.values()]),
        "profile": last.profile.mean,
        "blocks": last.blocks,
    }
    figure = next(iter(axes.values())).figure
    best = last.names[last.order[0]]
    return Drawing(figure, arrays, f"nearest to {best}, {last.bits[last.order[0]]:.3f} bits")
