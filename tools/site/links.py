"""Links of pages that are read on GitHub, as they lead on the site."""

import re
from pathlib import Path, PurePosixPath

# Pages that stand under another name on the site than in the repository.
RENAMED = {
    "README.md": "index.md",
    "docs/howto.md": "commands/index.md",
    "src/ntmlab/__init__.py": "api/index.rst",
    "docs/index.md": "index.md",
    "docs/help.md": "commands/index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
}
_LINK = re.compile(r"(!?)\[((?:[^\]\[]|\[[^\]]*\])*)\]\(([^)\s#]*)(#[^)\s]*)?\)")
_DEFINITION = re.compile(r"^\[([^\]]+)\]: (\S+)$", re.MULTILINE)
_BARE = re.compile(r"(?<![\w/(\[`.])(?:docs/[\w-]+|CONTRIBUTING|CHANGELOG)\.md")
_FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def rewritten(text: str, home: str, repository: str | None) -> str:
    """A page's text with its links as they lead on the site.

    ``home`` is the page's path in the repository. Links to what is no part of the site go to
    ``repository``, an address of files such as ``https://github.com/OWNER/NAME/blob/main``; where
    that is not known their text stays without a link. Pages that are named without a link get one.
    Code is left as it is.
    """

    def moved(found: re.Match[str]) -> str:
        picture, shown, target, anchor = found.groups()
        place = on_site(target, home)
        if place is None and target and ":" not in target:
            if repository is None:
                return shown
            place = f"{repository}/{inside(target, home)}"
        return f"{picture}[{shown}]({place or target}{anchor or ''})"

    def named(found: re.Match[str]) -> str:
        place = on_site("/" + found[0], home)
        return f"[{found[0]}]({place})" if place else found[0]

    parts = _FENCED.split(_inlined(text))  # prose, code, prose, ...
    parts[::2] = [_BARE.sub(named, _LINK.sub(moved, prose)) for prose in parts[::2]]
    return "".join(parts)


def inside(target: str, home: str) -> str:
    """A relative link's target as a path in the repository; one that begins with / is one."""
    if target.startswith("/"):
        return target[1:]
    steps: list[str] = []
    for step in (PurePosixPath(home).parent / target).parts:
        steps = steps[:-1] if step == ".." else [*steps, step]
    return "/".join(steps)


def on_site(target: str, home: str) -> str | None:
    """Where a link of a page in the repository leads, from the site's root; None if elsewhere."""
    if not target or ":" in target:
        return None
    path = inside(target, home)
    if path in RENAMED:
        return "/" + RENAMED[path]
    page = Path(path)
    return f"/{page.name}" if path.startswith("docs/") and page.suffix in {".md", ".png"} else None


def _inlined(text: str) -> str:
    """Links by reference, written out; their definitions are gone."""
    targets = dict(_DEFINITION.findall(text))
    text = _DEFINITION.sub("", text)
    for name, target in targets.items():
        text = text.replace(f"][{name}]", f"]({target})")
    return text
