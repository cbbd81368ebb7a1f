"""The table as Markdown, from the numbers of its cells."""

from pathlib import Path
from typing import Final

from ntmlab.evaluation.score import with_error
from ntmlab.records import Record
from ntmlab.studies.markdown import table
from ntmlab.studies.table.cell import CELL, read_cell
from ntmlab.studies.table.plan import SIZES, SOURCES, cells

HEAD: Final = (
    *("model", "seed", "gap, Σ KL", "gap, paired", "beyond", "nearest estimator", "parameters"),
    *("bytes of state", "training"),
)


def read_cells(folder: Path) -> list[Record]:
    """The cells that were measured, in the table's order, those of a user's own models last.

    Raises InputError where one is damaged.
    """
    known = [folder / cell.folder / CELL for cell in cells()]
    own = sorted({*folder.glob(f"*/*/{CELL}")} - {*known})
    return [cell for path in [*known, *own] if (cell := read_cell(path)) is not None]


def to_text(found: list[Record]) -> str:
    """A section a source, a row a seed; what failed or was not run stands there too."""
    parts = []
    for source, specification in SOURCES.items():
        own = {cell["model"]: cell for cell in found if cell["source"] == source}
        rows = [
            row
            for model in [*SIZES, *sorted(own.keys() - SIZES)]
            for row in _rows(model, own.get(model))
        ]
        parts.append(f"## {source}: `{specification}`\n\n{table(HEAD, rows)}\n\n{_care(own)}\n")
    return "\n".join(parts)


def _rows(model: str, cell: Record | None) -> list[list[str]]:
    """The seeds of one kind of model."""
    if cell is None:
        return [[model, "not run", *[""] * (len(HEAD) - 2)]]
    if not cell["runs"]:
        return [[model, "every run of the search failed", *[""] * (len(HEAD) - 2)]]
    return [_row(cell, run) for run in cell["runs"]]


def _row(cell: Record, run: Record) -> list[str]:
    name = f"`{cell['chosen']}`, rate {cell['rate']:g}"
    if "failed" in run:
        return [name, str(run["seed"]), f"failed: {run['failed']}", *[""] * (len(HEAD) - 3)]
    cost = f"{cell['budget']['sequences']:,} sequences"
    if run["seconds"] is not None:
        cost += f", {run['seconds']:.0f} s"
    return [
        name,
        str(run["seed"]),
        with_error(run["kl"], run["kl_se"]),
        with_error(run["gap"], run["gap_se"]),
        _beyond(run),
        f"{run['nearest']}, {run['distance']:.2f} bits away",
        f"{run['parameters']:,}",
        "none" if run["state_bytes"] is None else f"{run['state_bytes']:,}",
        cost,
    ]


def _beyond(run: Record) -> str:
    if "beyond_failed" in run:
        return f"failed: {run['beyond_failed']}"
    return with_error(run["beyond"], run["beyond_se"])


def _care(own: dict[str, Record]) -> str:
    """The log of the search: what each run of it ended with."""
    lines = [f"- {model}: " + "; ".join(map(_tried, cell["search"])) for model, cell in own.items()]
    return "\n".join(["The search, gap of each run (Σ KL, validation sequences):", "", *lines])


def _tried(one: Record) -> str:
    end = "failed" if one["kl"] is None else f"{one['kl']:.2f}"
    return f"`{one['model']}` at {one['rate']:g} {end}"
