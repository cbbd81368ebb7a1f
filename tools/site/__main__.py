"""Builds the documentation as a web site.

    python -m tools.site [FOLDER] [--links]

Pages are put together in build/site-pages and built into FOLDER (build/site). Every warning of
Sphinx is an error. --links asks every address instead, those of other sites too.
The environment variable NTMLAB_REPOSITORY says where files stand that pages link to, as in
https://github.com/OWNER/ntmlab/blob/main; without it they are named and not linked.
"""

import argparse
import os
from pathlib import Path

from sphinx.cmd.build import build_main

from tools.docs.__main__ import ROOT
from tools.site.pages import pages
from tools.site.stale import put, stamp, take

HERE = Path(__file__).parent
STAGE = ROOT / "build/site-pages"


def stage(folder: Path, texts: dict[str, str]) -> None:
    """Writes pages and pictures; a page that is as before is left, so that Sphinx skips it."""
    made = {name: text.encode() for name, text in texts.items()}
    made |= {path.name: path.read_bytes() for path in (ROOT / "docs").glob("*.png")}
    for old in [path for path in folder.rglob("*") if path.is_file()]:
        if str(old.relative_to(folder)) not in made:
            old.unlink()
    for name, content in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def main() -> int:
    """Sphinx's exit status."""
    parser = argparse.ArgumentParser(description="Builds the documentation as a web site.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build/site")
    parser.add_argument("--links", action="store_true", help="ask every address, build nothing")
    given = parser.parse_args()
    texts = pages(os.environ.get("NTMLAB_REPOSITORY"))
    stage(STAGE, texts)
    builder, out = (
        ("linkcheck", ROOT / "build/site-links") if given.links else ("html", given.folder)
    )
    now = stamp(texts, HERE)
    options = ["-W", "--keep-going", "-q", *take(out, now), "-b", builder, "-c", str(HERE)]
    status: int = build_main(
        [*options, "-d", str(ROOT / "build/site-doctrees"), str(STAGE), str(out)]
    )
    if status == 0:
        put(out, now)
    if status == 0 and not given.links:
        print(f"{out}/index.html: the site. Any file server shows it, as in")
        print(f"  python -m http.server --directory {out}")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
