"""One change at a time: short runs of a recipe, and of the recipe with one thing different.

    python tools/trials.py [RECIPE ...] [--runs FOLDER] [--jobs N]

Trains what TRIALS lists, each change on each seed, and writes results/trials/RECIPE.json: what the
last validation of every run costs. `make docs` makes docs/trials.md of it. Each recipe's runs are a
sweep in --runs (runs/trials): what is finished there is not done again, what was stopped goes on.
"""

import argparse
import sys
from pathlib import Path
from typing import Any, NamedTuple

from ntmlab.errors import InputError
from ntmlab.recipes import find_recipe
from ntmlab.records import write_object
from ntmlab.runs.results import validation_cost, validation_key
from ntmlab.runs.status import last_row
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.executors.placing import Executor
from ntmlab.sweeps.executors.processes import Processes
from ntmlab.sweeps.shown import drive
from ntmlab.sweeps.study import Study, add_study
from ntmlab.sweeps.units import Unit, unit_name

ROOT = Path(__file__).parent.parent


class Trials(NamedTuple):
    """Short runs of one recipe."""

    sequences: int
    seeds: tuple[int, ...]
    changes: dict[str, list[str]]  # in words -> settings, as `ntmlab train --set` takes them
    before: tuple[str, ...] = ()  # settings of every run: what the recipe had before it was changed


AS_IT_WAS: dict[str, list[str]] = {"as it was": []}

TRIALS = {
    "ngrams-ntm": Trials(
        60_000,
        (0, 1),
        AS_IT_WAS
        | {
            "memory 0.5, strengths from 5, gates from 2: the recipe of today": [
                "model.memory_scale=0.5",
                "model.strength_bias=5",
                "model.gate_bias=2",
            ],
            "initial memory: standard deviation 0.5, not 0.1": ["model.memory_scale=0.5"],
            "initial memory: constant 1e-6": [
                "model.memory_start=constant",
                "model.memory_scale=1e-6",
            ],
            "gates start open, bias 2": ["model.gate_bias=2"],
            "lookups start sharp, bias 5": ["model.strength_bias=5"],
            "weights from each source by its own size, gain 2": ["model.gain=2"],
            "outputs from the controller only": ["model.output_reads=false"],
            "rate 1e-3": ["learning_rate=0.001"],
            "rate falls over all of training, not the last 40 %": ["decay=1"],
            "batch 8": ["batch=8"],
            "batch 32": ["batch=32"],
            "Adam with damping": ["optimizer=adam-damped"],
            "RMSProp as in the paper, rate 3e-4": [
                "optimizer=graves-rmsprop",
                "learning_rate=0.0003",
            ],
            "no limit on gradients between steps": ["clip_steps=0"],
            "gradients between steps up to 1 nat, not 3": ["clip_steps=1"],
            "controller of 200 units": ["model.controller_size=200"],
            "controller of two layers": ["model.controller_layers=2"],
            "LSTM controller": ["model.controller=lstm"],
            "two read and two write heads": ["model.read_heads=2", "model.write_heads=2"],
            "no shifts": ["model.shift_range=0"],
        },
        (
            *("model.memory_scale=0.1", "model.strength_bias=0", "model.gate_bias=0"),
            *("restarts=0", "restart_every=0", "starts=1", "start_sequences=0"),
        ),
    ),
    "copy-ntm-lstm": Trials(
        30_000,
        (0, 1, 2),
        AS_IT_WAS
        | {
            "forget bias 1, not -2": ["model.forget_bias=1"],
            "weights by the size of all sources together": ["model.gain=null"],
            "both": ["model.gain=null", "model.forget_bias=1"],
            "rate falls over the last 40 %, not 60": ["decay=0.4"],
        },
        ("model.shift_bias=0", "decay=0.6"),
    ),
    "recall-ntm": Trials(
        60_000,
        (0, 1, 2, 3),
        AS_IT_WAS
        | {
            "no decay of weights": ["weight_decay=0"],
            "weights by the size of all sources together": ["model.gain=null"],
            "lookups start blunt, bias 0, not 3": ["model.strength_bias=0"],
            "lookups start sharper, bias 5": ["model.strength_bias=5"],
            "as it was: bias 5, weights by all sources, no decay of weights": [
                "model.strength_bias=5",
                "model.gain=null",
                "weight_decay=0",
            ],
        },
        (
            "model.activation=tanh",
            "fewest_slots=0",
            "optimizer=adam",
            "restarts=0",
            "restart_every=0",
        ),
    ),
}


def plan(name: str) -> tuple[Study, dict[str, list[str]]]:
    """The runs of a recipe's trials, and the names of each change's in order of seed."""
    trials, units = TRIALS[name], dict[str, Unit]()
    named = {change: list[str]() for change in trials.changes}
    every = max(1, trials.sequences // 10)
    ends = [f"sequences={trials.sequences}", f"validate_every={every}"]
    for change, settings in trials.changes.items():
        recipe = find_recipe(name).override([*ends, *trials.before, *settings])
        varied = dict(setting.split("=", 1) for setting in settings)
        for seed in trials.seeds:
            named[change].append(unit_name(name, varied, seed))
            units[named[change][-1]] = Unit(recipe, seed, varied)
    return Study(units, "cpu", 1), named


def measure(name: str, folder: Path, executor: Executor) -> dict[str, Any] | None:
    """All runs of a recipe's trials, as results/trials keeps them; None if stopped.

    Raises InputError where a run failed.
    """
    trials, sweep, (study, named) = TRIALS[name], Sweep(folder / name), plan(name)
    add_study(sweep, study)
    done, failed = drive(sweep, study, executor)
    if not done:
        return None
    if failed:
        raise InputError(f"{', '.join(failed)} failed: ntmlab sweep {sweep.path} --show")
    key = validation_key(find_recipe(name).make_task())
    rows = [
        {
            "change": change,
            "settings": trials.changes[change],
            "costs": [validation_cost(last_row(path), key, path) for path in map(sweep.run, runs)],
        }
        for change, runs in named.items()
    ]
    seeds = list(trials.seeds)
    return {
        "sequences": trials.sequences,
        "seeds": seeds,
        "measured": key,
        "before": list(trials.before),
        "trials": rows,
    }


def main() -> int:
    """Runs the trials; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help=", ".join(TRIALS))
    parser.add_argument("--runs", type=Path, default=Path("runs/trials"), metavar="FOLDER")
    parser.add_argument("--results", type=Path, default=ROOT / "results/trials", metavar="FOLDER")
    parser.add_argument("--jobs", type=int, metavar="N", help="runs at once (one a core)")
    given = parser.parse_args()
    try:
        if given.jobs is not None and given.jobs < 1:
            raise InputError(f"--jobs must be at least 1, not {given.jobs}")
        for name in given.recipes or TRIALS:
            if name not in TRIALS:
                raise InputError(f"no trials of {name!r}; there are those of {', '.join(TRIALS)}")
            found = measure(name, given.runs, Processes(1, given.jobs))
            if found is None:
                return 130
            given.results.mkdir(parents=True, exist_ok=True)
            write_object(given.results / f"{name}.json", found)
    except InputError as error:
        print(f"trials: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
