"""The parts of docs/trust.md that are numbers: what campaigns came to, from benchmarks/results/.

A campaign's entry in a ``*-trust.json`` has its ``command``, ``tries`` and the ``failures`` or the
``wrong`` that it met, in words; where these stand for another number than theirs, ``faults`` is it.
One in a ``*-mutants.json`` has how many ``mutants`` were tried and how many were ``noticed`` by the
tests of that moment. A ``date`` of its own is that of an entry, else the file's.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from ntmlab.runs.success import wilson
from ntmlab.studies import markdown
from ntmlab.studies.claims import percent
from tools.mutations import NAMED

WIDTH: Final = 110
AIM: Final = 0.02  # of drawn mutants, at most so many are to be gaps of the tests
TRIED: Final = {
    "crash": "runs killed at any point, disks full or failing, a second writer",
    "crash --sweeps": "the same done to a sweep's driver and worker",
    "fuzz files": "a flipped bit in a checkpoint or in weights",
    "fuzz contents": "files that commands read, broken in bytes or in what they say",
    "fuzz requests": "paths, headers and bodies sent to the page's server",
    "fuzz commands": "command lines, Ctrl-C at any moment",
    "named": "{named} faults by name put into the sources, one at a time",
    "drawn": "operators and numbers swapped at places that a seed draws",
}
WRONG: Final = {
    "crash": "",
    "crash --sweeps": "12 looked at: ten half-written files beside finished runs, two our own",
    "fuzz files": "bits in the name of the digest: the file loaded, with a remark",
    "fuzz contents": "tracebacks: 31 whole numbers of 400 digits, one list for a number",
    "fuzz requests": "",
    "fuzz commands": "tracebacks, unheard Ctrl-C, an unfinished file left, an error not called so",
    "named": "not noticed by the tests of then; three had no effect, the others are tested",
    "drawn": "not noticed by the tests of then: gaps, and places without effect",
}
MUTANTS: Final = ("named", "drawn")


class Campaign(NamedTuple):
    """One campaign: of which row it is, what was tried, what was wrong, and when."""

    row: str
    tries: int
    wrong: int
    date: str


def campaigns_table(folder: Path) -> str:
    """A row for each kind of campaign: all that was tried of it, and the last date."""
    found = [*_trials(folder), *_mutants(folder)]
    head = ["what is tried", "`python -m tools.`", "tries", "wrong", "what was wrong", "last"]
    rows = []
    for name, tried in TRIED.items():
        own = [campaign for campaign in found if campaign.row == name]
        tries, wrong = sum(c.tries for c in own), sum(c.wrong for c in own)
        command = "mutants" if name in MUTANTS else name
        cells = [tried.format(named=len(NAMED)), f"`{command}`", f"{tries:,}", str(wrong)]
        rows.append([*cells, WRONG[name], max(c.date for c in own)])
    return markdown.table(head, rows)


def latest_draw(folder: Path) -> str:
    """How many of the latest draw of mutants were gaps of the tests, and what is aimed at."""
    *_, (name, date, entry) = (
        found for found in _entries(folder, "mutants") if found[0].startswith("drawn")
    )
    gaps, of = entry["gaps"], entry["mutants"]
    low, high = wilson(gaps, of)
    reached = "reached" if high <= AIM else "not reached"
    return textwrap.fill(
        f"The latest draw ({date}, {name.removeprefix('drawn, ')}) took {of} mutants. The tests "
        f"did not notice {of - entry['noticed']}; {gaps} of these were gaps of the tests: "
        f"{percent(gaps / of)}, with {percent(low)} to {percent(high)} as Wilson's 95 % interval. "
        f"At most {percent(AIM)} is aimed at, and {reached}.",
        WIDTH,
    )


def _trials(folder: Path) -> Iterator[Campaign]:
    """Those of ``tools.crash`` and ``tools.fuzz``."""
    for name, date, entry in _entries(folder, "trust"):
        command = re.match(r"python -m tools\.(crash --sweeps|crash|fuzz \w+)", entry["command"])
        if command is None or command[1] not in TRIED:
            raise SystemExit(f"{name}: no row of docs/trust.md is about {entry['command']}")
        met = entry["failures"] if "failures" in entry else entry["wrong"]
        yield Campaign(command[1], entry["tries"], entry.get("faults", len(met)), date)


def _mutants(folder: Path) -> Iterator[Campaign]:
    """Those of ``tools.mutants``; what is not named was drawn."""
    for name, date, entry in _entries(folder, "mutants"):
        tries = entry["mutants"]
        row = "named" if name.startswith("named") else "drawn"
        yield Campaign(row, tries, tries - entry["noticed"], date)


def _entries(folder: Path, kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, date and numbers of each campaign, in order of files and within them."""
    counted = "mutants" if kind == "mutants" else "tries"
    for path in sorted(folder.glob(f"*-{kind}.json")):
        found = json.loads(path.read_text("utf-8"))
        for name, entry in found.items():
            if isinstance(entry, dict) and counted in entry:
                yield name, entry.get("date", found["date"]), entry
