"""The tables of points at which a run or a sweep can be killed, for docs/runs.md and sweeps.md."""

from collections.abc import Mapping, Sequence
from enum import Enum

from ntmlab.studies.markdown import table
from tools.faults import points, sweep_points

Stages = Mapping[str, Sequence[tuple[Sequence[str], Enum]]]


def points_table() -> str:
    """The points of a run."""
    return _table(points.STAGES, "who goes on finds")


def sweep_points_table() -> str:
    """The points of a sweep."""
    return _table(sweep_points.STAGES, "the next driver finds")


def _table(stages: Stages, finds: str) -> str:
    """A row for each group of points of one stage at which the same is found."""
    rows = [
        (stage, ", ".join(operations), str(found.value))
        for stage, parts in stages.items()
        for operations, found in parts
    ]
    return table(("at", "killed after", finds), rows)
