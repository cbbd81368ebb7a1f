"""Pages: their Python runs as it is printed, their links lead somewhere, nothing is left out."""

import dataclasses
import importlib
import inspect
import re
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

from ntmlab.cli.parser import COMMANDS
from ntmlab.tasks import SOURCES, TASKS, make_task
from tests.house.test_snippets import alike
from tools.site import api

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md"))]
}
PYTHON = [name for name, text in PAGES.items() if "```python\n" in text]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PYTHON)
def test_python_blocks_run(page, tmp_path, monkeypatch, capsys):
    """As a reader types them: into the file that a block names, the rest in one session.

    A block of text below a block is what it prints.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    mpl.use("agg")
    blocks = re.findall(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", PAGES[page], re.DOTALL)
    assert blocks
    session = {"__name__": "__main__"}
    for block, said in blocks:
        if named := re.match(r"# (\w+)\.py\n", block):
            Path(f"{named[1]}.py").write_text(block)
            sys.modules.pop(named[1], None)  # of another page
            importlib.import_module(named[1])
        else:
            capsys.readouterr()
            exec(compile(block, page, "exec"), session)
            printed = capsys.readouterr().out
            assert not said or alike(printed.splitlines(), said.splitlines()), (block, printed)


def test_code_fits_the_column_of_the_site():
    """90 characters at the size that site.css gives code, within a class of the reference too.

    As many as a repository's page shows of the README without scrolling.
    """
    for page, text in PAGES.items():
        for block in FENCED.findall(text):
            assert [line for line in block.splitlines() if len(line) > 90] == [], page
    for name, text in api_docstrings():
        lines = [line.strip() for line in text.splitlines()]
        assert [x for x in lines if x.startswith((">>> ", "... ")) and len(x) > 90] == [], name


def api_docstrings():
    """What the Python reference shows of each name and of its methods."""
    for page in api.PAGES.values():
        for module, names in page.names.items():
            for name in names:
                thing = getattr(importlib.import_module(module), name)
                yield name, inspect.getdoc(thing) or ""
                for method, found in vars(thing).items() if inspect.isclass(thing) else ():
                    if not method.startswith("_"):
                        yield f"{name}.{method}", inspect.getdoc(found) or ""


def anchors(text):
    """The anchors of a page, as GitHub makes them of its headings."""
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = FENCED.sub("", PAGES[page])
    found = re.findall(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)", text)
    found += re.findall(r"^\[[^\]]+\]: (?!https?:)([^#\s]*)(#\S*)?$", text, re.MULTILINE)
    for target, anchor in found:
        path = ((ROOT / page).parent / target).resolve() if target else ROOT / page
        assert path.exists(), target
        assert not anchor or anchor[1:] in anchors(path.read_text()), (target, anchor)


def test_the_list_of_pages_has_every_page_once():
    listed = re.findall(r"\]\(([\w-]+\.md)\)", PAGES["docs/index.md"])
    assert sorted(["index.md", *listed]) == sorted(Path(x).name for x in PAGES if "docs/" in x)


def test_every_command_is_explained_and_in_the_order_of_its_help():
    explained = re.findall(r"^## ntmlab (.*)$", PAGES["docs/howto.md"], re.MULTILINE)
    assert explained == list(COMMANDS)


def test_the_readme_s_first_screen():
    """Picture, two commands, one table and a link to the live page, before anything else."""
    first = PAGES["README.md"].partition("\n## ")[0]
    assert PAGES["README.md"][len(first) :].startswith("\n## Use\n")
    assert len(first.splitlines()) <= 45
    assert (
        first.index("![")
        < first.index("```\n")
        < first.index("| --- |")
        < first.index("<!-- live -->")
    )
    assert len(first.split("```")[1].strip().splitlines()) == 2


def test_theory_names_functions_that_exist():
    import importlib

    text = (ROOT / "docs/theory.md").read_text()
    names = re.findall(r"\| `([a-z_]+(?:\.\w+)+)` \|", text)
    assert len(names) >= 9
    for name in names:
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(f"ntmlab.{module}"), attribute)


def test_theory_names_tests_that_there_are():
    found = re.findall(r"`([\w/]+\.py)::(\w+)`", PAGES["docs/theory.md"])
    assert len(found) >= 40
    for path, name in found:
        assert f"def {name}(" in (ROOT / "tests" / path).read_text(), (path, name)


def test_docs_hold_prose_and_pictures_only():
    assert {path.suffix for path in (ROOT / "docs").iterdir()} == {".md", ".png"}


def test_options_of_sources_are_in_the_docs():
    page = (ROOT / "docs/optimal.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| (`\w+=.*`) \|$", page, re.MULTILINE)
    assert [name for name, _ in rows] == [*SOURCES, "mixture"]
    for name, options in rows:
        given = dict(option.split("=", 1) for option in re.findall(r"`([^`]*)`", options))
        assert list(given) == [field.name for field in dataclasses.fields(TASKS[name])]
        said = make_task(f"{name}:" + ",".join(f"{k}={v}" for k, v in given.items()))
        assert said == make_task(name), name
