"""Arguments of the commands that ask models for predictions."""

from ntmlab.cli.arguments.options import (
    CHECKED_HELP,
    MODELS_HELP,
    TASK_HELP,
    Parser,
    add_data,
    add_json,
    add_layout,
    add_models,
    add_ngrams,
    add_sizes,
    add_task,
    add_writes,
)


def figure(parser: Parser) -> None:
    """Arguments of ``ntmlab figure``."""
    parser.add_argument("--out", metavar="FILE", help=".png, .svg or .pdf (strips.png)")
    add_models(parser, None, "optimal ntm lstm; with --task optimal and its shipped models")
    source = parser.add_mutually_exclusive_group()
    about = "draw a sequence of this seed (0, and the first in which there is something to see)"
    source.add_argument("--seed", type=int, metavar="S", help=about)
    source.add_argument("--bits", metavar="BITS", help="a sequence of 0s and 1s")
    about = "a sequence of the task's letters, 0 to 9 and a to z, or numbers between commas"
    source.add_argument("--symbols", metavar="LETTERS", help=about)
    source.add_argument("--file", metavar="FILE", help="read the sequence from a file's first line")
    parser.add_argument("--index", type=int, metavar="N", help="draw the seed's sequence N (0)")
    add_task(parser)
    add_ngrams(parser, length=True)
    about = "P of a 1, P of the symbol that came, or a line a letter (one; of more letters: symbol)"
    parser.add_argument("--rows", metavar="KIND", help=f"one, symbol or letters: {about}")
    parser.add_argument("--arrows", type=int, default=2, metavar="N", help="arrows a model (2)")
    parser.add_argument(
        "--arrow-models", nargs="+", metavar="MODEL", help="models with arrows (all but optimal)"
    )
    about = "show steps A to B - 1 only, counted from 0"
    parser.add_argument("--window", metavar="A:B", help=about)
    about = "do not draw the steps about the arrows larger beneath"
    parser.add_argument("--no-close-up", action="store_true", help=about)
    about = "a strip under each model's of its probabilities less the optimum's"
    parser.add_argument("--differences", action="store_true", help=about)
    about = "for print: break the sequence into lines of N steps, all strips in each"
    parser.add_argument("--columns", type=int, metavar="N", help=about)
    about = "for print: inches, with type to be read at that size, as in 3.3 (up to 12, by steps)"
    parser.add_argument("--width", type=float, metavar="W", help=about)
    parser.add_argument("--white-is-one", action="store_true", help="turn the grey scale round")
    parser.add_argument(
        "--terminal", action="store_true", help="draw in the terminal instead of a file"
    )


def predict(parser: Parser) -> None:
    """Arguments of ``ntmlab predict``."""
    about = "letters such as 0110, or numbers between commas; - for standard input"
    parser.add_argument("sequence", nargs="?", metavar="SEQUENCE", help=about)
    parser.add_argument("--file", metavar="FILE", help="a file with one sequence a line")
    add_models(parser, ["optimal"])
    add_task(parser)
    add_ngrams(parser, length=False)
    add_json(parser, "one JSON object per sequence")


def evaluate(parser: Parser) -> None:
    """Arguments of ``ntmlab evaluate``."""
    parser.add_argument("task", nargs="?", metavar="SPEC", help=TASK_HELP)
    without = "optimal and the task's shipped models; of a file bounds and compressors"
    add_models(parser, None, without)
    about = "a file of your own in place of a task, plain or compressed; - for standard input"
    add_data(parser, about)
    parser.add_argument("--sequences", type=int, metavar="N", help="(1000)")
    about = "(0, on whose first 1000 training validates; any other is fresh)"
    parser.add_argument("--seed", type=int, metavar="S", help=about)
    add_writes(parser)
    add_sizes(parser)
    add_json(parser, "one JSON object")


def check(parser: Parser) -> None:
    """Arguments of ``ntmlab check``."""
    parser.add_argument("model", metavar="MODEL", help=MODELS_HELP)
    add_task(parser)
    parser.add_argument("--only", nargs="+", metavar="CHECK", help="only these checks (all)")
    parser.add_argument("--lengths", nargs="+", type=int, metavar="T", help=CHECKED_HELP)
    add_json(parser, "one JSON object")


def code(parser: Parser) -> None:
    """Arguments of ``ntmlab code``."""
    about = "any file, plain or compressed; - for standard input; with --back what was written"
    parser.add_argument("file", metavar="FILE", help=about)
    about = (
        "what predicts (ctw-16 of bits, ctw or ppm of others); a network, without --format, the "
        "letters of a task"
    )
    parser.add_argument("--model", metavar="MODEL", help=about)
    add_layout(parser)
    about = f"the file has sequences of its letters, one a line: {TASK_HELP}"
    parser.add_argument("--task", metavar="SPEC", help=about)
    parser.add_argument("--back", action="store_true", help="read a code, write what it was")
    about = "where to write (FILE.code; with --back standard output)"
    parser.add_argument("--out", metavar="FILE", help=about)
