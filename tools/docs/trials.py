"""docs/trials.md: what each single change to a recipe does to short runs of it."""

from pathlib import Path
from statistics import median
from typing import Any

from ntmlab.records import read_object
from tools.docs.tables import table

HEAD = """# What limits the NTM: one change at a time

Short runs of a recipe as it is, and with one thing different, made by `python tools/trials.py`.
Rates fall to 0 at the end of each run, so these are not the beginnings of long ones. Numbers are of
the last validation, on 1,000 fixed sequences, in bits a sequence, best change first. Runs are
chaotic: where a recipe's own seeds lie far apart, a change must do more than that.
This page is made from `results/trials/` by `make docs`.
"""
MEASURED = {"kl": "gap to the optimum, Σ KL", "bits": "cost"}


def trials_page(folder: Path) -> str:
    """The page, from what tools/trials.py wrote."""
    parts = [HEAD]
    for path in sorted(folder.glob("*.json")):
        found = read_object(path) or {}
        parts.append(section(path.stem, found))
    return "\n".join(parts)


def section(name: str, found: dict[str, Any]) -> str:
    """The trials of one recipe."""
    seeds = found["seeds"]
    head = ["change", *(f"seed {seed}" for seed in seeds), "median", "settings"]
    rows = [
        [
            f"**{t['change']}**" if not t["settings"] else t["change"],
            *(f"{cost:.3g}" for cost in t["costs"]),
            f"{median(t['costs']):.3g}",
            " ".join(f"`{setting}`" for setting in t["settings"]),
        ]
        for t in sorted(found["trials"], key=lambda t: median(t["costs"]))
    ]
    title = f"## `{name}`, {found['sequences']:,} sequences: {MEASURED[found['measured']]}"
    before = " ".join(f"`{setting}`" for setting in found["before"])
    said = f"All with {before}, as the recipe was.\n\n" if before else ""
    return f"{title}\n\n{said}{table(head, rows)}\n"
