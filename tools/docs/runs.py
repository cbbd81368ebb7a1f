"""The table of points at which a run can be killed, for docs/runs.md."""

from ntmlab.studies.markdown import table
from tools.faults.points import STAGES


def points_table() -> str:
    """A row for each group of points of one stage at which the same is found."""
    rows = [
        (stage, ", ".join(operations), found.value)
        for stage, parts in STAGES.items()
        for operations, found in parts
    ]
    return table(("at", "killed after", "who goes on finds"), rows)
