"""Where the README sends those who want to click: to the published page, once there is one."""

import tomllib
from pathlib import Path

NAME = "Documentation"  # of the addresses under [project.urls] in pyproject.toml


def published(pyproject: Path) -> str | None:
    """The address of the published site, with a / at its end; None while there is none."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    address = project.get("urls", {}).get(NAME)
    return None if address is None else f"{address.rstrip('/')}/"


def live(address: str | None) -> str:
    """The README's sentence about the explorer."""
    if address is None:
        return (
            "**Click through it in the browser**: `ntmlab explore`. `ntmlab explore --static page` "
            "writes the same page\nfor any web host; these pages' site has it inside, but is not "
            "published yet."
        )
    return f"**[Click through it in the browser]({address}explore/)**; [these pages]({address})."
