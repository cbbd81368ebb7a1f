"""Hostile command lines, files and requests, and whether anything answers them wrongly.

    python -m tools.fuzz [commands contents files requests] [--tries 100000] [--seed 0] [--out FILE]

commands: `ntmlab` with options of its own parser and values that are mutated, too large, of another
kind or no text at all. Wrong is a traceback, more than a line of error, an exit status that is not
0, 1 or 2, a command that does not end within 10 seconds of Ctrl-C (more under load), and a half
written file. What computes for longer than a tenth of a second is ended by Ctrl-C, one in ten after
a second, one in a thousand after ten.
contents: as commands, of right command lines that read files: letters of any kind, packed, their
codes, models of sources, cards, weights, recipes. These are made as they should be and then
broken: in their bytes, or in what they say, with digests and checksums that fit again.
files: weights and checkpoints with one bit flipped. Wrong is one that loads.
requests: to the page's server, mutated in path, headers and body. Wrong is a status beyond those
that it gives, an error that is no JSON, a server that has ended or says a traceback.

Prints tries and what was wrong as one JSON object, which FILE holds meanwhile; ends with 1 if
anything was.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from tools.found import tell
from tools.fuzzing.commands import fuzz_commands
from tools.fuzzing.contents import fuzz_contents
from tools.fuzzing.files import fuzz_files
from tools.fuzzing.requests import fuzz_requests
from tools.fuzzing.tried import Tried

KINDS: dict[str, Callable[[Tried, Path], None]] = {
    "commands": fuzz_commands,
    "contents": fuzz_contents,
    "files": fuzz_files,
    "requests": fuzz_requests,
}


def main() -> int:
    """Runs a campaign."""
    parser = argparse.ArgumentParser(description="hostile command lines, files and requests")
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], help="(all)")
    parser.add_argument("--tries", type=int, default=100_000, help="of each kind")
    parser.add_argument("--minutes", type=float, default=600.0, help="at most, of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="write the JSON object there too")
    arguments = parser.parse_args()
    found: dict[str, object] = {"date": date.today().isoformat()}
    wrong, home = 0, Path.cwd()
    out = arguments.out and arguments.out.absolute()
    for kind in arguments.kinds or KINDS:
        folder, began = Path(tempfile.mkdtemp(prefix="ntmlab-fuzz-")), time.monotonic()

        def note(tried: Tried, kind: str = kind, began: float = began) -> None:
            found[kind] = {
                "command": f"python -m tools.fuzz {kind} --seed {arguments.seed}",
                "tries": tried.made,
                "answers": dict(sorted(tried.answers.items())),
                **tried.about,
                "wrong": tried.wrong,
                "seconds": round(time.monotonic() - began),
            }
            tell(found, out)

        tried = Tried(arguments.seed, arguments.tries, began + 60 * arguments.minutes, note)
        try:
            KINDS[kind](tried, folder)
        finally:
            os.chdir(home)
            shutil.rmtree(folder, ignore_errors=True)
        note(tried)
        wrong += len(tried.wrong)
    print(tell(found, out))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
