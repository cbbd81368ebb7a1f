"""Sizes beyond those of training at which the paper looks at each task."""

from typing import Any

# By task; a task that is missing has one size only.
PAPER_SIZES: dict[str, list[dict[str, int]]] = {
    "copy": [{"length": length} for length in (10, 20, 30, 50, 120)],
    "repeat-copy": [{"length": 20, "repeats": 10}, {"length": 10, "repeats": 20}],
    "recall": [{"items": items} for items in (6, 8, 10, 12, 15, 20)],
}


def size_name(size: dict[str, Any]) -> str:
    """A size as text, such as "length 20, repeats 10"."""
    parts = [f"{key} {size[key]}" for key in ("length", "repeats", "items") if key in size]
    return ", ".join(parts)
