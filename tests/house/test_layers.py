"""The folders of the package import only from those before them."""

import ast
from pathlib import Path

import pytest

import ntmlab

PACKAGE = Path(ntmlab.__file__).parent
LAYERS = [
    "errors",
    "files",
    "sequences",
    "optimal",
    "tasks",
    "kernels",
    "models",
    "weights",
    "evaluation",
    "training",
    "bench",
    "figures",
    "explore",
    "cli",
]
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)


def imported(path):
    """Layers that a file imports from, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            parts = name.split(".")
            if parts[0] == "ntmlab" and len(parts) > 1:
                yield parts[1]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_come_from_above(path):
    own = path.relative_to(PACKAGE).parts[0]
    allowed = LAYERS[: LAYERS.index(own) + 1]
    assert set(imported(path)) <= set(allowed)


def test_every_folder_has_its_place():
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in FILES}
    assert folders <= set(LAYERS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_stay_short(path):
    assert len(path.read_text().splitlines()) <= 300
