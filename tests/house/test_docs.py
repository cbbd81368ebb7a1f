"""README and tutorial run as they are printed."""

import dataclasses
import re
from pathlib import Path

import matplotlib as mpl
import pytest

from ntmlab.tasks import SOURCES, TASKS, make_task

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md",
    "docs/tutorial.md",
    "docs/own-source.md",
    "docs/own-model.md",
    "docs/layer.md",
    "docs/optimal.md",
]
PROSE = [
    "docs/own-data.md",
    "docs/packages.md",
    "CONTRIBUTING.md",
    "docs/theory.md",
    "docs/tasks.md",
    "docs/ngrams.md",
]


@pytest.mark.parametrize("page", PAGES)
def test_python_blocks_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mpl.use("agg")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    assert blocks
    exec(compile("\n".join(blocks), page, "exec"), {})


@pytest.mark.parametrize("page", [*PAGES, *PROSE])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_theory_names_functions_that_exist():
    import importlib

    text = (ROOT / "docs/theory.md").read_text()
    names = re.findall(r"\| `([\w.]+)` \|", text)
    assert len(names) >= 9
    for name in names:
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(f"ntmlab.{module}"), attribute)


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
