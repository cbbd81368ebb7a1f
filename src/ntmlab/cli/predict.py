"""``ntmlab predict``: what each model gives to every letter at every step."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ntmlab.cli.heap import give_back_large
from ntmlab.cli.inputs import find_predictors, next_symbol_task, read_lines
from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.scored import predict
from ntmlab.letters import SIGNS, read_letters, write_letters
from ntmlab.records import to_line
from ntmlab.sequences import Predictor, next_symbol

Symbols = NDArray[np.uint8]

STEPS_AT_ONCE = 2**18
STEPS_OF_TEXT = 4096


def run(arguments: argparse.Namespace) -> int:
    """Prints predictions for one sequence or a file of them."""
    give_back_large()
    task, letters = next_symbol_task(arguments, arguments.models)
    sequences = _sequences(arguments, letters)
    predictors = find_predictors(arguments.models, task, unchecked=arguments.unchecked)
    for start in range(0, len(sequences), max(1, STEPS_AT_ONCE // max(map(len, sequences)))):
        end = start + max(1, STEPS_AT_ONCE // max(map(len, sequences)))
        for symbols, said in _predicted(sequences[start:end], predictors, letters):
            sys.stdout.writelines((_json if arguments.json else _table)(symbols, said, letters))
    return 0


def _predicted(
    sequences: list[Symbols], predictors: Mapping[str, Predictor], letters: int
) -> list[tuple[Symbols, dict[str, Array]]]:
    """Each sequence with the predictions (T, O) of each model; those of one length at once."""
    found: list[dict[str, Array]] = [{} for _ in sequences]
    for length in sorted({len(symbols) for symbols in sequences}):
        rows = [i for i, symbols in enumerate(sequences) if len(symbols) == length]
        batch = next_symbol(np.stack([sequences[i] for i in rows]), letters)
        for name, predictor in predictors.items():
            for row, said in zip(rows, predict(predictor, batch, name), strict=True):
                found[row][name] = said
    return list(zip(sequences, found, strict=True))


def _sequences(arguments: argparse.Namespace, letters: int) -> list[Symbols]:
    """The letters of each sequence, a byte each: a list takes eight."""
    return [np.array(symbols, dtype=np.uint8) for symbols in _read(arguments, letters)]


def _read(arguments: argparse.Namespace, letters: int) -> list[list[int]]:
    if (arguments.sequence is None) == (arguments.file is None):
        raise InputError("give either SEQUENCE, --file FILE, or - for standard input")
    if arguments.file is not None:
        return read_lines(arguments.file, letters)
    if arguments.sequence == "-":
        return read_lines("-", letters)
    return [read_letters(arguments.sequence, letters, "the sequence")]


def _json(symbols: Symbols, said: Mapping[str, Array], letters: int) -> Iterator[str]:
    """One JSON object: P of a 1 for bits, of each letter for more letters."""
    text = write_letters(symbols, letters)
    yield to_line({"bits" if letters == 2 else "symbols": text})[:-1] + ', "predictions": {'
    for number, (name, p) in enumerate(said.items()):
        yield f"{', ' if number else ''}{json.dumps(name)}: "
        yield from _listed(p[:, 0] if letters == 2 else p)
    yield "}}\n"


def _listed(numbers: Array) -> Iterator[str]:
    """A list in JSON, some of it at a time: all of the text is far larger than the numbers.

    >>> "".join(_listed(np.array([[0.5, 1], [2, 3]])))
    '[[0.5, 1.0], [2.0, 3.0]]'
    """
    for start in range(0, len(numbers), STEPS_OF_TEXT):
        text = json.dumps(numbers[start : start + STEPS_OF_TEXT].tolist())
        yield (", " if start else "[") + text[1:-1]
    yield "]"


def _table(symbols: Symbols, said: Mapping[str, Array], letters: int) -> Iterator[str]:
    """A line a step: its number, its letter, and what each model gave to a 1, or to each letter."""
    columns: dict[str, np.ndarray] = {}
    for name, p in said.items():
        if letters == 2:
            columns[name] = p[:, 0]
        else:
            signs = SIGNS if letters <= len(SIGNS) else range(letters)
            columns |= {f"{name} {sign}": p[:, i] for i, sign in zip(range(letters), signs)}  # noqa: B905
    widths = [max(len(name), 6) for name in columns]
    head = "bit" if letters == 2 else "letter"
    yield f"{'step':>5} {head}  " + _cells(columns, widths) + "\n"
    for t, symbol in enumerate(symbols):
        sign = write_letters([symbol], letters)
        values = [f"{p[t]:.4f}" for p in columns.values()]
        yield f"{t:>5} {sign:>{len(head)}}  " + _cells(values, widths) + "\n"


def _cells(cells: Any, widths: list[int]) -> str:
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
