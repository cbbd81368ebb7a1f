"""What a sweep of 12,000 runs on 1,000 processors asks of its folder and of time.

    python benchmarks/sweep_scale.py [--seeds 1000] [--at-work 1000] [--json]

Twelve recipes from a thousand seeds each. Makes the study in a temporary folder, does there what a
driver and its workers do again and again, and measures it: seconds on the clock and, in brackets,
of the processor, the least of five (what else a machine does only adds), of an attempt's beginning
the median of all. Times of runs are those in results/, medians over seeds, one thread of the
processor they name. Nothing of this size is trained. Prints a table in Markdown, or one JSON object
with --json.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

from ntmlab.recipes import RECIPES
from ntmlab.runs.folder import RunFolder
from ntmlab.runs.results import read_result, shipped_runs
from ntmlab.studies.markdown import table
from ntmlab.sweeps.attempts import Sweep, begin_attempt
from ntmlab.sweeps.driver import BEATS, PAUSE_S, Active, Driver, Rules
from ntmlab.sweeps.executors.processes import Processes
from ntmlab.sweeps.heart import LOOK_S, Heart
from ntmlab.sweeps.standing import standing
from ntmlab.sweeps.study import Study, Wanted, add_study, expand, read_study
from ntmlab.training import train
from ntmlab.training.loop import CHECKPOINT_SECONDS

TASKS: Final = ("copy", "recall", "sort", "ngrams")
NAMES: Final = [f"{task}-{model}" for task in TASKS for model in ("ntm", "ntm-lstm", "lstm")]
REPEATS: Final = 5
SMALL, LARGE = "ngrams-ntm", "ngrams-lstm"  # their checkpoints


class Cost(NamedTuple):
    """Seconds on the clock and of the processor."""

    clock: float
    processor: float

    def each(self, count: int) -> "Cost":
        """Of one of so many."""
        return Cost(self.clock / count, self.processor / count)

    def words(self) -> str:
        """For people."""
        unit, times = ("ms", 1e3) if self.clock < 0.1 else ("s", 1.0)
        return f"{self.clock * times:.2g} {unit} ({self.processor * times:.2g})"


def measure(
    do: Callable[[], Any], repeats: int = REPEATS, of: Callable[[list[float]], float] = min
) -> Cost:
    """What a call costs: the least of several, or another choice of them."""
    costs = []
    for _ in range(repeats):
        clock, processor = time.perf_counter(), time.process_time()
        do()
        costs.append((time.perf_counter() - clock, time.process_time() - processor))
    return Cost(*(of(list(column)) for column in zip(*costs, strict=True)))


def for_all(do: Callable[[Any], object], things: Iterable[Any]) -> None:
    """Does it to one after another."""
    for thing in things:
        do(thing)


def of_the_folder(folder: Path, seeds: int, at_work: int) -> dict[str, Any]:
    """What driver and workers do in a sweep's folder."""
    sweep, units = Sweep(folder), expand(Wanted(NAMES, [], None, list(range(seeds)), {}))
    study = Study(units, "cpu", 1)
    add_study(sweep, study)
    driver = Driver(sweep, study, Processes(1), Rules())
    names = iter(list(units)[:at_work])
    begun = []

    def begin() -> None:
        name = next(names)
        begun.append(begin_attempt(sweep, name, 1, driver._ticket(name, "0" * 16)))

    began = measure(begin, at_work, median)
    hearts = [Heart(attempt, 1.0) for attempt in begun]
    beat = measure(lambda: for_all(Heart.beat, hearts)).each(at_work)
    asked = measure(lambda: for_all(Heart.look, hearts)).each(at_work)
    now = time.monotonic()
    watched = [Active(one.folder.name, one, None, 0, now) for one in begun]
    return {
        "runs": len(units),
        "at_work": at_work,
        "study_bytes": sweep.study.stat().st_size,
        "study_read": measure(lambda: read_study(sweep)),
        "survey": measure(lambda: for_all(lambda name: standing(sweep, name, 3), units)),
        "begin": began,
        "look": measure(lambda: for_all(driver._look, watched)),
        "beat": beat,
        "beat_bytes": begun[0].beat.stat().st_size,
        "asked": asked,
    }


def of_checkpoints(folder: Path) -> dict[str, int]:
    """Bytes that a save writes: checkpoint, weights and their card."""
    sizes = {}
    for name in (SMALL, LARGE):
        recipe = RECIPES[name].override(["sequences=16", "validate_every=16"])
        run = RunFolder(folder / name)
        assert train(recipe, 0, run.path)
        saved = (run.checkpoint, run.model, run.model.with_suffix(".json"))
        sizes[name] = sum(path.stat().st_size for path in saved)
    return sizes


def of_runs() -> dict[str, float]:
    """Seconds that a run of each recipe took, medians over the seeds in results/."""
    found = {name: [read_result(path).seconds for path in shipped_runs(name)] for name in NAMES}
    return {name: median(s for s in own if s is not None) for name, own in found.items()}


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What was measured, and what follows for the sweep."""
    runs, at_work, sizes = found["runs"], found["at_work"], found["checkpoints"]
    beat_s, hours = Rules().dead_after_s / BEATS, found["hours"]
    seconds = found["seconds"].values()
    low, high = (at_work * size / CHECKPOINT_SECONDS / 1e6 for size in sizes.values())
    return [
        (
            f"`study.json` of {runs:,} runs",
            f"{found['study_bytes'] / 1e6:.1f} MB; {found['study_read'].words()} to read",
            "read by drivers alone: a worker is told its own run in its `attempt.json`",
        ),
        (f"how {runs:,} runs stand", found["survey"].words(), "a driver's first look"),
        (
            "an attempt begun",
            found["begin"].words(),
            f"{at_work:,} within {found['begin'].clock * at_work:.1f} s",
        ),
        (
            f"a driver's look at {at_work:,} attempts",
            found["look"].words(),
            f"{2 * at_work / (PAUSE_S + found['look'].clock):,.0f} files asked for a second",
        ),
        (
            "a sign of life",
            f"{found['beat'].words()}; {found['beat_bytes']} bytes every {beat_s:g} s",
            f"{at_work / beat_s:.0f} writes a second",
        ),
        (
            "a worker's look whether it is to end",
            f"{found['asked'].words()}; every {LOOK_S:g} s",
            f"{3 * at_work / LOOK_S:,.0f} questions for a file a second",
        ),
        (
            f"a save of `{SMALL}`, of `{LARGE}`",
            " and ".join(f"{size / 1e6:.1f} MB" for size in sizes.values()),
            f"{low:.0f} to {high:.0f} MB a second, every {CHECKPOINT_SECONDS:g} s a run",
        ),
        (
            "a run on one thread",
            f"{min(seconds) / 60:.1f} to {max(seconds) / 60:.0f} minutes",
            f"{hours:,.0f} hours of a processor, {hours / at_work:.1f} on {at_work:,}",
        ),
    ]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--seeds", type=int, default=1000, metavar="N", help="of each recipe")
    parser.add_argument("--at-work", type=int, default=1000, metavar="N", help="runs at once")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = of_the_folder(Path(name) / "sweep", given.seeds, given.at_work)
        found["checkpoints"] = of_checkpoints(Path(name))
    found["seconds"] = of_runs()
    found["hours"] = sum(found["seconds"].values()) * given.seeds / 3600
    found["load"] = os.getloadavg()[0]
    if given.json:
        print(json.dumps({k: v._asdict() if isinstance(v, Cost) else v for k, v in found.items()}))
    else:
        print(table(("what", "measured", "so"), rows(found)))


if __name__ == "__main__":
    main()
