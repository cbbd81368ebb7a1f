"""Writes the parts of the documentation that follow from the code; --check says if any is stale.

docs/help.md            what every command prints for --help
README.md               the small table of results and how many NTMs are ahead, from results/;
                        where the site is published
docs/results.md         the large ones, and the same sentence
docs/tasks.md           the claims of each task, answered from results/
docs/parameters.md      parameter counts beside the paper's
docs/ngrams.md          the tables of the study, from results/study/, and the same sentence
docs/trials.md          single changes to recipes, from results/trials/
docs/seeds.md           success rates, from results/
docs/gpu.md             speed on GPUs, from benchmarks/results/
docs/benchmarks.md      speed on cores, from benchmarks/results/
docs/trust.md           what campaigns came to, from benchmarks/results/
docs/runs.md            the points at which a run can be killed
docs/sweeps.md          those of a sweep
docs/*.png              pictures, from results/ and the shipped weights
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from ntmlab.cli.parser import make_parser
from ntmlab.models.paper import parameter_counts
from tools.docs.ahead import ahead
from tools.docs.live import live, published
from tools.docs.ngrams import as_the_paper, read_study, study_blocks
from tools.docs.pictures import pictures, png, same
from tools.docs.runs import points_table, sweep_points_table
from tools.docs.seeds import places_table, rates_table
from tools.docs.speed import cpu_tables, gpu_tables
from tools.docs.tables import answers_table, best_table, own_table, results_table
from tools.docs.tasks import claims_page
from tools.docs.trials import trials_page
from tools.docs.trust import campaigns_table, latest_draw

ROOT = Path(__file__).parents[2]


def help_pages() -> str:
    """The help of the program and of each command."""
    os.environ["COLUMNS"] = "90"  # argparse wraps to the terminal
    parser = make_parser()
    commands = next(a.choices for a in parser._actions if isinstance(a.choices, dict))
    pages = [parser, *commands.values()]
    parts = [f"## {page.prog}\n\n```\n{page.format_help()}```\n" for page in pages]
    return "# Command line\n\n" + "\n".join(parts)


def parameters() -> str:
    """Tables 1 to 3."""
    lines = ["# Parameter counts", "", "| task | model | here | paper |", "|---|---|---|---|"]
    lines += [f"| {r.task} | {r.model} | {r.ours:,} | {r.paper:,} |" for r in parameter_counts()]
    return "\n".join(lines) + "\n"


def filled(path: Path, tables: dict[str, str]) -> str:
    """A page with its generated parts renewed."""
    text = path.read_text(encoding="utf-8")
    for name, table in tables.items():
        block = rf"(?<=<!-- {name} -->\n).*?(?=<!-- end of {name} -->)"
        found = re.search(block, text, re.DOTALL)
        if not found:
            raise SystemExit(f"{path.name} has no <!-- {name} --> block")
        text = f"{text[: found.start()]}{table}\n{text[found.end() :]}"
    return text


def pages() -> dict[Path, bytes]:
    """Every generated page."""
    closer = {"ahead": ahead()}
    study = study_blocks(read_study(ROOT / "results/study")) | {"as the paper": as_the_paper()}
    measured = ROOT / "benchmarks/results"
    campaigns = {"campaigns": campaigns_table(measured), "draw": latest_draw(measured)}
    scores = {"results": results_table(), "answers": answers_table()}
    first = {"best": best_table(), "live": live(published(ROOT / "pyproject.toml"))}
    made = {
        "docs/help.md": help_pages(),
        "docs/parameters.md": parameters(),
        "docs/tasks.md": claims_page(),
        "docs/trials.md": trials_page(ROOT / "results/trials"),
        "README.md": filled(ROOT / "README.md", first | closer),
        "docs/results.md": filled(ROOT / "docs/results.md", scores | closer),
        "docs/own-source.md": filled(ROOT / "docs/own-source.md", {"own": own_table()}),
        "docs/seeds.md": filled(
            ROOT / "docs/seeds.md", {"rates": rates_table(), "places": places_table()}
        ),
        "docs/gpu.md": filled(ROOT / "docs/gpu.md", {"speed": gpu_tables(measured)}),
        "docs/benchmarks.md": filled(ROOT / "docs/benchmarks.md", {"cpu": cpu_tables(measured)}),
        "docs/runs.md": filled(ROOT / "docs/runs.md", {"points": points_table()}),
        "docs/sweeps.md": filled(ROOT / "docs/sweeps.md", {"points": sweep_points_table()}),
        "docs/ngrams.md": filled(ROOT / "docs/ngrams.md", study | closer),
        "docs/trust.md": filled(ROOT / "docs/trust.md", campaigns),
    }
    return {ROOT / name: text.encode() for name, text in made.items()}


def stale() -> Iterator[tuple[Path, bytes]]:
    """Pages and pictures that are not what they would be today, and what they would be."""
    for path, text in pages().items():
        if not path.exists() or path.read_bytes() != text:
            yield path, text
    for name, draw in pictures(read_study(ROOT / "results/study")).items():
        path, picture = ROOT / "docs" / name, png(draw())
        if not path.exists() or not same(path.read_bytes(), picture):
            yield path, picture


def main() -> int:
    """Writes or checks every generated file."""
    style = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("tools.docs", description=__doc__, formatter_class=style)
    parser.add_argument("--check", action="store_true", help="say what is stale, write nothing")
    check, found = parser.parse_args().check, False
    for path, content in stale():
        found = True
        if not check:
            path.write_bytes(content)
        print(f"{path.relative_to(ROOT)}: {'stale; run make docs' if check else 'written'}")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
