"""The page's files, and the page as one file that needs no server.

The scripts are plain ES modules that import each other by ``import { a } from "./b.js";`` only, so
that a few lines can put them into one script.
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
KINDS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".LICENSE": "text/plain",
}

# The page in one file may load nothing, from anywhere.
SAVED_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
DATA_MARK = "<!-- saved data -->"  # where the browser puts the saved view

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const|class) ([\w$]+))", re.MULTILINE)


@cache
def files() -> dict[str, tuple[bytes, str]]:
    """The static files by name: content and media type."""
    found = (path for path in sorted(FOLDER.rglob("*")) if path.is_file())
    return {
        path.relative_to(FOLDER).as_posix(): (path.read_bytes(), KINDS[path.suffix])
        for path in found
    }


@cache
def saved_page() -> str:
    """The page with all it needs inside it, and a mark where a saved view goes."""
    html = _text("index.html")
    html = re.sub(r'<link rel="icon"[^>]*>\n', "", html)
    html = re.sub(
        r'<link rel="stylesheet" href="static/([^"]*)">',
        lambda match: f"<style>{_text(match[1])}</style>",
        html,
    )
    html = html.replace('<script defer src="static/vendor/uPlot.iife.min.js"></script>', "")
    html = html.replace('<script type="module" src="static/main.js"></script>', "")
    policy = f'<meta http-equiv="Content-Security-Policy" content="{SAVED_POLICY}">'
    html = html.replace("<head>", f"<head>\n{policy}")
    scripts = (_text("vendor/uPlot.iife.min.js"), f'"use strict";\n{one_script("main")}')
    inline = "".join(f"<script>{_inert(script)}</script>\n" for script in scripts)
    return html.replace("</body>", f"{DATA_MARK}\n{inline}</body>")


def one_script(entry: str) -> str:
    """A module and all that it imports, as one script in which each module is a closed scope."""
    return "\n".join(_closed(name) for name in module_order(entry))


def module_order(entry: str) -> list[str]:
    """The modules that one needs, each after those it imports, itself last."""
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"modules import each other: {' -> '.join([*above, name])}")
        for _, imported in _IMPORT.findall(_text(f"{name}.js")):
            visit(imported, (*above, name))
        if name not in order:
            order.append(name)

    visit(entry, ())
    return order


def _closed(name: str) -> str:
    """A module as a constant that holds its exports."""
    text = _text(f"{name}.js")
    exports = ", ".join(exported for _, exported in _EXPORT.findall(text))
    body = _IMPORT.sub(r"const {\1} = module_\2;\n", text)
    body = _EXPORT.sub(r"\1", body)
    return f"const module_{name} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();"


def _inert(script: str) -> str:
    """A script that cannot end its element early."""
    return re.sub(r"</(?=script)", r"<\\/", script, flags=re.IGNORECASE)


def _text(name: str) -> str:
    return files()[name][0].decode()
