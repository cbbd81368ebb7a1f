"""Operators swapped at places that a seed draws, so that the list is not only what came to mind.

In files that give numbers (``TESTS`` has them): < and <=, > and >=, == and !=, + and -, * and /,
`and` and `or`, a `not` that is dropped, and whole numbers below 10 one more or less. Words of
errors stay as they are, and so does what only a GPU runs.

Not drawn is what a rule says to be without effect: a size of -1, for which NumPy and PyTorch take
any negative one, and whether a limit that is a real number belongs to what it divides, which is
asked of two numbers equal to the last bit (constants that other modules of the package write out
among them), and whose line a remark names. Nothing else is left out.
"""

import ast
import hashlib
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tools.mutations.mutant import Mutant

TESTS: Final = {
    "optimal": (
        "tests/optimal",
        *(f"tests/tasks/test_{name}.py" for name in ("hmm", "contract", "answers")),
    ),
    "evaluation/adapters": ("tests/evaluation/adapters",),
    "evaluation/checks": (
        *("tests/evaluation/checks", "tests/cli/test_check.py"),
        "tests/evaluation/adapters/test_others.py",
    ),
    "evaluation": (
        *(f"tests/evaluation/test_{name}.py" for name in ("again", "beside", "compare", "doubts")),
        *(f"tests/evaluation/test_{name}.py" for name in ("prefix", "ratios", "scored", "showing")),
        *("tests/evaluation/test_wrong.py", "tests/evaluation/test_undeserved.py"),
        "tests/cli/test_cli.py",
    ),
    "training": (
        "tests/training/test_loop.py",
        "tests/training/test_nothing_lost.py",
        "tests/training/test_optimizer.py",
        "tests/training/test_device_step.py",
        "tests/training/test_together.py",
        "tests/training/test_own_models.py",
    ),
    "tasks": (
        "tests/tasks",
        "tests/test_given.py",
        "tests/optimal/test_filters.py",
        "tests/recipes",
    ),
    "models": ("tests/models", "tests/test_given.py", "tests/training/test_loop.py"),
    "kernels": (
        *(f"tests/kernels/test_{name}.py" for name in ("autograd", "backend", "extremes")),
        *(f"tests/kernels/test_{name}.py" for name in ("ntm_scan", "ntm_seeds", "lstm_scan")),
        *(f"tests/kernels/test_lstm_{name}.py" for name in ("layered", "cudnn")),
        *(f"tests/models/test_{name}.py" for name in ("network", "compiled", "citizen", "ntm")),
        "tests/models/test_lstm.py",
    ),
    "given.py": ("tests/optimal/test_refused.py", "tests/tasks", "tests/recipes", "tests/runs"),
    "specifications.py": ("tests/recipes", "tests/tasks", "tests/cli/test_cli.py"),
    "records.py": (
        "tests/test_files.py",
        "tests/training/test_nothing_lost.py",
        "tests/runs",
        "tests/training/test_loop.py",
    ),
    "outputs.py": ("tests/test_outputs.py", "tests/evaluation/test_scored.py", "tests/tasks"),
    "sequences.py": ("tests/test_sequences.py", "tests/tasks", "tests/evaluation/test_scored.py"),
}
# Beside those of their own folders, of what is drawn only where it is named.
BESIDE: Final = {
    "cli": ("tests/sweeps/test_driver.py", "tests/sweeps/test_study.py", "tests/studies/table"),
    "runs": ("tests/training/test_loop.py", "tests/training/test_nothing_lost.py"),
    "streams": tuple(f"tests/cli/test_{name}.py" for name in ("own_data", "code_files", "code")),
    **dict.fromkeys(("figures", "studies"), ("tests/house/test_pictures.py",)),
}
ON_GPU: Final = ("gpu", "cuda")
_NOT_HERE: Final = re.compile("_gpu$|_browser")  # tests that need a GPU, or a page
COMPARISONS: Final = {"Lt": "<=", "LtE": "<", "Gt": ">=", "GtE": ">", "Eq": "!=", "NotEq": "=="}
SWAPPED: Final = {"Add": "-", "Sub": "+", "Mult": "/", "Div": "*"}
WRITTEN: Final = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!="}
WRITTEN_SUMS: Final = {"Add": "+", "Sub": "-", "Mult": "*", "Div": "/"}

SAID: Final = (ast.Raise, ast.JoinedStr)
SHAPED: Final = ("reshape", "view")  # take -1 for the size that follows from the others
BORDERS: Final = ("Lt", "LtE", "Gt", "GtE")

Edit = tuple[int, int, str]  # from, to (characters), and what stands there instead


def drawn(root: Path, count: int, seed: int, of: Collection[str] = ()) -> list[Mutant]:
    """So many mutants, each the whole text of a file for another.

    They are of the folders and files of the package that ``of`` names, those of `TESTS` by default.
    What is not in `TESTS` has the tests of its folder's name, those that import it, and those that
    `BESIDE` names.

    Which ones depends on the seed and on what stands in their own lines, so that a change of the
    sources leaves the others as they were.
    """
    folders = of or [folder for folder in TESTS if "/" not in folder]  # or a file
    found = [pair for folder in folders for pair in _of_folder(root, folder, seed)]
    return [mutant for _, mutant in sorted(found)[:count]]


