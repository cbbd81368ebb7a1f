"""Puts a finished run's weights into the package, with their score on fresh sequences.

    python tools/ship.py RUN NAME

Scores the model on 20,000 sequences of seed 1, which no training or validation has seen, and
writes src/ntmlab/weights/NAME.safetensors and NAME.json: recipe, seed, commit, score and the
command that trains the same again. The run's metrics are kept as results/NAME.jsonl.
"""

import argparse
import sys
from pathlib import Path

from ntmlab.evaluation.evaluate import evaluate
from ntmlab.models import ModulePredictor
from ntmlab.training.recipe import Recipe
from ntmlab.training.recipes import find_recipe
from ntmlab.training.run import RunFolder, processor, read_config
from ntmlab.weights import load_weights, read_card, save_model

ROOT = Path(__file__).parent.parent
SEQUENCES, SEED = 20_000, 1


def command(recipe: Recipe, seed: int) -> str:
    """The command that trains the same again, overrides included."""
    base, changed = find_recipe(recipe.name).to_json(), recipe.to_json()
    settings = [f"{k}={v}" for k, v in changed.items() if not isinstance(v, dict) and v != base[k]]
    for part in ("model", "task"):
        options, before = changed[f"{part}_options"], base[f"{part}_options"]
        settings += [f"{part}.{k}={v}" for k, v in options.items() if v != before.get(k)]
    return " ".join(
        [f"ntmlab train {recipe.name} --seed {seed}", *(f"--set {s}" for s in settings)]
    )


def main() -> None:
    """Scores and copies."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("run", type=Path)
    parser.add_argument("name")
    arguments = parser.parse_args()
    run, recipe, seed = read_config(arguments.run)
    model, card = load_weights(run.model), read_card(run.model)
    if card["sequences"] < recipe.sequences:
        sys.exit(f"{run.path} is not finished: {card['sequences']} of {recipe.sequences} sequences")
    score = evaluate(recipe.make_task(), {"model": ModulePredictor(model)}, SEQUENCES, SEED)[
        "model"
    ]
    card |= {
        "command": command(recipe, seed),
        "processor": processor(),
        "score": {"sequences": SEQUENCES, "seed": SEED, **score.values()},
    }
    save_model(model, ROOT / f"src/ntmlab/weights/{arguments.name}.safetensors", card)
    metrics = ROOT / f"results/{arguments.name}.jsonl"
    metrics.parent.mkdir(exist_ok=True)
    metrics.write_bytes(RunFolder(arguments.run).metrics.read_bytes())
    print(f"{arguments.name}: {score.bits:.3f} bits, gap {score.gap:.3f} ± {score.gap_se:.3f}")


if __name__ == "__main__":
    main()
