"""What commands cost before they do anything: processor seconds, and what is imported.

    python benchmarks/startup.py [--repeats 5]

Runs each command in a fresh Python, and imports that nothing here can make shorter, all of them in
turn and so again and again. Prints one JSON object: by command the median of the seconds its
process took in its own code and in the system's, the median of what it took beside the `import
torch` of the same turn, and how many modules it held at its end. On cores that others use too,
seconds of processors hold where those on the clock do not, and what is beside another in one turn
where neither does.
"""

import argparse
import compileall
import json
import os
import resource
import subprocess
import sys
import tempfile
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
import sys
from ntmlab.cli import main
sys.argv = ["ntmlab", *{!r}]
try:
    main()
except SystemExit:
    pass
print("modules", len(sys.modules))
"""
IMPORT = "import sys, {}\nprint('modules', len(sys.modules))"


class Cost(NamedTuple):
    """What one process took."""

    own: float  # seconds of processors in its own code
    system: float  # and in the system's
    modules: int  # held at its end

    @property
    def seconds(self) -> float:
        """Both."""
        return self.own + self.system


def measured(code: str, folder: Path) -> Cost:
    """What a fresh Python takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code]
    said = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=folder, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    modules = int(said.stdout.split()[-1])
    return Cost(after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime, modules)


def rows(codes: dict[str, str], repeats: int, folder: Path) -> dict[str, dict[str, float]]:
    """The medians of a few turns, after one that is not counted."""
    turns = [
        {name: measured(code, folder) for name, code in codes.items()} for _ in range(repeats + 1)
    ][1:]
    return {
        name: {
            "seconds": round(median(turn[name].own for turn in turns), 3),
            "system": round(median(turn[name].system for turn in turns), 3),
            "of import torch": round(
                median(turn[name].seconds / turn[TORCH].seconds for turn in turns), 3
            ),
            "modules": turns[0][name].modules,
        }
        for name in codes
    }


def main() -> None:
    """Measures all."""
    parser = argparse.ArgumentParser(description="processor seconds of commands")
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    compileall.compile_dir(Path(ntmlab.__file__).parent, quiet=1)
    codes = {f"import {name}": IMPORT.format(name) for name in IMPORTS}
    codes |= {f"ntmlab {name}": RUN.format(command) for name, command in COMMANDS.items()}
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(rows(codes, repeats, Path(folder)), indent=2))


if __name__ == "__main__":
    main()
