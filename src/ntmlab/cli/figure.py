"""``ntmlab figure``: one sequence above the predictions of several models."""

import argparse
import shutil
import sys
from pathlib import Path

import numpy as np

from ntmlab.cli.inputs import (
    find_predictors,
    ngrams,
    one_sequence,
    parse_bits,
    parse_window,
    read_lines,
)
from ntmlab.cli.parser import FIGURE_SEED
from ntmlab.errors import InputError
from ntmlab.evaluation import Comparison, compare
from ntmlab.evaluation.predictors import LABELS
from ntmlab.figures import save, strips, strips_text
from ntmlab.figures.save import check_path
from ntmlab.sequences import Sequences


def run(arguments: argparse.Namespace) -> int:
    """Draws the picture, saves the arrays beside it, and prints where and what it cost."""
    if arguments.arrows < 0:
        raise InputError(f"--arrows must not be negative, not {arguments.arrows}")
    sequences = _sequences(arguments)
    window = parse_window(arguments.window, sequences.targets.shape[1])
    _check_arrow_models(arguments)
    if not arguments.terminal:
        check_path(Path(arguments.out))
    comparison = _compare(arguments, sequences)
    arrow_models = arguments.arrow_models and [_label(name) for name in arguments.arrow_models]
    if arguments.terminal:
        text = strips_text(
            comparison,
            window=window,
            arrows=arguments.arrows,
            arrow_models=arrow_models,
            dark_is_one=not arguments.white_is_one,
            width=shutil.get_terminal_size().columns,
            colour=sys.stdout.isatty(),
        )
        print(text)
        return 0
    axes = strips(
        comparison,
        window=window,
        arrows=arguments.arrows,
        arrow_models=arrow_models,
        dark_is_one=not arguments.white_is_one,
    )
    arrays: dict[str, np.ndarray] = {"Input": comparison.targets[0, :, 0]}
    arrays |= {name: p[0, :, 0] for name, p in comparison.probabilities.items()}
    save(axes.figure, Path(arguments.out), arrays)
    print(arguments.out)
    return 0


def _compare(arguments: argparse.Namespace, sequences: Sequences) -> Comparison:
    predictors = find_predictors(arguments.models, ngrams(arguments))
    return compare(sequences, {_label(name): p for name, p in predictors.items()})


def _label(name: str) -> str:
    return LABELS.get(name, name)


def _sequences(arguments: argparse.Namespace) -> Sequences:
    """The sequence given, or the first of the seed."""
    if arguments.bits is not None:
        return one_sequence(parse_bits(arguments.bits, "the sequence"))
    if arguments.file is not None:
        return one_sequence(read_lines(arguments.file)[0])
    return ngrams(arguments).sample(1, FIGURE_SEED if arguments.seed is None else arguments.seed)


def _check_arrow_models(arguments: argparse.Namespace) -> None:
    missing = set(arguments.arrow_models or ()) - set(arguments.models)
    if missing:
        raise InputError(f"--arrow-models names {', '.join(sorted(missing))}, not in --models")
