"""The kinds of runs that are disturbed, and one of each that nobody disturbs."""

import time
from pathlib import Path

from tools.faults.command import Commands
from tools.faults.library import Action, Fault
from tools.faults.points import points
from tools.faults.trial import FAILING, TRAIN, Trial


class Kinds:
    """Makes runs of every kind, in the folder ``run``, beside whole ones in folders of their own.

    ``names`` are the points that a run passes, ``operations`` how many these are, ``seconds`` how
    long it takes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.commands = folder, Commands(folder)
        self.commands.warm_up([*TRAIN, "--out", str(folder / "warm")])
        self.whole = folder / "whole"
        whole = Trial(self.commands, self.whole, self.whole)
        began = time.monotonic()
        ended = whole.give(Fault())
        self.seconds = time.monotonic() - began
        if ended.status or whole.wrong:
            raise SystemExit(f"an undisturbed run failed: {ended.said} {whole.wrong}")
        self.operations = ended.operations
        self.names = points(ended.journal, whole.run, "begin")

    def trial(self) -> Trial:
        """A new one."""
        return Trial(self.commands, self.folder / "run", self.whole)

    def longer(self, name: str = "run") -> Trial:
        """One that begins where the whole one ended."""
        command = ["train", "--continue", str(self.whole), "--sequences", "64"]
        return Trial(self.commands, self.folder / name, self.folder / "longer", command)

    def failing(self, name: str = "run") -> Trial:
        """One that meets a loss that is no number, whenever it comes there."""
        return Trial(self.commands, self.folder / name, self.folder / "failed", FAILING, end=1)

    def failed(self) -> Trial:
        """The same when that was met."""
        trial = self.failing()
        trial.give(Fault())
        return trial

    def half_saved(self) -> Trial:
        """One that was killed when a checkpoint had its name, and its weights had not."""
        trial, point = self.trial(), "save: name checkpoint.safetensors"
        trial.give(Fault(self.names.index(point) + 2, Action.KILL))
        trial.saved = trial.saving
        left = trial.run / ".partial-01234567.json"
        left.write_bytes(b"{")
        return trial
