"""Arguments of the commands that train."""

from ntmlab.cli.arguments.options import TASK_HELP, Parser, add_json


def train(parser: Parser) -> None:
    """Arguments of ``ntmlab train``."""
    parser.add_argument("recipe", nargs="?", metavar="RECIPE", help="see `ntmlab list recipes`")
    about = (
        "instead of a recipe: ntm, lstm, gru, transformer, mingru, delta, ssm or dnc, with options "
    )
    about += "as in gru:hidden_size=64,layers=1, or "
    about += "a function or class of your own that makes a PyTorch module (inputs to logits), as "
    about += "package.module:factory; trained by Adam at rate 0.001 in batches of 16"
    parser.add_argument("--model", metavar="SPEC", help=about)
    about = f"what --model is trained on: {TASK_HELP} (dynamic-ngrams)"
    parser.add_argument("--task", metavar="SPEC", help=about)
    parser.add_argument("--seed", type=int, metavar="S", help="of weights and sequences (0)")
    about = "several runs: A:B for A to B - 1, or A,B,C; the same command goes on. On a GPU NTMs "
    about += "step together, all seeds in one launch; else one run after another"
    parser.add_argument("--seeds", metavar="A:B", help=about)
    about = "with --seeds, of NTMs: step together on the CPU as well; no bit of any run changes"
    parser.add_argument("--together", action="store_true", help=about)
    about = "the run folder (runs/RECIPE-seedS); with --seeds the folder they are put in (runs)"
    parser.add_argument("--out", metavar="RUN", help=about)
    about = "how long to train (as the recipe says; with --model 100000)"
    parser.add_argument("--sequences", type=int, metavar="N", help=about)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a value of the recipe; task.KEY, model.KEY and training.KEY, options of the "
        "task in training only, reach inside; repeatable",
    )
    parser.add_argument(
        "--snapshots",
        type=int,
        metavar="N",
        help="keep the weights of the start and of N points on the way, for `ntmlab explore` (0)",
    )
    parser.add_argument("--device", metavar="D", help="cpu, or cuda for a GPU (cpu)")
    about = "several at once are a sweep: prints the command, see `ntmlab sweep`"
    parser.add_argument("--jobs", type=int, metavar="N", help=about)
    about = "print what would be trained, and train nothing"
    parser.add_argument("--dry-run", action="store_true", help=about)
    parser.add_argument("--resume", metavar="RUN", help="go on with a run; nothing else is needed")
    about = "train a finished run to --sequences N in all, as a new run that begins where it ended"
    parser.add_argument("--continue", dest="longer", metavar="RUN", help=f"{about} (--out RUN-N)")


def sweep(parser: Parser) -> None:
    """Arguments of ``ntmlab sweep``."""
    about = "a study in TOML; or the folder of a sweep, to go on with it or to show it"
    parser.add_argument("study", nargs="?", metavar="STUDY", help=about)
    about = "without a file: recipes of `ntmlab list recipes`"
    parser.add_argument("--recipe", nargs="+", metavar="R", help=about)
    about = "or models, as for `ntmlab train`"
    parser.add_argument("--model", nargs="+", metavar="SPEC", help=about)
    about = f"what they are trained on: {TASK_HELP} (dynamic-ngrams)"
    parser.add_argument("--task", metavar="SPEC", help=about)
    about = "of each setting: A:B for A to B - 1, or A,B,C (0)"
    parser.add_argument("--seeds", metavar="A:B", help=about)
    about = "values of a recipe's setting to take in turn, each with each of the others; repeatable"
    parser.add_argument("--set", action="append", default=[], metavar="KEY=V,V,...", help=about)
    about = "how long to train (as the recipe says)"
    parser.add_argument("--sequences", type=int, metavar="N", help=about)
    about = "search so many points of the ranges LOW..HIGH[:log], and lists, of --set by Optuna"
    parser.add_argument("--search", type=int, metavar="N", help=about)
    about = "points of a search that are proposed before the result of the first is known (4)"
    parser.add_argument("--ahead", type=int, metavar="K", help=about)
    about = "the folder of the sweep (sweeps/NAME)"
    parser.add_argument("--out", metavar="SWEEP", help=about)
    parser.add_argument("--device", metavar="D", help="cpu, or cuda for a GPU (cpu)")
    parser.add_argument("--threads", type=int, metavar="N", help="of each run (1)")
    about = "where runs are trained: processes, ray (the cluster of RAY_ADDRESS, or this machine) "
    about += "or slurm (%(default)s)"
    parser.add_argument("--on", default="processes", metavar="WHERE", help=about)
    about = "of each job, as submitit names it: timeout_min=240, slurm_partition=...; repeatable"
    parser.add_argument("--slurm", action="append", default=[], metavar="KEY=VALUE", help=about)
    about = "runs at once (as many as cores have room for)"
    parser.add_argument("--jobs", type=int, metavar="N", help=about)
    about = (
        "times that a run is tried again without coming further, before it has failed (%(default)s)"
    )
    parser.add_argument("--retries", type=int, default=3, metavar="N", help=about)
    about = "seconds without a sign of life after which a run is started again (%(default)s)"
    parser.add_argument("--dead-after", type=float, default=60.0, metavar="S", help=about)
    about = "print what would be trained, and train nothing"
    parser.add_argument("--dry-run", action="store_true", help=about)
    about = "print what there is: best, median and worst of the seeds, and failures"
    parser.add_argument("--show", action="store_true", help=about)
    about = "say how many seeds of each setting come to a gap (where none is known, to bits) of at "
    about += "most this at the end, with a 95 %% interval; bits=M, wrong_rate=M: another cost"
    parser.add_argument("--goal", metavar="M", help=about)
    about = (
        "draw the curves of finished runs, the seeds of each setting as a band: .png, .svg, .pdf"
    )
    parser.add_argument("--plot", metavar="FILE", help=about)
    about = "let --plot draw the gaps against this setting instead"
    parser.add_argument("--against", metavar="KEY", help=about)
    about = "write the rows of all runs so far for TensorBoard; again to add what came since"
    parser.add_argument("--tensorboard", metavar="FOLDER", help=about)
    add_json(parser, "both tables as one JSON object")
    parser.add_argument("--csv", action="store_true", help="a line a run")
