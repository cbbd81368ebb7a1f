"""The folders of the package import only from those before them."""

import ast
import graphlib
import re
from pathlib import Path

import pytest

import ntmlab
from ntmlab.tasks import TASKS

PACKAGE = Path(ntmlab.__file__).parent
LAYERS = [
    "errors",
    "given",
    "extras",
    "native",
    "names",
    "files",
    "console",
    "records",
    "notebook",
    "foreign",
    "registered",
    "trusted",
    "specifications",
    "letters",
    "outputs",
    "sequences",
    "optimal",
    "tasks",
    "kernels",
    "models",
    "recipes",
    "runs",
    "weights",
    "transformers",
    "evaluation",
    "streams",
    "training",
    "sweeps",
    "figures",
    "studies",
    "bench",
    "explore",
    "cli",
]
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)


def imported(path, folder="ntmlab"):
    """What a file imports from a folder, wherever in the file: names of its files and folders."""
    within = folder.split(".")
    for node in ast.walk(ast.parse(path.read_text())):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            parts = name.split(".")
            if parts[: len(within)] == within and len(parts) > len(within):
                yield parts[len(within)]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_come_from_above(path):
    own = path.relative_to(PACKAGE).parts[0]
    allowed = LAYERS[: LAYERS.index(own) + 1]
    assert set(imported(path)) <= set(allowed)


def test_every_folder_has_its_place():
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in FILES}
    assert folders <= set(LAYERS)


MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}


def loaded_by(name):
    """The modules that a module's import loads, with the folders they are in, but for its own."""
    for node in ast.parse(MODULES[name].read_text()).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ntmlab"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                parts = (inner if inner in MODULES else node.module).split(".")
                above = {".".join(parts[:n]) for n in range(1, len(parts) + 1)}
                yield from (one for one in above if not f"{name}.".startswith(f"{one}."))


def test_no_module_needs_itself_to_be_imported():
    """Whichever of them a program imports first."""
    graphlib.TopologicalSorter({name: set(loaded_by(name)) for name in MODULES}).prepare()


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_stay_short(path):
    assert len(path.read_text().splitlines()) <= 300


STUDIES = sorted((PACKAGE / "studies").glob("*/*.py"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_study_imports_another(path):
    """But `paper`, which puts them together."""
    own = path.parent.name
    others = {other.parent.name for other in STUDIES} - {own}
    assert own == "paper" or not others & set(imported(path, "ntmlab.studies"))


def test_the_readme_s_tree_has_every_folder_in_this_order():
    tree = (PACKAGE.parents[1] / "README.md").read_text().partition("src/ntmlab/\n")[2]
    named = [line.split("/")[0].strip() for line in tree.partition("tests/")[0].splitlines()]
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in FILES}
    assert [name for name in named if name in folders] == [x for x in LAYERS if x in folders]


OWN = ("tasks", "studies/sorting", "studies/memory/boxes.py", "studies/paper")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_general_code_knows_no_task_by_its_class(path):
    """But tasks, and studies of one task."""
    if not str(path.relative_to(PACKAGE)).startswith(OWN):
        words = set(re.findall(r"\w+", path.read_text()))
        assert not words & {task.__name__ for task in TASKS.values()}
