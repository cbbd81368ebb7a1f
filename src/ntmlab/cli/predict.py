"""``ntmlab predict``: what each model gives to a 1 at every step."""

import argparse
import json

import numpy as np

from ntmlab.cli.inputs import find_predictors, ngrams, one_sequence, parse_bits, read_lines
from ntmlab.errors import InputError
from ntmlab.evaluation.compare import predict


def run(arguments: argparse.Namespace) -> int:
    """Prints predictions for one sequence or a file of them."""
    sequences = _sequences(arguments)
    predictors = find_predictors(arguments.models, ngrams(arguments))
    for bits in sequences:
        batch = one_sequence(bits)
        predictions = {name: predict(p, batch, name)[0, :, 0] for name, p in predictors.items()}
        text = "".join(map(str, bits))
        if arguments.json:
            rows = {name: values.tolist() for name, values in predictions.items()}
            print(json.dumps({"bits": text, "predictions": rows}))
        else:
            print(_table(text, predictions))
    return 0


def _sequences(arguments: argparse.Namespace) -> list[list[int]]:
    if (arguments.bits is None) == (arguments.file is None):
        raise InputError("give either BITS, --file FILE, or - for standard input")
    if arguments.file is not None:
        return read_lines(arguments.file)
    if arguments.bits == "-":
        return read_lines("-")
    return [parse_bits(arguments.bits, "the sequence")]


def _table(bits: str, predictions: dict[str, np.ndarray]) -> str:
    """A line a step: its number, its bit, and each model's probability of a 1."""
    widths = [max(len(name), 6) for name in predictions]
    header = "  ".join(f"{name:>{w}}" for name, w in zip(predictions, widths, strict=True))
    lines = [f"{'step':>5} bit  {header}"]
    for t, bit in enumerate(bits):
        cells = zip(predictions.values(), widths, strict=True)
        lines.append(f"{t:>5} {bit:>3}  " + "  ".join(f"{p[t]:>{w}.4f}" for p, w in cells))
    return "\n".join(lines)
