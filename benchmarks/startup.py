"""What commands cost before they do anything: processor seconds, and what is imported.

    python benchmarks/startup.py [--repeats 5]

Runs each command in a fresh Python, and two imports that nothing here can make shorter. Prints one
JSON object: by command the median of the seconds its process took in its own code and in the
system's, and how many modules it held at its end. On cores that others use too, seconds of
processors hold where those on the clock do not.
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
from typing import Any

import ntmlab

COMMANDS = {
    "--help": ["--help"],
    "list tasks": ["list", "tasks"],
    "list models": ["list", "models"],
    "predict": ["predict", "0110"],
    "figure": ["figure", "--out", "strips.png"],
}
IMPORTS = ("ntmlab", "torch", "matplotlib.figure")
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


def measured(code: str, folder: Path) -> tuple[float, float, int]:
    """Seconds of a fresh Python's own and of the system, and modules held."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code]
    said = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=folder, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    modules = int(said.stdout.split()[-1])
    return after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime, modules


def row(code: str, repeats: int, folder: Path) -> dict[str, Any]:
    """The medians of a few runs, after one that is not counted."""
    measured(code, folder)
    own, system, modules = zip(*(measured(code, folder) for _ in range(repeats)), strict=True)
    return {
        "seconds": round(median(own), 3),
        "system": round(median(system), 3),
        "modules": modules[0],
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
        rows = {name: row(code, repeats, Path(folder)) for name, code in codes.items()}
    print(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
