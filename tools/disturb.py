"""Disturbs sweeps, and finds whether their runs are as if nothing had been.

    python tools/disturb.py [--disturbances 50] [--seed 0] [--on processes] [--sequences 20000]

Workers are killed, or stopped until they are thought dead and then continued; drivers are killed,
or told to stop, and started again; each once the sweep has come further since the one before. One
sweep of four quick runs after another is disturbed until there were as many as asked for. Then
metrics, weights and checkpoints of every run are compared, bit for bit, with those of a sweep that
nobody disturbed. Prints one JSON object: how many disturbances there were of each kind, and the
runs that differ. Ends with 1 if any does.
"""

import argparse
import collections
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load_file

from ntmlab.files import is_locked
from ntmlab.sweeps.attempts import Attempt, Sweep, attempts_at
from ntmlab.sweeps.carry import saved
from ntmlab.sweeps.heart import read_beat

DEAD_AFTER_S: Final = 2.0
COMMAND: Final = [sys.executable, "-m", "ntmlab", "sweep"]
KINDS: Final = ("worker killed", "worker stopped", "driver killed", "driver told to stop")


class Campaign:
    """Sweeps of one study, each in a folder of its own, and a driver for one at a time."""

    def __init__(self, folder: Path, on: str, sequences: int, seed: int) -> None:
        self.folder, self.random, self.sequences = folder, random.Random(seed), sequences
        self.study = ["--recipe", "ngrams-quick", "--seeds", "0:4", "--sequences", str(sequences)]
        sizes = ("task.length=12", "model.slots=8", "model.controller_size=8")
        self.study += [part for size in sizes for part in ("--set", size)]
        self.rules = ["--on", on, "--jobs", "2", "--retries", "1000"]
        self.made: collections.Counter[str] = collections.Counter()
        self.sweep = Sweep(folder / "undisturbed")
        self.driver: subprocess.Popen[bytes] | None = None
        self.seen = 0  # sequences at the last disturbance

    def start(self) -> subprocess.Popen[bytes]:
        """A driver of the sweep."""
        options = [*self.study, *self.rules, "--dead-after", str(DEAD_AFTER_S)]
        with (self.folder / "drivers.txt").open("ab") as log:
            out = [*options, "--out", str(self.sweep.path)]
            return subprocess.Popen([*COMMAND, *out], stdout=log, stderr=log)

    def undisturbed(self) -> None:
        """The runs that the others are compared with."""
        self.sweep = Sweep(self.folder / "undisturbed")
        if self.start().wait() != 0:
            raise SystemExit(f"the undisturbed sweep failed: {self.folder}/drivers.txt")

    def disturbed(self, number: int, wanted: int) -> list[str]:
        """One sweep, disturbed to its end or to the number wanted; the runs that differ."""
        self.sweep, self.seen = Sweep(self.folder / f"disturbed-{number}"), 0
        self.driver = self.start()
        while (status := self.driver.poll()) is None:
            time.sleep(self.random.uniform(0.2, 2.0))
            if self.made.total() < wanted and self.came_further() and self.driver.poll() is None:
                self.disturb(self.random.choice(KINDS))
        if status != 0:
            raise SystemExit(f"a sweep ended with {status}: {self.folder}/drivers.txt")
        whole = self.folder / "undisturbed" / "runs"
        mine = self.sweep.path / "runs"
        return [f"{number}/{run.name}" for run in whole.iterdir() if not same(run, mine / run.name)]

    def came_further(self) -> bool:
        """Whether its driver is at work, and runs have come further since the last disturbance."""
        sequences = 0
        for name in self.names():
            made = attempts_at(self.sweep, name)
            sequences += max((max(saved(a.run)[0], read_beat(a)[1]) for a in made), default=0)
        finished = sum(1 for _ in (self.sweep.path / "runs").glob("*"))
        now, before = sequences + finished * self.sequences, self.seen
        if not is_locked(self.sweep.lock) or now <= before:
            return False
        self.seen = now
        return True

    def disturb(self, kind: str) -> None:
        """One disturbance, if there is what it is done to."""
        assert self.driver is not None
        if kind.startswith("driver"):
            self.driver.send_signal(signal.SIGKILL if "killed" in kind else signal.SIGTERM)
            ended = self.driver.wait()
            self.driver = self.start()
            self.made[kind] += ended != 0
            return
        workers = [one for name in self.names() for one in attempts_at(self.sweep, name)[-1:]]
        processes = [process for one in workers if (process := process_of(one))]
        if processes:
            process = self.random.choice(processes)
            with suppress(ProcessLookupError):
                self.harm(process, kind)

    def harm(self, process: int, kind: str) -> None:
        """Kills a worker, or stops it for longer than it is thought alive."""
        if "killed" in kind:
            os.kill(process, signal.SIGKILL)
        else:
            os.kill(process, signal.SIGSTOP)
            time.sleep(2.5 * DEAD_AFTER_S)
            with suppress(ProcessLookupError):  # its driver has killed it since
                os.kill(process, signal.SIGCONT)
        self.made[kind] += 1

    def names(self) -> list[str]:
        """The runs that are at work."""
        folder = self.sweep.path / "attempts"
        return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def process_of(attempt: Attempt) -> int | None:
    """The process of an attempt that has begun and not ended."""
    with suppress(OSError, ValueError):
        if not attempt.end.exists():
            return int(json.loads(attempt.worker.read_text())["process"])
    return None


def same(one: Path, other: Path) -> bool:
    """Whether two run folders hold the same metrics, weights and state."""
    for name in ("metrics.jsonl", "model.safetensors"):
        if (one / name).read_bytes() != (other / name).read_bytes():
            return False
    first, second = (load_file(path / "checkpoint.safetensors") for path in (one, other))
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


def main() -> int:
    """Runs a campaign."""
    parser = argparse.ArgumentParser(description="disturbs sweeps and compares their runs")
    parser.add_argument("--disturbances", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--on", default="processes")
    parser.add_argument("--sequences", type=int, default=20_000)
    arguments = parser.parse_args()
    folder, started = Path(tempfile.mkdtemp(prefix="ntmlab-disturb-")), time.monotonic()
    campaign = Campaign(folder, arguments.on, arguments.sequences, arguments.seed)
    campaign.undisturbed()
    differ: list[str] = []
    sweeps = 0
    while campaign.made.total() < arguments.disturbances:
        sweeps += 1
        differ += campaign.disturbed(sweeps, arguments.disturbances)
        print(f"{sweeps} sweeps, {campaign.made.total()} disturbances", file=sys.stderr)
    found = {"on": arguments.on, "sweeps": sweeps, "runs": 4 * sweeps, "differ": differ}
    seconds = round(time.monotonic() - started)
    print(json.dumps({**found, "disturbances": campaign.made, "seconds": seconds}))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
