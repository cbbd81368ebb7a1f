"""What `ntmlab check` finds in public packages of sequence models: writes docs/packages.md.

    python -m tools.packages [NAME ...]

Installs each pinned release in a folder of its own under build/packages, what several of them
import beside it, and checks it in a process of its own on dynamic N-grams. With names, only those
are run and printed, and the page is left alone. Takes some minutes and needs the package index, so
it is no part of `make docs`.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ntmlab.console import never_fail
from tools.guests import COMMON, GUESTS, Guest, made

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "packages"
PAGE = ROOT / "docs" / "packages.md"
TASK = "dynamic-ngrams"
LONGEST_S = 900  # of one package's checks

HEAD = """# Public packages, checked

What `ntmlab check` says of other people's models of sequences: small, with weights as they are
drawn at the start (seed 0), float32, on a CPU, on dynamic N-grams. A model is fed a start symbol
and the bits so far, and gives logits of the next. `python -m tools.packages` installs the pinned
releases, checks them, and writes this page; `tools/guests.py` has how each model is made, some
five lines a package. Made {date} with Python {python} and PyTorch {torch}.

A check that fails says something about the model *used so*: at these lengths, in this mode, carried
on in this way. What is trained grows larger weights, and a leak grows with them. Where fewer than
12 checks are counted, the others were skipped: that of the state for models that are used by whole
passes, which says nothing of what they do with a state of their own.

| package | what | fails | which checks |
|---|---|---|---|
"""


def main(names: Sequence[str]) -> int:
    """Checks the packages, all unless named."""
    never_fail(sys.stdout, sys.stderr)
    chosen = [guest for guest in GUESTS if not names or guest.package in names]
    install("common", COMMON)
    found = {}
    for guest in chosen:
        install(guest.package, [f"{guest.package}=={guest.version}"])
        found[guest.name] = checked(guest)
        print(row(guest, found[guest.name]), flush=True)
    if not names:
        PAGE.write_text(page(found), encoding="utf-8")
        print(PAGE.relative_to(ROOT))
    return 0


def install(name: str, pins: Sequence[str]) -> None:
    """Puts releases into a folder of their own, where they are not there yet."""
    place = FOLDER / name
    if place.exists():
        return
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*command, str(place), *pins], check=True)


def checked(guest: Guest) -> list[dict[str, Any]]:
    """What the checks found, in a process that sees this package and no other."""
    path = os.pathsep.join(map(str, [FOLDER / guest.package, FOLDER / "common"]))
    command = [sys.executable, "-m", "tools.packages", "--within", guest.name]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return [{"name": "made", "passed": False, "message": last}]
    checks: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return checks


def within(name: str) -> int:
    """Prints the checks of one package, as JSON."""
    from ntmlab import check_predictor

    (guest,) = (guest for guest in GUESTS if guest.name == name)
    checks = check_predictor(made(guest), TASK)
    print(json.dumps([check.to_json() for check in checks]))
    return 0


def page(found: dict[str, list[dict[str, Any]]]) -> str:
    """The page: a row a model, then what each failure said."""
    head = HEAD.format(
        date=date.today().isoformat(), python=sys.version.split()[0], torch=version("torch")
    )
    rows = "\n".join(row(guest, found[guest.name]) for guest in GUESTS)
    parts = [section(guest, found[guest.name]) for guest in GUESTS]
    return f"{head}{rows}\n\n## What the failures say\n\n{''.join(parts)}".rstrip() + "\n"


def row(guest: Guest, checks: list[dict[str, Any]]) -> str:
    """A model's line of the table."""
    failed = [check["name"] for check in checks if check["passed"] is False]
    tried = sum(check["passed"] is not None for check in checks)
    cells = [f"{guest.package} {guest.version}", guest.what, f"{len(failed)} of {tried}"]
    return f"| {' | '.join([*cells, ', '.join(failed)])} |"


def section(guest: Guest, checks: list[dict[str, Any]]) -> str:
    """What its failures said; nothing where there are none."""
    failed = [check for check in checks if check["passed"] is False]
    lines = [f"- **{check['name']}**: {check['message']}" for check in failed]
    return f"**{guest.name}**\n\n" + "\n".join(lines) + "\n\n" if lines else ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="checks public packages of sequence models")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--within", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sys.exit(within(given.within) if given.within else main(given.names))
