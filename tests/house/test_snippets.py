"""Every command that a page prints runs as it is printed, or `NOT_RUN` says why it does not.

The Python of the pages runs in test_docs.py.
"""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import pytest

from ntmlab.bench import CASES, CODES
from ntmlab.bench.gpu import GPU_CASES
from ntmlab.cli.parser import make_parser
from ntmlab.explore.wasm import BUILT
from tests.cli.commands import run

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md"))]
}

# Blocks that are no commands, by their first line.
NO_COMMANDS = {
    "usage: ntmlab": "what --help prints, which tools/docs renews",
    "src/ntmlab/": "the tree of folders, which test_layers.py compares",
    "FAILED   causality": "what a failed check says",
}

# Commands that tests do not run, by what is in them, and why.
NOT_RUN = {
    r"^make ": "sets up what these tests run in",
    r"^pip install .*": "installs from the package index",
    r"^ntmlab explore(?!.*--static)": "serves until it is stopped: tests/explore starts it",
    r"^python -m http.server": "serves until it is stopped",
    r"--device cuda": "needs a GPU; tests marked gpu train and time there",
    r"--on (ray|slurm)": "needs other machines; tests/sweeps has them on one",
    r"^ntmlab sweep sweeps/": "goes on with hours of training; tests/sweeps does with short runs",
    r"^torchrun ": "starts several processes; tests/training has them train",
    r"^ntmlab bench": "times for minutes; tests/bench does with small cases",
    r"^ntmlab table": "trains for minutes; tests/studies/table does with smaller sizes",
}

# What is added to commands that would take long as they are printed.
SHORTER = {
    r"^ntmlab train(?!.*(starts=|--dry-run))": "--sequences 40 --set batch=8",
    r"starts=": "--dry-run",  # which come after more sequences than tests have time for
    r"^ntmlab sweep(?!.*--dry-run)": "--dry-run",
    r"^ntmlab (evaluate|losses|beyond|inside|probe|nearest)(?!.*--file)": "--sequences 40",
    r"^ntmlab beyond": "--length 400",
}

# Pages whose commands another test runs, with more to say of what comes out.
ELSEWHERE = {
    "docs/own-source.md": "tests/cli/test_tasks.py",
}

# What a page takes for granted: files of the reader's own.
OWN = {
    "my_module.py": "from ntmlab import NTM\n\n\ndef model():\n    return NTM(1, 1, slots=8)\n",
}


class Command(NamedTuple):
    """A command, and the lines that the page says it prints, where it does."""

    line: str
    said: list[str]


def blocks(text):
    """The fenced blocks of a page, each with its language, "" for none."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(text):
    """The commands of a page's blocks, in order."""
    for language, block in blocks(text):
        if language or block.startswith(tuple(NO_COMMANDS)):
            continue
        prompted = block.startswith("$ ")
        found = []
        for line in block.replace("\\\n", "").splitlines():
            if line.startswith("$ ") or not prompted:
                found.append(Command(without_remark(line.removeprefix("$ ")), []))
            else:
                found[-1].said.append(line)
        yield from found


def without_remark(line):
    """A command without what is said of it after a #."""
    return re.split(r"\s+# ", line)[0]


def why_not(line):
    """Why tests do not run a command; None if they do."""
    return next((why for part, why in NOT_RUN.items() if re.search(part, line)), None)


def shortened(line):
    """A command as tests run it."""
    added = [more for part, more in SHORTER.items() if re.search(part, line)]
    return " ".join([line, *added])


ALL = [(page, command.line) for page, text in PAGES.items() for command in commands(text)]


@pytest.mark.parametrize("page", sorted({page for page, _ in ALL}))
def test_every_command_is_one_that_there_is(page):
    """Its options too; what is no command of ntmlab is one of a few."""
    for command in commands(PAGES[page]):
        line = command.line
        if line.startswith("ntmlab ") and not re.search(r"[|>&]", line):
            make_parser().parse_args(shlex.split(shortened(line))[1:])
        else:
            assert why_not(line) or re.match("printf |echo ", line), line


def test_a_benchmark_that_a_page_chooses_is_there():
    """None of these commands is run. Kernels are called alike on both kinds of machine."""
    named = {"optimal": CASES, "code": CODES, "kernels": GPU_CASES}
    chosen = [line for _, line in ALL if re.match("ntmlab bench .*--only", line)]
    assert chosen
    for line in chosen:
        given = make_parser().parse_args(shlex.split(line)[1:])
        assert any(given.only in name for name in named[given.what]), line


def test_no_reason_is_left_over():
    lines = [line for _, line in ALL]
    for part in [*NOT_RUN, *SHORTER]:
        assert any(re.search(part, line) for line in lines), part
    for start in NO_COMMANDS:
        assert any(f"```\n{start}" in text for text in PAGES.values()), start
    for page, path in ELSEWHERE.items():
        assert page in (ROOT / path).read_text()


def test_blocks_of_other_languages_are_what_they_say():
    for page, text in PAGES.items():
        for language, block in blocks(text):
            assert language in {"", "python", "text", "toml"}, page
            if language == "toml":
                assert tomllib.loads(block)


FAST = ("docs/start.md", "docs/own-data.md")
RUN = [
    pytest.param(page, marks=[] if page in FAST else [pytest.mark.slow])
    for page, text in PAGES.items()
    if page not in ELSEWHERE and any(why_not(c.line) is None for c in commands(text))
]


@pytest.mark.filterwarnings("default")  # those of other packages do not end a reader's command
@pytest.mark.parametrize("page", RUN)
def test_commands_run(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    mpl.use("agg")
    lay_out(PAGES[page], tmp_path)
    if any("RUN" in shlex.split(c.line) for c in commands(PAGES[page])):  # the reader's
        options = "--task hmm:mess3 --model gru --out RUN --snapshots 2"
        assert run(capsys, *shlex.split(shortened(f"ntmlab train {options}"))[1:])[0] == 0
    for line, said in commands(PAGES[page]):
        if why_not(line) is None:
            if "--static" in line and not BUILT.exists():
                pytest.skip("needs kernels.wasm: make wasm")
            status, out, err = done(capsys, line if said else shortened(line))
            assert status == 0, (line, out, err)
            assert not said or alike(out.splitlines(), said), (line, out)


def lay_out(text, folder):
    """The files that a page's commands use: its own blocks that begin with a name, and others."""
    (folder / "results").symlink_to(ROOT / "results")
    files = dict(OWN)
    for _, block in blocks(text):
        if named := re.match(r"# (\w+\.\w+)\n", block):
            files[named[1]] = block
    for name, content in files.items():
        sys.modules.pop(Path(name).stem, None)
        (folder / name).write_text(content)


def done(capsys, line):
    """Status, output and errors of a command, in a shell where it needs one."""
    if line.startswith("ntmlab ") and not re.search(r"[|>&]", line):
        return run(capsys, *shlex.split(line)[1:])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    shell = ["bash", "-eo", "pipefail", "-c", line]
    said = subprocess.run(shell, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    return said.returncode, said.stdout, said.stderr


def alike(lines, expected):
    """Whether words are the same, and numbers but for two in their last place."""
    words, wanted = (re.split(r"\s+", "\n".join(text).strip()) for text in (lines, expected))
    return len(words) == len(wanted) and all(map(close, words, wanted))


def close(word, wanted):
    """Whether a word is the one that was wanted, or a number that rounding may have made of it."""
    if not re.fullmatch(r"-?\d+\.\d+", wanted):
        return word == wanted
    return abs(float(word) - float(wanted)) < 2.5 * 10 ** -len(wanted.partition(".")[2])
