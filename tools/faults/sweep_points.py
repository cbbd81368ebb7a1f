"""The points at which a sweep can be killed, and what its next driver finds after each.

A point is an operation on files that is done while the next is not, as in tools/faults/points.py.
``NAME`` is a run, ``K`` the folder of an attempt at it; a path without them is within ``K``.
``POINTS`` is checked against what sweeps really do, and each point against what is found there.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path

from tools.faults.points import end_of, new

_PARTIAL = re.compile(r"\.partial-[0-9a-f]{8}(\.\w+)?")
_ATTEMPT = re.compile(r"attempts/[^/]+/\d+(/|$)")


class Found(Enum):
    """What the next driver finds of the run that was worked at."""

    NO_SWEEP = "no sweep: `ntmlab sweep FOLDER` refuses in a line, the first command begins it"
    WAITING = "a run that waits: its next attempt begins at once"
    SILENT = (
        "an attempt that may be at work: silent for `--dead-after` s, it is lost; the next begins"
    )
    DONE = "a finished run that may be at work: silent for `--dead-after` s, it goes to its place"
    ENDED = "a finished run: it goes to its place at once"
    PLACED = "a finished run at its place: what its attempts have left goes"
    FAILED = "a run that has failed: nothing more is tried, batch and weights are in its attempt"


TRAINING = "any operation of [a run](runs.md) in `run`, until its last save"
LAST_SAVE, SAVED = "its last save, until model.json has its name", "any that comes then in `run`"
REMOVED = "remove what attempts have left, in any order"
_RUN = ("checkpoint.safetensors", "metrics.jsonl", "timing.jsonl", "config.json")
_COPIED = (*_RUN, "environment.json", "snapshots/N.safetensors", "snapshots/N.json")

STAGES: dict[str, list[tuple[list[str], Found]]] = {
    "plan": [
        (["mkdir folder", "open .driver.lock", "lock .driver.lock"], Found.NO_SWEEP),
        (new("study.json"), Found.NO_SWEEP),
        (end_of("study.json"), Found.WAITING),
    ],
    "begin": [
        (["open .driver.lock", "lock .driver.lock"], Found.WAITING),
        (["mkdir attempts/NAME", "mkdir attempts"], Found.WAITING),
        (["sync attempts", "sync folder"], Found.WAITING),
        (["mkdir K", "sync attempts/NAME"], Found.SILENT),
        ([*new("attempt.json"), *end_of("attempt.json")], Found.SILENT),
    ],
    "work": [
        ([*new("worker.json"), *end_of("worker.json")], Found.SILENT),
        (["open beat", "write beat", "open log.txt", "write log.txt"], Found.SILENT),
    ],
    "carry": [
        (["mkdir copy", "mkdir copy/snapshots"], Found.SILENT),
        ([f"{step} copy/{n}" for n in _COPIED for step in ("open", "write")], Found.SILENT),
        ([f"sync copy/{name}" for name in (*_COPIED, "snapshots")], Found.SILENT),
        (["sync copy", "name run", "sync folder after run"], Found.SILENT),
    ],
    "train": [([TRAINING, LAST_SAVE], Found.SILENT), ([SAVED], Found.DONE)],
    "end": [(new("end.json"), Found.DONE), (end_of("end.json"), Found.ENDED)],
    "end of a failure": [(new("end.json"), Found.SILENT), (end_of("end.json"), Found.FAILED)],
    "collect": [
        (["lock run/left over", "remove run/left over", "sync run"], Found.ENDED),
        (["mkdir runs", "sync folder"], Found.ENDED),
        (["name runs/NAME", "sync folder after runs/NAME", REMOVED], Found.PLACED),
    ],
    "take up": [(["open .driver.lock", "lock .driver.lock"], Found.SILENT)],
    "give up": [(new("end.json"), Found.SILENT), (end_of("end.json"), Found.WAITING)],
    "take up a finished one": [(["open .driver.lock", "lock .driver.lock"], Found.DONE)],
    "give up a finished one": [(new("end.json"), Found.DONE), (end_of("end.json"), Found.ENDED)],
}
POINTS = {
    f"{stage}: {operation}": found
    for stage, parts in STAGES.items()
    for operations, found in parts
    for operation in operations
}
MARKS = {"BEGIN": "begin", "WORK": "work", "CARRY": "carry", "LOST": "give up"}
MARKS |= {"COLLECT": "collect", "ENDED": "end", "FAILED": "end of a failure"}


def sweep_points(journal: Iterable[str], folder: Path, of: int, begun: Found | None) -> list[str]:
    """The names of a journal's operations in order.

    ``of`` are the sequences of its run, ``begun`` what the driver found, if anything. The journal
    has lines for what the program begins (``MARKS``), for saves, and for where a run goes on: what
    makes a last save's weights good is of that save.
    """
    lines = [line.split() for line in journal]
    names = {line[2]: line[3] for line in lines if line[:2] == ["OP", "name"]}
    stage = "plan" if begun is None else "take up"
    return [
        point.replace("up: ", "up a finished one: ") if begun is Found.DONE else point
        for point in _named(lines, names, folder, of, stage)
    ]


def _named(
    lines: list[list[str]], names: dict[str, str], folder: Path, of: int, stage: str
) -> Iterator[str]:
    begins = [int(rest[0]) for word, *rest in lines if word == "AT"]
    last, saving, saved = Path(), begins == [of], False
    for word, *rest in lines:
        if word in MARKS:
            stage, last = MARKS[word], Path()
        elif word == "SAVING":
            saving = int(rest[0]) == of
        if word != "OP":
            continue
        operation, path = rest[0], Path(rest[1])
        passing = operation == "name" or _PARTIAL.search(path.name)
        target = Path(names.get(rest[1], rest[1])) if passing else path
        own = _own_name(target, folder)
        if own == ".driver.lock" and stage == "plan" and last.name == "study.json":
            stage = "begin"
        if stage == "carry" and own.startswith("run") and operation != "name":
            stage = "train"
        if stage == "train" and own != "log.txt":
            saved |= saving and (operation, own) == ("name", "run/model.json")
            yield f"train: {SAVED if saved else LAST_SAVE if saving else TRAINING}"
        elif stage == "collect" and operation == "remove" and last.name:
            yield f"collect: {REMOVED}"
        else:
            if operation == "name":
                last = target
            elif operation == "sync" and last.parent == path:
                own = f"folder after {_own_name(last, folder)}"
            elif target != path:
                own = f"new {own}"
            yield f"{'work' if stage == 'train' else stage}: {operation} {own}"


def _own_name(path: Path, folder: Path) -> str:
    """A path as the table has it."""
    own = _PARTIAL.sub("left over", str(path.relative_to(folder)))
    own = _ATTEMPT.sub("", own) or "K"
    own = re.sub(r"^(attempts|runs)/[^/]+", r"\1/NAME", own)
    return re.sub(r"snapshots/\d+\.", "snapshots/N.", "folder" if own == "." else own)
