"""What the command line accepts. Imports nothing heavy, so that ``--help`` answers at once."""

from ntmlab.cli.options import (
    CHECKED_HELP,
    EXPLORE_PORT,
    MODELS_HELP,
    TASK_HELP,
    Parser,
    add_json,
    add_lengths,
    add_models,
    add_ngrams,
    add_sizes,
    add_study,
    add_task,
    add_trained,
    add_unchecked,
)
from ntmlab.studies.sizes import NGRAMS_SEED


def make_parser() -> Parser:
    """The parser of ``ntmlab``; each command's arguments name it in ``command``."""
    parser = Parser(
        prog="ntmlab",
        description="How close does a sequence model come to the Bayes-optimal predictor, and "
        "where does it fail?",
        epilog="exit status: 0 done, 1 failure, 2 wrong use or bad input",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)

    def command(name: str, about: str) -> Parser:
        added = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        assert isinstance(added, Parser)
        return added

    figure(command("figure", "draw one sequence above the predictions of several models"))
    predict(command("predict", "print what each model gives to every letter at every step"))
    evaluate(command("evaluate", "mean cost and gap to the optimum on fresh sequences"))
    check(
        command("check", "is a model causal, does its state carry on, does it decode: each tested")
    )
    code(command("code", "write sequences as a code that a model's predictions drive, and read it"))
    train(command("train", "train a recipe, or a model on a task, or go on with a run"))
    curves(command("curves", "draw learning curves of runs"))
    generalise(command("generalise", "draw targets and outputs at sizes beyond training"))
    memory(command("memory", "draw how a machine uses its memory on one sequence"))
    inside(
        command("inside", "measure whether an NTM's memory counts, and answer the paper's claims")
    )
    losses(command("losses", "where models lose bits: by position, visit, age and context"))
    nearest(command("nearest", "which known estimator a model is nearest to, and when"))
    probe(command("probe", "whether a model's state holds what the exact predictor knows"))
    beyond(command("beyond", "gaps on longer sequences, other tables and shorter contexts"))
    reproduce(command("reproduce", "draw a figure of the paper from shipped metrics and weights"))
    listing(command("list", "list what there is"))
    bench(command("bench", "time the kernels beside their references and PyTorch's own"))
    explore(command("explore", "a page in the browser: flip a bit, see every predictor respond"))
    return parser


def figure(parser: Parser) -> None:
    """Arguments of ``ntmlab figure``."""
    parser.add_argument(
        "--out", default="strips.png", metavar="FILE", help=".png, .svg or .pdf (%(default)s)"
    )
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
    parser.add_argument("task", metavar="SPEC", help=TASK_HELP)
    add_models(parser, None)
    parser.add_argument("--sequences", type=int, default=1000, metavar="N", help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="(%(default)s)")
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
    about = "sequences of letters, one a line; with --back what this command wrote"
    parser.add_argument("file", metavar="FILE", help=about)
    about = "what predicts; it must pass the check of decoding (%(default)s)"
    parser.add_argument("--model", default="optimal", metavar="MODEL", help=about)
    add_task(parser)
    parser.add_argument("--back", action="store_true", help="read a code, print its sequences")
    about = "where to write (FILE.code; with --back standard output)"
    parser.add_argument("--out", metavar="FILE", help=about)


def train(parser: Parser) -> None:
    """Arguments of ``ntmlab train``."""
    parser.add_argument("recipe", nargs="?", metavar="RECIPE", help="see `ntmlab list recipes`")
    about = "instead of a recipe: ntm or lstm, with options as in lstm:hidden_size=64,layers=1, or "
    about += "a function or class of your own that makes a PyTorch module (inputs to logits), as "
    about += "package.module:factory; trained by Adam at rate 0.001 in batches of 16"
    parser.add_argument("--model", metavar="SPEC", help=about)
    about = f"what --model is trained on: {TASK_HELP} (dynamic-ngrams)"
    parser.add_argument("--task", metavar="SPEC", help=about)
    parser.add_argument("--seed", type=int, metavar="S", help="of weights and sequences (0)")
    parser.add_argument("--out", metavar="RUN", help="the run folder (runs/RECIPE-seedS)")
    about = "how long to train (as the recipe says; with --model 100000)"
    parser.add_argument("--sequences", type=int, metavar="N", help=about)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a value of the recipe; task.KEY and model.KEY reach inside; repeatable",
    )
    parser.add_argument(
        "--snapshots",
        type=int,
        metavar="N",
        help="keep the weights of the start and of N points on the way, for `ntmlab explore` (0)",
    )
    parser.add_argument("--device", metavar="D", help="cpu; cuda for all but NTMs (cpu)")
    parser.add_argument("--resume", metavar="RUN", help="go on with a run; nothing else is needed")


def curves(parser: Parser) -> None:
    """Arguments of ``ntmlab curves``."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help="run folders")
    parser.add_argument(
        "--out", default="curves.png", metavar="FILE", help=".png, .svg or .pdf (%(default)s)"
    )


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


def reproduce(parser: Parser) -> None:
    """Arguments of ``ntmlab reproduce``."""
    parser.add_argument("figure", type=int, metavar="FIGURE", help="its number in the paper, 3-18")
    parser.add_argument("--out", metavar="FILE", help=".png, .svg or .pdf (figureN.png)")
    about = f"of the sequences drawn (0; N-grams {NGRAMS_SEED})"
    parser.add_argument("--seed", type=int, metavar="S", help=about)
    about = "train first, and say how long it will take"
    parser.add_argument("--from-scratch", action="store_true", help=about)
    about = "where --from-scratch trains (%(default)s)"
    parser.add_argument("--runs", default="runs", metavar="FOLDER", help=about)
    about = "on what it trains LSTMs: cpu, or cuda for a GPU (cpu)"
    parser.add_argument("--device", metavar="D", help=about)


def listing(parser: Parser) -> None:
    """Arguments of ``ntmlab list``."""
    what = ("tasks", "models", "recipes", "parameters")
    parser.add_argument("what", choices=what, help="parameters: counts beside the paper's")
    add_json(parser, "one JSON object")


def bench(parser: Parser) -> None:
    """Arguments of ``ntmlab bench``."""
    about = "kernels, or optimal: the exact predictors (%(default)s)"
    parser.add_argument("--what", choices=("kernels", "optimal"), default="kernels", help=about)
    parser.add_argument("--only", metavar="TEXT", help="only the cases with this in their name")
    parser.add_argument(
        "--rounds", type=int, default=5, metavar="N", help="timings a candidate (%(default)s)"
    )
    add_json(parser, "one JSON object")


def explore(parser: Parser) -> None:
    """Arguments of ``ntmlab explore``."""
    parser.add_argument(
        "models",
        nargs="*",
        metavar="MODEL",
        help="beside the shipped models: run folders, weights files, kt-K (K letters of context), "
        "package.module:factory",
    )
    add_task(parser)
    add_unchecked(parser)
    parser.add_argument(
        "--port", type=int, default=EXPLORE_PORT, metavar="P", help="0: any free one (%(default)s)"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="address to listen at; any but loopback lets others in (%(default)s)",
    )
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
