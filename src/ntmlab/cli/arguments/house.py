"""Arguments of the commands about what there is, how fast it is, and the page."""

from ntmlab.cli.arguments.options import Parser, add_json, add_task, add_unchecked

HOST, PORT = "127.0.0.1", 8614  # of the page, unless others are given


def listing(parser: Parser) -> None:
    """Arguments of ``ntmlab list``."""
    what = ("tasks", "models", "recipes", "parameters", "runs")
    about = "parameters: counts beside the paper's; runs: those in a folder, and how far they are"
    parser.add_argument("what", choices=what, metavar=f"{{{','.join(what)}}}", help=about)
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="where runs are (runs)")
    add_json(parser, "one JSON object")


def bench(parser: Parser) -> None:
    """Arguments of ``ntmlab bench``."""
    about = "kernels, optimal: the exact predictors, or code: `ntmlab code` of files (%(default)s)"
    parser.add_argument(
        "--what", choices=("kernels", "optimal", "code"), default="kernels", help=about
    )
    about = "cpu, or cuda for a GPU (%(default)s)"
    parser.add_argument("--device", default="cpu", metavar="D", help=about)
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
    parser.add_argument("--port", type=int, metavar="P", help=f"0: any free one ({PORT})")
    about = f"address to listen at; any but loopback lets others in ({HOST})"
    parser.add_argument("--host", metavar="H", help=about)
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    about = "instead: the page of a sweep, its runs and their curves as they come"
    parser.add_argument("--sweep", metavar="SWEEP", help=about)
    about = "write the page into a folder that any web server can serve, and serve nothing"
    parser.add_argument("--static", metavar="FOLDER", help=about)
