"""When a site must be built as a whole: what stands on every page of it has changed.

Sphinx writes pages anew whose own text has changed. The list of all pages at their side it does not
look at, nor at what these programs do to each page, and a page that is no more it leaves.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

STAMP: Final = ".pages.json"  # in the site's folder
WHOLE: Final = ["-E", "-a"]  # read and write every page
_TREE: Final = re.compile(r"^```\{toctree\}.*?^```$|^# .*?$", re.MULTILINE | re.DOTALL)


def stamp(pages: Mapping[str, str], programs: Path) -> dict[str, Any]:
    """What every page shows: all pages, their titles and order, what the programs make of them."""
    digest = hashlib.sha256()
    for name, text in sorted(pages.items()):
        digest.update(json.dumps([name, _TREE.findall(text)]).encode())
    for path in sorted(programs.rglob("*.py")):
        digest.update(path.read_bytes())
    return {"pages": sorted(pages), "digest": digest.hexdigest()}


def take(folder: Path, now: dict[str, Any]) -> list[str]:
    """Options of Sphinx for a build into a folder; removes pages there that are no more.

    The folder has no stamp until `put` is called, so that after a build which failed the next
    one is of every page.
    """
    path = folder / STAMP
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return WHOLE
    path.unlink()
    for name in sorted({*before["pages"]} - {*now["pages"]}):
        (folder / name).with_suffix(".html").unlink(missing_ok=True)
    return [] if before == now else WHOLE


def put(folder: Path, now: dict[str, Any]) -> None:
    """Says in a folder of what the site there was built."""
    (folder / STAMP).write_text(json.dumps(now), encoding="utf-8")
