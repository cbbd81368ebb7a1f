"""Which vectors of the query item a model's lookups in associative recall depend on.

    python tools/keys.py MODEL [--items 6] [--sequences 20000] [--seed 1]

One of 64 vectors is like another by chance. A model that finds the query by one of its three
vectors alone says the wrong item wherever another item has that vector too, and is right elsewhere.
For each way in which the query shares vectors with another item (x, one place for each vector) the
table has its part of the sequences, their mean cost in bits, and what they add to the mean of all.
MODEL is a shipped model, a run folder or a weights file.
"""

import argparse
import sys

from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.scored import SEQUENCES_AT_ONCE, predict
from ntmlab.sequences import Predictor
from ntmlab.tasks import Recall


def shared(inputs: Tensor, task: Recall) -> Tensor:
    """Which of the query's vectors another item has at the same place, (B, vectors) of bool.

    Inputs (B, T, I) are of sequences with ``task.max_items`` items each.
    """
    steps = task.item_length + 1
    shown = inputs[:, : (task.max_items + 1) * steps, : task.width].unflatten(1, (-1, steps))
    items, query = shown[:, :-1, 1:], shown[:, -1:, 1:]  # (B, items, vectors, bits)
    alike = (items == query).all(-1)
    others = ~alike.all(-1, keepdim=True)
    found: Tensor = (alike & others).any(1)
    return found


def report(task: Recall, predictor: Predictor, sequences: int, seed: int) -> list[str]:
    """The lines of the table, most costly in all first."""
    costs: dict[str, list[float]] = {}
    for start in range(0, sequences, SEQUENCES_AT_ONCE):
        drawn = task.sample(min(SEQUENCES_AT_ONCE, sequences - start), seed, start)
        said = predict(predictor, drawn, "the model")
        cost = task.outputs.cost_bits(said, drawn.targets.numpy(), drawn.mask.numpy()).sum(1)
        for row, bits in zip(shared(drawn.inputs, task).tolist(), cost.tolist(), strict=True):
            costs.setdefault("".join("x" if vector else "." for vector in row), []).append(bits)
    lines = [f"{'shared':>8}  {'part':>8}  {'bits':>8}  {'adds':>8}"]
    for name, own in sorted(costs.items(), key=lambda row: -sum(row[1])):
        part, mean = len(own) / sequences, sum(own) / len(own)
        lines.append(f"{name:>8}  {part:>8.2%}  {mean:>8.3f}  {part * mean:>8.3f}")
    whole = sum(map(sum, costs.values())) / sequences
    return [*lines, f"{'all':>8}  {1:>8.2%}  {whole:>8.3f}"]


def main() -> int:
    """Prints the table; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--items", type=int, default=6)
    parser.add_argument("--sequences", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    try:
        task = Recall(min_items=given.items, max_items=given.items)
        if given.sequences < 1:
            raise InputError(f"--sequences must be at least 1, not {given.sequences}")
        lines = report(task, find_predictor(given.model, task), given.sequences, given.seed)
    except InputError as error:
        print(f"keys: {error}", file=sys.stderr)
        return 2
    print("\n".join([given.model, *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
