"""The pages of the site: those of docs/, and what is made of the parser and of the code."""

import re

from ntmlab.cli.parser import COMMANDS
from tools.docs.__main__ import ROOT, help_pages
from tools.page import state
from tools.site import api
from tools.site.links import rewritten

EXPLORER = "<!-- explorer -->"
FRAME = """```{raw} html
<p class="explorer"><a href="explore/index.html">The explorer on a page of its own</a></p>
<iframe class="explorer" src="explore/index.html#{state}" loading="lazy"
  title="The explorer: click a bit, and every prediction follows"></iframe>
```"""
LIVE = re.compile(r"<!-- live -->.*?<!-- end of live -->", re.DOTALL)
HERE = (
    "**[Click through it in the browser](/figure.md)**: flip a bit, and every prediction follows."
)
_ENTRY = re.compile(r"^- \[([^\]]+)\]\((/[^)]+)\.(?:md|rst)\)", re.MULTILINE)
_TITLE = re.compile(r"^# .*\n", re.MULTILINE)


def pages(repository: str | None) -> dict[str, str]:
    """Every page's text by its name on the site; `links.rewritten` says what ``repository`` is."""

    def read(path: str) -> str:
        return rewritten((ROOT / path).read_text(encoding="utf-8"), path, repository)

    own = {path.name: read(f"docs/{path.name}") for path in sorted((ROOT / "docs").glob("*.md"))}
    contents, howto = own.pop("index.md"), own.pop("howto.md")
    del own["help.md"]
    own["figure.md"] = own["figure.md"].replace(EXPLORER, FRAME.replace("{state}", state()))
    own["index.md"] = front(read("README.md"), contents)
    own["changelog.md"] = read("CHANGELOG.md")
    own["contributing.md"] = read("CONTRIBUTING.md")
    return own | commands(howto, help_pages()) | api.pages()


def front(readme: str, contents: str) -> str:
    """The first page: what the README shows first, then what there is to read."""
    first = LIVE.sub(HERE, readme.partition("\n## ")[0])
    listed = _TITLE.sub("", contents, count=1)
    trees = [toctree(caption, part) for caption, part in sections(contents).items()]
    return "\n".join([first, listed, *trees])


def sections(text: str) -> dict[str, str]:
    """The parts of a page under its second headings."""
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def toctree(caption: str, part: str) -> str:
    """The entry in the site's contents of a list of pages."""
    entries = "\n".join(f"{title} <{page}>" for title, page in _ENTRY.findall(part))
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{entries}\n```\n"


def commands(howto: str, options: str) -> dict[str, str]:
    """A page for each command: how it is used, and all its options."""
    used, helped = sections(howto), sections(options)
    made = {}
    for name in COMMANDS:
        head = f"# ntmlab {name}\n"
        made[f"commands/{name}.md"] = "\n".join(
            [head, used[f"ntmlab {name}"], "## All options\n", helped[f"ntmlab {name}"]]
        )
    listed = "\n".join(f"- [ntmlab {n}](/commands/{n}.md): {COMMANDS[n][1]}" for n in COMMANDS)
    tree = "```{toctree}\n:hidden:\n\n" + "\n".join(COMMANDS) + "\n```\n"
    first = howto.partition("\n## ")[0]
    made["commands/index.md"] = "\n".join([first, "## Every command\n", listed, "", tree])
    return made
