"""Measures the shipped models of dynamic N-grams for docs/ngrams.md.

    python tools/study.py [--quick] [MODEL ...]

Writes results/study/*.json, the numbers, and the digests of the weights they are of; `make docs`
then puts them into page and pictures. Takes a few minutes; --quick, with few sequences, is for
trying it out.
Models are shipped names, run folders or weights files; NTMs first, all shipped ones by default.
"""

import argparse
import contextlib
import hashlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ntmlab.cli import main as ntmlab
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.models import NTM, ModulePredictor, WritesFor
from ntmlab.names import PAPER_TASK
from ntmlab.optimal.filter import FilterPredictor, Letters, unroll
from ntmlab.optimal.kt import KT, KTState
from ntmlab.records import finite
from ntmlab.sequences import Predictor
from ntmlab.studies.paper.figures import AS_PAPER
from ntmlab.tasks import make_task
from ntmlab.weights import load_model, read_card, shipped, weights_path

Array = NDArray[Any]

ROOT = Path(__file__).parent.parent
NUMBERS = ROOT / "results/study"
SEQUENCES = {"inside": 1000, "long": 100, "losses": 20_000, "beyond": 1000}
QUICK = dict.fromkeys(SEQUENCES, 20)
LENGTHS = (600, 1000, 2000)  # at which the memory is looked into as well
LONG, LONG_SEED = 5000, 2  # bits, of sequences on which NTMs stop writing
ALL, OPTIMUM = "all", "optimum"
WRITES = (400, 600, 800, 1000, 1200, 1600)  # steps after which they do
TRAINED_ON = "ngrams-ntm-long"  # looked at there, and nowhere else
DIGITS = 6  # significant ones; errors are far larger


def main() -> int:
    """Runs the commands."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--numbers", type=Path, default=NUMBERS, help="folder (%(default)s)")
    parser.add_argument("models", nargs="*", metavar="MODEL")
    given = parser.parse_args()
    models = given.models or default_models()
    given.numbers.mkdir(parents=True, exist_ok=True)
    for old in given.numbers.glob("*.json"):
        old.unlink()
    measure(models, QUICK if given.quick else SEQUENCES, given.numbers)
    return 0


def measure(models: list[str], count: dict[str, int], folder: Path) -> None:
    """Runs every study on the models and writes what it says."""
    machines = [model for model in models if read_card(weights_path(model))["model"] == "ntm"]
    for model in machines:
        name = Path(model).stem
        found, arrays = run(["inside", model], count["inside"])
        found["matrices"] = {k: arrays[f"{k}_matrix"].tolist() for k in ("read", "write")}
        write(folder / f"inside-{name}.json", found)
        for length in LENGTHS:
            found, _ = run(["inside", model, "--length", str(length)], count["long"])
            write(folder / f"long-{name}-{length}.json", found)
    for command in ("losses", "beyond"):
        write(folder / f"{command}.json", run([command, *models], count[command])[0])
    long = [*machines, TRAINED_ON]
    write(folder / "writes.json", writes(long, count["long"]))
    every = dict.fromkeys([*models, *long])
    write(folder / "weights.json", {Path(m).stem: digest(weights_path(m)) for m in every})


def writes(machines: list[str], sequences: int) -> dict[str, Any]:
    """Σ KL of long sequences, of machines and of the optimum, whole and as they stop to count."""
    task, every = make_task(PAPER_TASK, length=LONG), dict[tuple[str, str], Predictor]()
    for name in machines:
        machine = load_model(name)
        assert isinstance(machine, NTM)
        every[ALL, name] = ModulePredictor(machine, task.outputs)
        for steps in WRITES:
            every[str(steps), name] = ModulePredictor(WritesFor(machine, steps), task.outputs)
    for steps in WRITES:
        every[str(steps), OPTIMUM] = FilterPredictor(Stopping(steps))
    named = {": ".join(key): predictor for key, predictor in every.items()}
    scores = evaluate(task, named, sequences, LONG_SEED)
    found: dict[str, dict[str, Any]] = {}
    for (until, name), score in zip(every, scores.values(), strict=True):
        found.setdefault(until, {})[name] = finite(score.values())
    return {"length": LONG, "sequences": sequences, "seed": LONG_SEED, "writes": found}


class Stopping(KT):
    """The optimum of N-grams as it would be if it counted for so many steps only."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps

    def advance(self, state: KTState, symbols: Letters) -> KTState:
        """Counts while it may, and follows the context."""
        if state.seen < self.steps:
            return super().advance(state, symbols)
        after = super().advance(state._replace(counts=state.counts.copy()), symbols)
        return after._replace(counts=state.counts)

    def unrolled(self, symbols: Letters) -> Array:
        """Step by step: what is compiled counts to the end."""
        return unroll(self, symbols)


def digest(path: Path) -> str:
    """SHA-256 of a file: that of the weights that were measured."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def default_models() -> list[str]:
    """The shipped models of the paper's task, of bits, NTMs before others.

    Those trained as the paper trained are measured by their results, in a section of their own, and
    one that was trained on to longer sequences by these alone.
    """
    cards = {name: read_card(path) for name, path in shipped().items()}
    own = [
        name
        for name, card in cards.items()
        if card["task"] == PAPER_TASK
        and card["task_options"].get("letters", 2) == 2
        and not name.endswith(AS_PAPER)
        and name != TRAINED_ON
    ]
    return sorted(own, key=lambda name: (cards[name]["model"] != "ntm", name))


def run(arguments: list[str], sequences: int) -> tuple[dict[str, Any], dict[str, Array]]:
    """What a command prints and the arrays of its picture; ends with its status if it fails."""
    print("ntmlab", *arguments, file=sys.stderr)
    text = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        options = ["--sequences", str(sequences), "--json", "--out", str(picture)]
        with contextlib.redirect_stdout(text):
            status = ntmlab([*arguments, *options])
        if status:
            sys.exit(status)
        arrays = dict(np.load(picture.with_suffix(".npz")))
    return json.loads(text.getvalue()), arrays


def write(path: Path, value: dict[str, Any]) -> None:
    """JSON with short numbers, a line for each key of the outermost object."""
    lines = [f"{json.dumps(key)}: {json.dumps(shortened(v))}" for key, v in value.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def shortened(value: object) -> object:
    """The same with every number cut to six significant digits."""
    if isinstance(value, dict):
        return {key: shortened(v) for key, v in value.items()}
    if isinstance(value, list):
        return [shortened(v) for v in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
