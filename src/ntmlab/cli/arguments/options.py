"""Options that several commands share, and a parser whose errors are one line.

Imports nothing heavy, so that ``--help`` answers at once.
"""

import argparse
import sys
from typing import NoReturn

from ntmlab.errors import one_line
from ntmlab.names import FORMATS
from ntmlab.studies.sizes import NGRAMS_SEED

MODELS_HELP = (
    "predictors, in order: optimal, oracle, coin, kt-K (K letters of context), a shipped model, a "
    "run folder, a weights file, or package.module:factory, its options after a second colon"
)

TASK_HELP = (
    "a task of `ntmlab list tasks`, with its options as in dynamic-ngrams:order=4, or your own as "
    "package.module:factory"
)

CHECKED_HELP = "steps of the sequences tried (1 2 63 64 65 67 127 128 129 200, and the task's own)"


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Prints one line on stderr and exits with 2."""
        line = one_line(f"{self.prog}: error: {message}")
        print(f"{line}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def add_models(
    parser: Parser,
    default: list[str] | None,
    without: str = "optimal and the task's shipped models",
) -> None:
    """The option that names predictors; ``without`` says what None stands for."""
    shown = without if default is None else " ".join(default)
    parser.add_argument(
        "--models", nargs="+", default=default, metavar="MODEL", help=f"{MODELS_HELP} ({shown})"
    )
    add_unchecked(parser)


def add_unchecked(parser: Parser) -> None:
    """The option that takes what looks ahead."""
    about = "take models that look ahead too; their rows say so, and their gaps mean nothing"
    parser.add_argument("--unchecked", action="store_true", help=about)


def add_writes(parser: Parser) -> None:
    """The option that lets NTMs stop writing."""
    about = "beside each NTM, itself as it writes for N steps of a sequence and then only reads"
    parser.add_argument("--writes", type=int, metavar="N", help=about)


def add_task(parser: Parser) -> None:
    """The option that names a task."""
    about = f"{TASK_HELP} (what the models were trained on, else dynamic-ngrams)"
    parser.add_argument("--task", metavar="SPEC", help=about)


def add_data(parser: Parser, about: str) -> None:
    """A file of the user's own, and how it is read."""
    parser.add_argument("--file", metavar="FILE", help=about)
    add_layout(parser)


def add_layout(parser: Parser) -> None:
    """How a file is read."""
    about = "bits, letters, bytes or integers (bits where it begins with nothing else, or bytes)"
    parser.add_argument("--format", choices=FORMATS, metavar="FORMAT", help=about)
    about = "the letters, such as ACGT; of integers how many there are (all that are in the file)"
    parser.add_argument("--alphabet", metavar="LETTERS", help=about)
    about = "lines follow on from each other, as one sequence (one sequence a line)"
    parser.add_argument("--joined", action="store_true", help=about)


def add_ngrams(parser: Parser, *, length: bool) -> None:
    """Sizes of dynamic N-grams."""
    if length:
        parser.add_argument("--length", type=int, metavar="T", help="bits a sequence (200)")
    parser.add_argument("--order", type=int, metavar="N", help="N-gram order, context + 1 (6)")
    parser.add_argument(
        "--prior", type=float, nargs=2, metavar=("A", "B"), help="Beta prior of the table (0.5 0.5)"
    )


def add_sizes(parser: Parser) -> None:
    """Sizes of any task; one that it does not have is refused."""
    trained = "(as in training)"
    add_lengths(parser, "(as in training; N-grams 200)", trained, trained)
    add_ngrams(parser, length=False)


def add_lengths(parser: Parser, length: str, repeats: str, items: str) -> None:
    """Sizes that fix a range of a task; the texts say what goes without."""
    about = {
        "length": ("L", f"exactly so many vectors to copy, or bits {length}"),
        "repeats": ("R", f"exactly so many repeats {repeats}"),
        "items": ("N", f"exactly so many items to recall {items}"),
    }
    for name, (metavar, text) in about.items():
        parser.add_argument(f"--{name}", type=int, metavar=metavar, help=text)


def add_trained(parser: Parser, kind: str, out: str) -> None:
    """A trained model, the sequence's seed and the picture."""
    about = f"a shipped model, run folder or weights file, {kind}"
    parser.add_argument("model", metavar="MODEL", help=about)
    about = f"draw the first sequence of this seed (0; N-grams {NGRAMS_SEED})"
    parser.add_argument("--seed", type=int, metavar="S", help=about)
    parser.add_argument(
        "--out", default=out, metavar="FILE", help=".png, .svg or .pdf (%(default)s)"
    )
    add_width(parser)


def add_study(parser: Parser, out: str, seed: int, sequences: int = 1000) -> None:
    """How many sequences a study takes, and where its picture goes."""
    about = "(%(default)s)"
    parser.add_argument("--sequences", type=int, default=sequences, metavar="N", help=about)
    parser.add_argument("--seed", type=int, default=seed, metavar="S", help="(%(default)s)")
    parser.add_argument(
        "--out", default=out, metavar="FILE", help=".png, .svg or .pdf (%(default)s)"
    )
    add_width(parser)
    add_json(parser, "one JSON object")


def add_width(parser: Parser) -> None:
    """The option that makes a picture as wide as a column or a page."""
    about = "for print: inches, as 3.3 for a column, with type to be read at that size"
    parser.add_argument("--width", type=float, metavar="W", help=about)


def add_json(parser: Parser, about: str) -> None:
    """The option for machine-readable output."""
    parser.add_argument("--json", action="store_true", help=about)
