"""What can be read from a model's state, as text and as JSON."""

from collections.abc import Mapping
from typing import Any

from ntmlab.studies.probe.measure import Probe


def to_text(found: Mapping[str, Probe]) -> str:
    """A line for each part of the state and each thing that the exact predictor knows."""
    rows = [
        (part, f"{own.features:,}", name, f"{count:,}", f"{r2:.4f} ± {error:.4f}")
        for part, own in found.items()
        for name, (count, r2, error) in own.known.items()
    ]
    head = ("state", "numbers", "read from it", "numbers", "R² on other sequences")
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = ["  ".join(f"{cell:<{w}}" for cell, w in zip(r, widths, strict=True)) for r in rows]
    title = "  ".join(f"{cell:<{w}}" for cell, w in zip(head, widths, strict=True))
    return "\n".join(line.rstrip() for line in [title, *lines])


def to_json(found: Mapping[str, Probe]) -> dict[str, Any]:
    """R² of each part of the state as JSON values."""
    return {
        part: {
            "features": own.features,
            "known": {
                name: {"numbers": count, "r2": r2, "r2_se": error}
                for name, (count, r2, error) in own.known.items()
            },
        }
        for part, own in found.items()
    }
