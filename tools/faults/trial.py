"""One run that is disturbed, brought to its end, and compared with one that nobody disturbed."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from tools.faults.command import Commands, Ended
from tools.faults.library import Fault
from tools.faults.points import Found

SETTINGS = (
    *("task.length=6", "model.slots=4", "model.slot_width=3", "model.controller_size=4"),
    *("sequences=32", "validate_every=32", "snapshots=1"),
)
TRAIN = ["train", "ngrams-quick", "--seed", "1", *(p for s in SETTINGS for p in ("--set", s))]
# The loss of its first step is no number.
FAILING = [*TRAIN, "--set", "model.activation=relu", "--set", "model.gain=1e38"]
MOST_COMMANDS = 40  # that a run may need to come to its end


class Trial:
    """A run's folder, the commands given to it, and all that they promised; faults in ``wrong``.

    ``end`` is the exit status at its end, and ``whole`` a run of the same that nobody disturbed.
    """

    def __init__(
        self,
        commands: Commands,
        folder: Path,
        whole: Path,
        first: Sequence[str] = tuple(TRAIN),
        end: int = 0,
    ) -> None:
        self.commands, self.run, self.first = commands, folder, first
        self.whole, self.end = whole, end
        self.saved: int | None = None  # sequences of the last save that was promised
        self.saving: int | None = None  # of one that was begun after it
        self.commands_given = 0
        self.wrong: list[str] = []
        shutil.rmtree(folder, ignore_errors=True)

    @property
    def command(self) -> list[str]:
        """What a user would give next."""
        if (self.run / "config.json").exists():
            return ["train", "--resume", str(self.run)]
        return [*self.first, "--out", str(self.run)]

    def start(self, fault: Fault) -> int:
        """Begins the next command."""
        return self.commands.start(self.command, self.run, fault)

    def give(self, fault: Fault) -> Ended:
        """The next command, to its end."""
        return self.look(self.commands.end(self.start(fault)))

    def look(self, ended: Ended) -> Ended:
        """Looks whether promises were kept, and notes the new ones."""
        self.commands_given += 1
        if (at := ended.last("AT")) is not None:
            if at not in self.promised:
                self.wrong.append(f"went on at {at}, promised was {self.promised}")
            self.saved = at
        if any(line.startswith("SAVING") for line in ended.journal):
            if at is None and self.saved:
                self.wrong.append(f"began anew, promised was {self.promised}")
            self.saving = ended.last("SAVING")
            self.saved = saved if (saved := ended.last("SAVED")) is not None else self.saved
        if "Traceback" in ended.said:
            self.wrong.append(f"traceback: {ended.said.splitlines()[-1]}")
        elif ended.status > 0 and not ended.one_line:
            self.wrong.append(f"exit {ended.status} and said: {ended.said!r}")
        return ended

    @property
    def promised(self) -> list[int]:
        """Where a resume may begin: at the last save, or at one that was under way."""
        return [n for n in (self.saved, self.saving) if n is not None]

    def finds(self, found: Found) -> bool:
        """Whether that is found by whoever goes on now; the run is then at its end."""
        no_run = not (self.run / "config.json").exists()
        if no_run:
            refused = self.commands.run(["train", "--resume", str(self.run)], self.run)
            if refused.status != 2 or not refused.one_line:
                self.wrong.append(f"a resume of no run said: {refused.said!r}")
        expected = {Found.LAST: self.saved, Found.THIS: self.saving}.get(found)
        return self.to_the_end() == expected and no_run == (found is Found.NO_RUN)

    def to_the_end(self) -> int | None:
        """Gives commands until the run is finished; where the first of them went on."""
        first: Ended | None = None
        while self.commands_given < MOST_COMMANDS:
            ended = self.give(Fault())
            first = first or ended
            if ended.status == self.end:
                return first.last("AT")
            self.wrong.append(f"not disturbed, exit {ended.status}: {ended.said!r}")
        return None

    def compare(self) -> list[str]:
        """What was wrong, and in what the folder differs from that of an undisturbed run."""
        mine, other = contents(self.run), contents(self.whole)
        names = sorted(mine.keys() ^ other.keys())
        differ = [name for name in mine.keys() & other.keys() if mine[name] != other[name]]
        self.wrong += [f"only one has {name}" for name in names]
        self.wrong += [f"{name} differs" for name in sorted(differ)]
        return self.wrong


READERS: dict[str, Callable[[Path], Any]] = {
    "timing.jsonl": lambda path: times(path),
    ".json": lambda path: without_times(json.loads(path.read_text())),
    "checkpoint.safetensors": lambda path: checkpoint(path),
    "failure.safetensors": lambda path: header_and_tensors(path),
}


def contents(run: Path) -> dict[str, Any]:
    """What is in a run's folder, by the names of its files, but for times of the clock."""
    found = {str(path.relative_to(run)): content(path) for path in run.rglob("*") if path.is_file()}
    return {name: kept for name, kept in found.items() if name != "timing.jsonl" or kept}


def content(path: Path) -> Any:
    """What is in a file, but for times of the clock."""
    try:
        return READERS.get(path.name, READERS.get(path.suffix, Path.read_bytes))(path)
    except Exception:  # half written, or damaged: that it differs is for the campaign to say
        return path.read_bytes()


def times(path: Path) -> set[int]:
    """Where times of the clock were taken."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {row["sequences"] for row in rows if "seconds" in row}


def without_times(card: dict[str, Any]) -> dict[str, Any]:
    """An object less its seconds, and the number of the attempt at a sweep's run."""
    return {key: value for key, value in card.items() if key not in ("seconds", "attempt")}


def checkpoint(path: Path) -> Any:
    """Tensors and header of a checkpoint, less seconds and the digest that covers them."""
    header, tensors = header_and_tensors(path)
    progress = without_times(json.loads(header["progress"]))
    return progress, json.loads(header["run"]), tensors


def header_and_tensors(path: Path) -> tuple[dict[str, str], dict[str, bytes]]:
    """What a file of tensors holds; how its header is ordered is chance."""
    with safe_open(path, "pt") as file:
        header = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    as_bytes = {n: t.reshape(-1).view(torch.uint8).numpy().tobytes() for n, t in tensors.items()}
    return header, as_bytes
