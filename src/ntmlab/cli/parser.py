"""What the command line accepts. Imports nothing heavy, so that ``--help`` answers at once."""

from ntmlab.cli.arguments import house, predicting, studying, training
from ntmlab.cli.arguments.options import Parser

# What adds a command's arguments, and what `ntmlab --help` says about it.
COMMANDS = {
    "figure": (predicting.figure, "draw one sequence above the predictions of several models"),
    "predict": (predicting.predict, "print what each model gives to every letter at every step"),
    "evaluate": (predicting.evaluate, "mean cost and gap to the optimum on sequences of a seed"),
    "check": (
        predicting.check,
        "is a model causal, does its state carry on, does it decode: each tested",
    ),
    "code": (
        predicting.code,
        "write sequences as a code that a model's predictions drive, and read it",
    ),
    "train": (training.train, "train a recipe, or a model on a task, or go on with a run"),
    "sweep": (training.sweep, "train many runs of one study, on one machine or many, losing none"),
    "curves": (studying.curves, "draw learning curves of runs"),
    "generalise": (studying.generalise, "draw targets and outputs at sizes beyond training"),
    "memory": (studying.memory, "draw how a machine uses its memory on one sequence"),
    "inside": (
        studying.inside,
        "measure whether an NTM's memory counts, and answer the paper's claims",
    ),
    "losses": (studying.losses, "where models lose bits: by position, visit, age and context"),
    "nearest": (studying.nearest, "which known estimator a model is nearest to, and when"),
    "probe": (studying.probe, "whether a model's state holds what the exact predictor knows"),
    "beyond": (studying.beyond, "gaps on longer sequences, other tables and shorter contexts"),
    "table": (
        studying.table,
        "train and measure every kind of model on several sources, with equal care",
    ),
    "reproduce": (
        studying.reproduce,
        "draw a figure of the paper from shipped metrics and weights",
    ),
    "list": (house.listing, "list what there is"),
    "bench": (house.bench, "time the kernels beside their references and PyTorch's own"),
    "explore": (house.explore, "a page in the browser: flip a bit, see every predictor respond"),
}


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

    for name, (add_arguments, about) in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        assert isinstance(command, Parser)
        add_arguments(command)
        about = "where your own code fails, print its traceback too"
        command.add_argument("--debug", action="store_true", help=about)
    return parser
