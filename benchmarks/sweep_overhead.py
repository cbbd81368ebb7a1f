"""What a sweep costs beside the same runs one after another.

    python benchmarks/sweep_overhead.py [--runs 16] [--sequences 5000] [--repeats 1]

Trains the quick recipe from so many seeds by `ntmlab train`, a command a seed, and by `ntmlab sweep
--jobs 1`, by turns, both on one thread. Prints one JSON object: seconds on the clock and of
processors, and the sweep's as parts of those of the commands.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

NTMLAB = [sys.executable, "-m", "ntmlab"]
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1"}


def timed(commands: list[list[str]]) -> tuple[float, float]:
    """Seconds on the clock and of processors that commands take, one after another."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        subprocess.run([*NTMLAB, *command], check=True, capture_output=True, env=ONE_THREAD)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, used


def main() -> None:
    """Times both."""
    parser = argparse.ArgumentParser(description="times a sweep beside the same commands")
    parser.add_argument("--runs", type=int, default=16)
    parser.add_argument("--sequences", type=int, default=5000)
    parser.add_argument("--repeats", type=int, default=1)
    arguments = parser.parse_args()
    own, sweeps = [], []
    for _ in range(arguments.repeats):
        with tempfile.TemporaryDirectory() as name:
            folder, size = Path(name), ["--sequences", str(arguments.sequences)]
            one = ["train", "ngrams-quick", *size]
            seeds = range(arguments.runs)
            own.append(
                timed([[*one, "--seed", f"{s}", "--out", f"{folder / str(s)}"] for s in seeds])
            )
            study = ["sweep", "--recipe", "ngrams-quick", "--seeds", f"0:{arguments.runs}", *size]
            sweeps.append(timed([[*study, "--jobs", "1", "--out", str(folder / "sweep")]]))
    ratios = {
        what: round(median(s[i] / o[i] for s, o in zip(sweeps, own, strict=True)), 3)
        for i, what in enumerate(("clock", "processors"))
    }
    seconds = {
        "commands": [[round(x, 1) for x in row] for row in own],
        "sweep": [[round(x, 1) for x in row] for row in sweeps],
    }
    print(json.dumps({**vars(arguments), **seconds, "ratio": ratios}))


if __name__ == "__main__":
    main()