def _of_folder(root: Path, folder: str, seed: int) -> Iterator[tuple[str, Mutant]]:
    """The mutants of a folder's files, each after the place that it has in the draw."""
    place, real = root / "src/ntmlab" / folder, _real_names_of(root)
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
        if {*ON_GPU} & {*path.parts}:
            continue
        text, file = path.read_text(), str(path.relative_to(root))
        of_its_name = (f"tests/{folder}",) if (root / "tests" / folder).exists() else ()
        own_tests = TESTS.get(folder, of_its_name)
        own_tests = TESTS.get(f"{folder}/{path.parent.name}", own_tests)
        every = (*related(root, folder, path.stem), *own_tests, *BESIDE.get(folder, ()))
        tests = tuple(dict.fromkeys(every))
        for begin, end, new in edits(text, real):
            start = text.rfind("\n", 0, begin) + 1
            line = text[start:].partition("\n")[0].strip()
            edit = f"{text[begin:end].strip()} -> {new.strip() or 'nothing'}"
            own = f"{line} at {begin - start}: {edit}"
            drawn_at = hashlib.sha256(f"{seed} {file} {own}".encode()).hexdigest()
            mutant = text[:begin] + new + text[end:]
            yield drawn_at, Mutant(f"{file}: {own}", file, text, mutant, tests)


def related(root: Path, folder: str, module: str) -> list[str]:
    """The files of tests that import a module, in its own folder if there are: noticing first."""
    own = rf".*\b{module}\b" if "." not in folder else ""
    imported = re.compile(rf"ntmlab\.{folder.removesuffix('.py')}\b{own}")
    for place in (root / "tests" / folder, root / "tests"):
        files = [f for f in sorted(place.rglob("test_*.py")) if not _NOT_HERE.search(f.stem)]
        if found := [str(f.relative_to(root)) for f in files if imported.search(f.read_text())]:
            return sorted(found, key=lambda file: not file.endswith(f"test_{module}.py"))
    return []


def edits(text: str, elsewhere: Collection[str] = ()) -> Iterator[Edit]:
    r"""Every edit of a text; ``elsewhere`` names real numbers that it imports.

    >>> sorted(new for _, _, new in edits("if not a < b + 1: c()"))
    ['', '-', '0', '2', '<=']
    >>> list(edits("LEAST: Final = 0.1\na.reshape(b, -1) < LEAST"))  # without effect
    []
    """
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    octets = text.encode()

    def place(line: int | None, column: int | None) -> int:
        assert line is not None
        assert column is not None
        return len(octets[: starts[line - 1] + column].decode())

    def between(left: ast.expr, right: ast.expr, old: str, new: str) -> Iterator[Edit]:
        begin = place(left.end_lineno, left.end_col_offset)
        at = text.find(old, begin, place(right.lineno, right.col_offset))
        if at >= 0:
            yield at, at + len(old), new

    tree = ast.parse(text)
    said = {
        id(part) for node in ast.walk(tree) if isinstance(node, SAID) for part in ast.walk(node)
    }
    left_out = said | {*_free_sizes(tree), *_lines(tree)}
    imported = {
        name.name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names
    }
    real = _real_names(tree) | imported.intersection(elsewhere)
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Compare):
            kind = type(node.ops[0]).__name__
            pair = (node.left, node.comparators[0])
            on_real = kind in BORDERS and any(_is_real(side, real) for side in pair)
            if kind in COMPARISONS and not on_real:
                yield from between(*pair, WRITTEN[kind], COMPARISONS[kind])
        elif isinstance(node, ast.BinOp):
            kind = type(node.op).__name__
            if kind in SWAPPED:
                yield from between(node.left, node.right, WRITTEN_SUMS[kind], SWAPPED[kind])
        elif isinstance(node, ast.BoolOp):
            old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            yield from between(node.values[0], node.values[1], old, new)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            begin = place(node.lineno, node.col_offset)
            yield begin, begin + len("not"), ""  # brackets about what follows stay
        elif isinstance(node, ast.Constant) and type(node.value) is int and node.value < 10:
            begin, end = (
                place(node.lineno, node.col_offset),
                place(node.end_lineno, node.end_col_offset),
            )
            for other in (node.value - 1, node.value + 1):
                yield begin, end, str(other)


def _free_sizes(tree: ast.Module) -> Iterator[int]:
    """The numbers of sizes that follow from the others."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            for size in call.args if call.func.attr in SHAPED else ():
                if isinstance(size, ast.UnaryOp) and isinstance(size.op, ast.USub):
                    yield id(size.operand)


def _lines(tree: ast.Module) -> Iterator[int]:
    """The numbers that say whose line a remark is of."""
    for given in ast.walk(tree):
        if isinstance(given, ast.keyword) and given.arg == "stacklevel":
            yield id(given.value)


def _real_names(tree: ast.Module) -> set[str]:
    """Constants of a module that are written with a decimal point or an exponent."""
    given = [node for node in tree.body if isinstance(node, ast.AnnAssign | ast.Assign)]
    names = [node.target if isinstance(node, ast.AnnAssign) else node.targets[0] for node in given]
    return {
        name.id
        for name, node in zip(names, given, strict=True)
        if isinstance(name, ast.Name) and any(map(_is_real, ast.walk(node)))
    }


@cache
def _real_names_of(root: Path) -> frozenset[str]:
    """Such constants of all modules."""
    texts = (path.read_text() for path in (root / "src/ntmlab").rglob("*.py"))
    return frozenset().union(*(_real_names(ast.parse(text)) for text in texts))


def _is_real(node: ast.AST, names: Collection[str] = ()) -> bool:
    """Whether an expression is a real number that is written out, or the name of one."""
    if isinstance(node, ast.Name):
        return node.id in names
    return isinstance(node, ast.Constant) and type(node.value) is float
