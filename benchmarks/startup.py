"""What commands cost before they do anything: processor seconds, and what is imported.

    python benchmarks/startup.py [--repeats 5] [--clock]

Runs each command in a fresh Python, and imports that nothing here can make shorter, all of them in
turn and so again and again. Prints one JSON object: by command the median of the seconds its
process took in its own code and in the system's, the median of what it took beside the `import
torch` of the same turn, and how many modules it held at its end. On cores that others use too,
seconds of processors hold where those on the clock do not, and what is beside another in one turn
where neither does. ``--clock`` takes those on the clock all the same, and as many threads as there
are cores, for a machine that does nothing else: what a user waits for.
"""

import argparse
import compileall
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import ntmlab

COMMANDS = {
    "--help": ["--help"],
    "list tasks": ["list", "tasks"],
    "list models": ["list", "models"],
    "predict": ["predict", "0110"],
    "figure": ["figure", "--out", "strips.png"],
}
IMPORTS = ("ntmlab", "torch", "matplotlib.figure", "torch, matplotlib.figure")
TORCH = "import torch"
RUN = """
import atexit, sys
from ntmlab.__main__ import program
atexit.register(lambda: print("modules", len(sys.modules)))
sys.argv = ["ntmlab", *{!r}]
program()
"""
IMPORT = "import sys, {}\nprint('modules', len(sys.modules))"


class Cost(NamedTuple):
    """What one process took."""

    own: float  # seconds of processors in its own code
    system: float  # and in the system's
    clock: float  # seconds on the clock
    modules: int  # held at its end

    def seconds(self, *, clock: bool) -> float:
        """Those on the clock, or of processors in both kinds of code."""
        return self.clock if clock else self.own + self.system


def measured(code: str, folder: Path, threads: int) -> Cost:
    """What a fresh Python takes."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-c", code]
    said = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=folder, env=environment
    )
    clock = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return Cost(own, system, clock, int(said.stdout.split()[-1]))


def rows(
    codes: dict[str, str], repeats: int, folder: Path, *, clock: bool
) -> dict[str, dict[str, float | list[float]]]:
    """The medians of a few turns, after one that is not counted, and the range of the ratios."""
    threads = len(os.sched_getaffinity(0)) if clock else 1
    turns = [
        {name: measured(code, folder, threads) for name, code in codes.items()}
        for _ in range(repeats + 1)
    ][1:]
    found: dict[str, dict[str, float | list[float]]] = {}
    for name in codes:
        costs = [turn[name] for turn in turns]
        ratios = [t[name].seconds(clock=clock) / t[TORCH].seconds(clock=clock) for t in turns]
        if clock:
            taken = {"clock": _median([c.clock for c in costs])}
        else:
            taken = {
                "seconds": _median([c.own for c in costs]),
                "system": _median([c.system for c in costs]),
            }
        found[name] = {
            **taken,
            "of import torch": _median(ratios),
            "from, to": [round(min(ratios), 3), round(max(ratios), 3)],
            "modules": costs[0].modules,
        }
    return found


def _median(values: list[float]) -> float:
    return round(median(values), 3)


def main() -> None:
    """Measures all."""
    parser = argparse.ArgumentParser(description="processor seconds of commands")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--clock", action="store_true")
    given = parser.parse_args()
    compileall.compile_dir(Path(ntmlab.__file__).parent, quiet=1)
    codes = {f"import {name}": IMPORT.format(name) for name in IMPORTS}
    codes |= {f"ntmlab {name}": RUN.format(command) for name, command in COMMANDS.items()}
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(rows(codes, given.repeats, Path(folder), clock=given.clock), indent=2))


if __name__ == "__main__":
    main()
