"""Configuration of Sphinx for `make site`; see tools/site/__main__.py."""

import re
from pathlib import Path
from typing import Any

from docutils import nodes

import ntmlab
from tools.site.counts import on_the_search_page, write_counts
from tools.site.written import fields, signature

project = "ntmlab"
author = "the ntmlab authors"
release = ntmlab.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "index"
nitpicky = False
default_role = "py:obj"  # single backticks in docstrings name what is documented elsewhere
highlight_language = "none"

myst_heading_anchors = 4  # the anchors that GitHub gives

autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
autoclass_content = "class"
python_display_short_literal_types = True
python_maximum_signature_line_length = 90
add_module_names = False

_FIGURE = r"[−-]?\d[\d.,]*(?:e[−-]?\d+)?"
NUMBER = re.compile(rf"({_FIGURE}(?: ± {_FIGURE})?(?: %)?)")

SHORT = 16  # characters

html_theme = "furo"
html_title = "ntmlab"
html_favicon = str(Path(ntmlab.__file__).parent / "explore/static/icon.svg")
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_show_copyright = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": False}
copybutton_prompt_text = r"^\$ |^>>> |^\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = False


def as_written(app: Any, what: str, name: str, thing: Any, options: Any, *given: Any) -> Any:
    """A signature as the source has it, not as Python resolved its annotations."""
    return signature(thing) if what in {"function", "method", "class", "exception"} else None


def with_fields(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """A record's fields under its docstring, with the shapes and units that their comments say."""
    found = fields(thing) if what == "class" else []
    if any(field.comment for field in found):
        lines += ["", ".. rubric:: Fields", ""]
        lines += [f"* ``{field.argument()}``  {field.comment}" for field in found]
        lines.append("")


def without_fields(
    app: Any, what: str, name: str, thing: Any, skip: bool, options: Any
) -> bool | None:
    """Leaves the fields of tuples out, which say no more than that they are fields."""
    return True if type(thing).__name__ == "_tuplegetter" else None


def whole_numbers(app: Any, tree: nodes.document) -> None:
    """Keeps a number in a table on one line: with its error, its exponent and its percent.

    A short name in code, too; long ones, as of tests, break rather than push the rest aside.
    """
    for cell in tree.findall(nodes.entry):
        for code in cell.findall(nodes.literal):
            code["classes"] += ["number"] if len(code.astext()) <= SHORT else []
        for text in list(cell.findall(nodes.Text)):
            parts = NUMBER.split(text)
            if len(parts) > 1 and not isinstance(text.parent, nodes.literal):
                pieces = [nodes.Text(part) for part in parts]
                pieces[1::2] = [nodes.inline("", part, classes=["number"]) for part in parts[1::2]]
                text.parent.replace(text, pieces)


def setup(app: Any) -> None:
    """Connects what is above."""
    app.connect("autodoc-process-signature", as_written)
    app.connect("autodoc-process-docstring", with_fields)
    app.connect("autodoc-skip-member", without_fields)
    app.connect("doctree-read", whole_numbers)
    app.connect("html-page-context", on_the_search_page)
    app.connect("build-finished", write_counts)
