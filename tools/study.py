"""Measures the shipped models of dynamic N-grams for docs/ngrams.md.

    python tools/study.py [--quick] [MODEL ...]

Writes results/study/*.json, the numbers, and docs/ngrams-*.png, the pictures, and draws those of
the README again, docs/curves.png and docs/strips.png; `make docs` then puts the numbers into the
page. Takes a few minutes; --quick, with few sequences, is for trying it out.
Models are shipped names, run folders or weights files; NTMs first, all shipped ones by default.
"""

import argparse
import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path

from ntmlab.cli import main as ntmlab
from ntmlab.weights import read_card, shipped, weights_path

ROOT = Path(__file__).parent.parent
NUMBERS, PICTURES = ROOT / "results/study", ROOT / "docs"
SEQUENCES = {"inside": 1000, "long": 100, "losses": 20_000, "beyond": 1000}
QUICK = dict.fromkeys(SEQUENCES, 20)
LENGTHS = (600, 1000, 2000)  # at which the memory is looked into as well
DIGITS = 6  # significant ones; errors are far larger


def main() -> int:
    """Runs the commands."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--numbers", type=Path, default=NUMBERS, help="folder (%(default)s)")
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="folder (%(default)s)")
    parser.add_argument("models", nargs="*", metavar="MODEL")
    given = parser.parse_args()
    count = QUICK if given.quick else SEQUENCES
    models = given.models or default_models()
    given.numbers.mkdir(parents=True, exist_ok=True)
    for old in given.numbers.glob("*.json"):
        old.unlink()
    machines = [model for model in models if read_card(weights_path(model))["model"] == "ntm"]
    studies = [("inside", [model]) for model in machines]
    for model in machines:
        for length in LENGTHS:
            options = ["--sequences", str(count["long"]), "--length", str(length), "--json"]
            stem = f"long-{Path(model).stem}-{length}"
            with tempfile.TemporaryDirectory() as folder:
                found = run(["inside", model, *options, "--out", f"{folder}/inside.png"])
            write(given.numbers / f"{stem}.json", json.loads(found))
    for command, names in [*studies, ("losses", models), ("beyond", models)]:
        stem = "-".join([command, *([Path(names[0]).stem] if command == "inside" else [])])
        picture = given.pictures / f"ngrams-{stem}.png"
        options = ["--sequences", str(count[command]), "--out", str(picture), "--json"]
        found = run([command, *names, *options])
        write(given.numbers / f"{stem}.json", json.loads(found))
    for model in machines:
        picture = given.pictures / f"ngrams-memory-{Path(model).stem}.png"
        run(["memory", model, "--window", "60:140", "--out", str(picture)])
    if not given.models:
        run(["reproduce", "13", "--out", str(given.pictures / "curves.png")])
        run(["reproduce", "14", "--out", str(given.pictures / "strips.png")])
    return 0


def default_models() -> list[str]:
    """The shipped models of the task, NTMs before LSTMs."""
    cards = {name: read_card(path) for name, path in shipped().items()}
    own = [name for name, card in cards.items() if card["task"] == "dynamic-ngrams"]
    return sorted(own, key=lambda name: (cards[name]["model"] != "ntm", name))


def run(arguments: list[str]) -> str:
    """What a command prints; ends this program with its status if it fails."""
    print("ntmlab", *arguments, file=sys.stderr)
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        status = ntmlab(arguments)
    if status:
        sys.exit(status)
    return text.getvalue()


def write(path: Path, value: object) -> None:
    """JSON with short numbers, a line for each key of the outermost object."""
    assert isinstance(value, dict)
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
