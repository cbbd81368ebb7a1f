"""The points at which a run can be killed, and what whoever goes on finds after each.

A point is an operation on files that is done while the next is not. It is named by what the run was
at, the operation, and the file: a file is opened, locked, written and synced under a passing name
before it takes its own. ``POINTS`` is checked against what runs really do, and each point against
what is found there. Within a resume, what was found before is found again.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path

_PARTIAL = re.compile(r"\.partial-[0-9a-f]{8}\.\w+")


class Found(Enum):
    """What is found by whoever goes on after a kill."""

    NO_RUN = "no run: `--resume` refuses in a line, `train --out` begins there"
    START = "a run without work: begins at 0"
    PARENT = "a run without work of its own: begins where its parent ended"
    LAST = "the last checkpoint: goes on from it; what came later is cut, and made again"
    THIS = "this checkpoint: goes on from it; its weights and card are made good"


def new(name: str, *others: str) -> list[str]:
    """How files come into being that take their names together, but for these."""
    every = (name, *others)
    steps = [f"{step} new {each}" for each in every for step in ("open", "lock")]
    steps += [f"write new {each}" for each in every]
    return [*steps, *(f"sync new {each}" for each in every)]


def end_of(name: str) -> list[str]:
    """How one that is written takes its name."""
    return [f"{step} {name}" for step in ("name", "sync folder after", "remove new")]


_CHECKPOINT, _WEIGHTS = "checkpoint.safetensors", ("model.safetensors", "model.json")
_FAILURE = "failure.safetensors"
_SNAPSHOT = ("snapshots/N.safetensors", "snapshots/N.json")
_SAVED = [
    *end_of(_CHECKPOINT),
    *new(*_WEIGHTS),
    *(f"name {name}" for name in _WEIGHTS),
    *("sync folder after model.json", *(f"remove new {name}" for name in _WEIGHTS)),
]
_ROWS = ("metrics.jsonl", "timing.jsonl")

STAGES: dict[str, list[tuple[list[str], Found]]] = {
    "begin": [
        (["mkdir folder", "open .lock", "lock .lock"], Found.NO_RUN),
        ([*new("environment.json"), "name environment.json"], Found.NO_RUN),
        (["sync folder after environment.json", "remove new environment.json"], Found.NO_RUN),
        (new("config.json"), Found.NO_RUN),
        (end_of("config.json"), Found.START),
        ([*new("metrics.jsonl"), *end_of("metrics.jsonl")], Found.PARENT),
    ],
    "first save": [(new(_CHECKPOINT), Found.START), (_SAVED, Found.THIS)],
    "snapshot": [
        (["mkdir snapshots", *new(*_SNAPSHOT)], Found.LAST),
        ([f"name {name}" for name in _SNAPSHOT], Found.LAST),
        (["sync snapshots", *(f"remove new {name}" for name in _SNAPSHOT)], Found.LAST),
    ],
    "failure": [([*new(_FAILURE), *end_of(_FAILURE)], Found.LAST)],
    "row": [
        ([f"{step} {name}" for name in _ROWS for step in ("open", "write", "sync")], Found.LAST),
        (["sync folder"], Found.LAST),
    ],
    "save": [(new(_CHECKPOINT), Found.LAST), (_SAVED, Found.THIS)],
    "resume": [
        (["open .lock", "lock .lock", "lock left over", "remove left over"], Found.LAST),
        ([f"remove {_FAILURE}"], Found.LAST),
        ([f"{step} metrics.jsonl" for step in ("open", "cut", "sync")], Found.LAST),
        (new(*_WEIGHTS), Found.LAST),
        ([f"name {name}" for name in _WEIGHTS], Found.LAST),
        (
            ["sync folder after model.json", *(f"remove new {name}" for name in _WEIGHTS)],
            Found.LAST,
        ),
        ([f"{step} timing.jsonl" for step in ("open", "cut", "write", "sync")], Found.LAST),
        (["sync folder"], Found.LAST),
    ],
}
POINTS = {
    f"{stage}: {operation}": found
    for stage, parts in STAGES.items()
    for operations, found in parts
    for operation in operations
}


def points(journal: Iterable[str], folder: Path, stage: str) -> list[str]:
    """The names of a journal's operations in order; ``stage`` is that of the first."""
    lines = [line.split() for line in journal]
    names = {line[2]: line[3] for line in lines if line[:2] == ["OP", "name"]}
    return list(_named(lines, names, folder, stage))


def wanted(names: list[str], *, every: bool) -> list[int]:
    """Operations, counted from 1, to be killed after: every one, or a few of each name."""
    if every:
        return list(range(1, len(names) + 1))
    changing = ("mkdir", "write", "name", "cut")  # what is in the folder
    first = {name: operation for operation, name in reversed([*enumerate(names, 1)])}
    return sorted(at for name, at in first.items() if name.partition(": ")[2].startswith(changing))


def _named(
    lines: list[list[str]], names: dict[str, str], folder: Path, stage: str
) -> Iterator[str]:
    last = ""
    for word, *rest in lines:
        if word == "OP":
            operation, path = rest[:2]
            own = _own_name(names.get(path, path), folder)
            if stage == "row" and own.startswith(_FAILURE):
                stage = "failure"  # the end
            at = "snapshot" if stage == "row" and own.startswith("snapshots") else stage
            if operation == "name":
                last = own
            elif own == "folder" and operation == "sync" and stage != "row":
                own += f" after {last}" if last else ""
            elif path in names:
                own = f"new {own}"
            yield f"{at}: {operation} {own}"
        elif word == "SAVING":
            stage = "first save" if rest == ["0"] else "save"
        else:  # SAVED, or AT where a run goes on
            stage = "row"


def _own_name(path: str, folder: Path) -> str:
    """A file's name in the run's folder, with N for numbers of sequences."""
    own = _PARTIAL.sub("left over", str(Path(path).relative_to(folder)))
    return re.sub(r"\b\d+\.", "N.", "folder" if own == "." else own)
