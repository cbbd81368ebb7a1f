"""Where models lose bits, as text, as JSON and as a picture with its arrays."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ntmlab.evaluation.score import score_table, with_error
from ntmlab.studies.claims import Claim, claims_text
from ntmlab.studies.drawing import Drawing
from ntmlab.studies.losses.measure import Losses, Part
from ntmlab.studies.losses.picture import losses
from ntmlab.studies.profiles import profile_json, read_profile


def to_text(found: Mapping[str, Losses], claims: Sequence[Claim]) -> str:
    """The claims with their verdicts; then gaps, and the parts as tables."""
    scores = score_table({name: one.score for name, one in found.items()})
    lines = [claims_text(claims), "", scores]
    for part in next(iter(found.values())).parts:
        lines += ["", f"bits a sequence by {part}", *_table(found, part)]
    return "\n".join(lines)


def _table(found: Mapping[str, Losses], part: str) -> list[str]:
    """A line for each bin, a column for each model."""
    names = next(iter(found.values())).parts[part].names
    width = max(12, *map(len, names))
    columns = max(15, *map(len, found))
    lines = [f"  {'':<{width}}" + "".join(f"  {model:>{columns}}" for model in found)]
    for i, name in enumerate(names):
        own = [with_error(o.parts[part].bits[i], o.parts[part].bits_se[i]) for o in found.values()]
        lines.append(f"  {name:<{width}}" + "".join(f"  {cell:>{columns}}" for cell in own))
    return lines


def to_json(found: Losses) -> dict[str, Any]:
    """A model's losses as JSON values."""
    return {
        **found.score.values(),
        "close": profile_json(found.close),
        "worst_share": found.worst_share,
        "parts": {name: _part_json(part) for name, part in found.parts.items()},
    }


def _part_json(part: Part) -> dict[str, Any]:
    sums = {"bits": part.bits.tolist(), "bits_se": part.bits_se.tolist()}
    return {"names": part.names, **sums, "steps": profile_json(part.steps)}


def read_parts(record: Mapping[str, Any]) -> dict[str, Part]:
    """The parts of a model that `to_json` wrote."""
    return {
        name: Part(
            part["names"],
            read_profile(part["steps"]),
            np.array(part["bits"]),
            np.array(part["bits_se"]),
        )
        for name, part in record["parts"].items()
    }


def drawing(found: Mapping[str, Losses]) -> Drawing:
    """The picture and all parts of every model."""
    axes = losses({name: one.parts for name, one in found.items()})
    figure = next(iter(axes.values())).figure
    return Drawing(figure, _arrays(found), f"losses of {', '.join(found)}")


def _arrays(found: Mapping[str, Losses]) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for model, one in found.items():
        for name, part in one.parts.items():
            arrays[f"{model}/{name}/names"] = np.array(part.names)
            arrays[f"{model}/{name}/bits"] = part.bits
            arrays[f"{model}/{name}/bits_se"] = part.bits_se
            arrays[f"{model}/{name}/bits_per_step"] = part.steps.mean
            arrays[f"{model}/{name}/steps"] = part.steps.steps
    return arrays
