"""Writes the parts of the documentation that follow from the code; --check says if any is stale.

docs/help.md            what every command prints for --help
README.md               the table of shipped models, from their cards
docs/parameters.md      parameter counts beside the paper's
"""

import os
import re
import sys
from pathlib import Path

from ntmlab.cli.parser import make_parser
from ntmlab.evaluation.compare import with_error
from ntmlab.models.paper import parameter_counts
from ntmlab.weights import ALIASES, read_card, shipped

ROOT = Path(__file__).parent.parent


def help_pages() -> str:
    """The help of the program and of each command."""
    os.environ["COLUMNS"] = "90"  # argparse wraps to the terminal
    parser = make_parser()
    commands = next(a.choices for a in parser._actions if isinstance(a.choices, dict))
    pages = [parser, *commands.values()]
    parts = [f"## {page.prog}\n\n```\n{page.format_help()}```\n" for page in pages]
    return "# Command line\n\n" + "\n".join(parts)


def results_table() -> str:
    """The shipped models with the scores their cards record."""
    names = {full: alias for alias, full in ALIASES.items()}
    lines = [
        "| model | trained on | seed | bits | gap, paired | gap, Σ KL |",
        "|---|---|---|---|---|---|",
    ]
    for name, path in shipped().items():
        card = read_card(path)
        score = card["score"]
        cells = [with_error(score[k], score[f"{k}_se"]) for k in ("bits", "gap", "kl")]
        head = [f"`{names.get(name, name)}`", f"{card['sequences']:,} sequences", str(card["seed"])]
        lines.append("| " + " | ".join(head + cells) + " |")
    return "\n".join(lines)


def parameters() -> str:
    """Tables 1 to 3."""
    lines = ["# Parameter counts", "", "| task | model | here | paper |", "|---|---|---|---|"]
    lines += [f"| {r.task} | {r.model} | {r.ours:,} | {r.paper:,} |" for r in parameter_counts()]
    return "\n".join(lines) + "\n"


def readme() -> str:
    """The README with its table renewed."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.compile(r"(<!-- results -->\n).*?(\n<!-- end of results -->)", re.DOTALL)
    if not block.search(text):
        raise SystemExit("README.md has no <!-- results --> block")
    return block.sub(lambda m: m[1] + results_table() + m[2], text)


def main() -> int:
    """Writes or checks every generated file."""
    made = {
        ROOT / "docs/help.md": help_pages(),
        ROOT / "docs/parameters.md": parameters(),
        ROOT / "README.md": readme(),
    }
    stale = [p for p, text in made.items() if not p.exists() or p.read_text("utf-8") != text]
    for path in stale:
        if "--check" not in sys.argv:
            path.write_text(made[path], encoding="utf-8")
        state = "stale; run make docs" if "--check" in sys.argv else "written"
        print(f"{path.relative_to(ROOT)}: {state}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
