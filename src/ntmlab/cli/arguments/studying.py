"""Arguments of the commands that measure, one study each, and draw."""

from ntmlab.cli.arguments.options import (
    MODELS_HELP,
    Parser,
    add_json,
    add_lengths,
    add_ngrams,
    add_study,
    add_task,
    add_trained,
    add_unchecked,
    add_width,
    add_writes,
)
from ntmlab.studies.sizes import NGRAMS_SEED


def curves(parser: Parser) -> None:
    """Arguments of ``ntmlab curves``."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help="run folders")
    parser.add_argument("--out", metavar="FILE", help=".png, .svg or .pdf (curves.png)")
    about = "inches; in a column, as 3.3, the gap stands below the cost (9.0)"
    parser.add_argument("--width", type=float, metavar="W", help=about)
    about = "instead of a picture: all numbers of each row for TensorBoard; again to add what came"
    parser.add_argument("--tensorboard", metavar="FOLDER", help=about)


def generalise(parser: Parser) -> None:
    """Arguments of ``ntmlab generalise``."""
    add_trained(parser, "of a task that asks for answers", "generalise.png")
    about = "lengths; without any size the paper's (copy: 10 20 30 50 120)"
    parser.add_argument("--length", type=int, nargs="+", metavar="L", help=about)
    about = "one a length (20 x 10 and 10 x 20)"
    parser.add_argument("--repeats", type=int, nargs="+", metavar="R", help=about)
    about = "numbers of items to recall (6 8 10 12 15 20)"
    parser.add_argument("--items", type=int, nargs="+", metavar="N", help=about)


def memory(parser: Parser) -> None:
    """Arguments of ``ntmlab memory``."""
    add_trained(parser, "an NTM", "memory.png")
    add_lengths(parser, "(20; N-grams 200)", "(5)", "(6)")
    parser.add_argument(
        "--window", metavar="A:B", help="N-grams: show steps A to B - 1 only, counted from 0"
    )
    parser.add_argument(
        "--fit", action="store_true", help="sort: the fit of write locations on priorities"
    )


def inside(parser: Parser) -> None:
    """Arguments of ``ntmlab inside``."""
    about = "a shipped model, run folder or weights file, an NTM of dynamic N-grams"
    parser.add_argument("model", metavar="MODEL", help=about)
    add_study(parser, "inside.png", seed=1)
    about = "bits a sequence (as in training)"
    parser.add_argument("--length", type=int, metavar="T", help=about)


def losses(parser: Parser) -> None:
    """Arguments of ``ntmlab losses``."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=MODELS_HELP)
    add_unchecked(parser)
    add_study(parser, "losses.png", seed=1)
    add_task(parser)
    add_ngrams(parser, length=True)


def nearest(parser: Parser) -> None:
    """Arguments of ``ntmlab nearest``."""
    about = "a predictor; of a run folder with snapshots, these too"
    parser.add_argument("model", metavar="MODEL", help=about)
    about = "known predictors of `ntmlab list models` (counts, mixtures, windows and others)"
    parser.add_argument("--against", nargs="+", metavar="NAME", help=about)
    add_task(parser)
    add_study(parser, "nearest.png", seed=3, sequences=200)


def probe(parser: Parser) -> None:
    """Arguments of ``ntmlab probe``."""
    about = "a model that hands its state on: shipped, a run folder, or package.module:factory"
    parser.add_argument("model", metavar="MODEL", help=about)
    add_task(parser)
    parser.add_argument("--sequences", type=int, default=100, metavar="N", help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=4, metavar="S", help="(%(default)s)")
    add_json(parser, "one JSON object")


def beyond(parser: Parser) -> None:
    """Arguments of ``ntmlab beyond``."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=MODELS_HELP)
    add_unchecked(parser)
    add_task(parser)
    add_study(parser, "beyond.png", seed=2)
    parser.add_argument(
        "--length", type=int, default=5000, metavar="T", help="of long sequences (%(default)s)"
    )
    add_writes(parser)


def table(parser: Parser) -> None:
    """Arguments of ``ntmlab table``."""
    about = "where the runs are, and go on where they were stopped (%(default)s)"
    parser.add_argument("--out", default="runs/table", metavar="FOLDER", help=about)
    about = "of each run that is measured (10000)"
    parser.add_argument("--sequences", type=int, metavar="N", help=about)
    about = "of each of the three runs by which a model's rate and size are found (2000)"
    parser.add_argument("--search", type=int, metavar="N", help=about)
    about = "of the runs that are measured (0)"
    parser.add_argument("--seeds", type=int, nargs="+", metavar="S", help=about)
    about = "columns, as in 'three letters' (all)"
    parser.add_argument("--sources", nargs="+", metavar="NAME", help=about)
    parser.add_argument(
        "--models", nargs="+", metavar="NAME", help="kinds, as in gru (all), or your own"
    )
    about = "train nothing: the table of what is there"
    parser.add_argument("--redraw", action="store_true", help=about)
    parser.add_argument("--save", metavar="FILE", help="write the numbers of all cells there")
    add_json(parser, "one JSON object")


def reproduce(parser: Parser) -> None:
    """Arguments of ``ntmlab reproduce``."""
    parser.add_argument("figure", type=int, metavar="FIGURE", help="its number in the paper, 3-18")
    parser.add_argument("--out", metavar="FILE", help=".png, .svg or .pdf (figureN.png)")
    add_width(parser)
    about = f"of the sequences drawn (0; N-grams {NGRAMS_SEED})"
    parser.add_argument("--seed", type=int, metavar="S", help=about)
    about = "train first, and say how long it will take"
    parser.add_argument("--from-scratch", action="store_true", help=about)
    about = "own runs, RECIPE-seed0, to draw instead; --from-scratch trains there (runs)"
    parser.add_argument("--runs", metavar="FOLDER", help=about)
    about = "on what it trains LSTMs: cpu, or cuda for a GPU (cpu)"
    parser.add_argument("--device", metavar="D", help=about)
