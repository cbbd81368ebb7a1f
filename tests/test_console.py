"""What is written to terminals, dumb ones, files, pipes, and outputs that lack characters."""

import io
import os
import pty
import subprocess
import sys

import pytest

from ntmlab.console import PLAIN, animated, coloured, never_fail
from tests.cli.commands import run


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self):
        return True


CASES = [
    ({}, True, True),
    ({"NO_COLOR": "1"}, False, True),
    ({"NO_COLOR": ""}, True, True),
    ({"TERM": "dumb"}, False, False),
    ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, False),
    ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, True),
]


@pytest.mark.parametrize(("settings", "colours", "moves"), CASES)
def test_a_terminal_is_coloured_and_drawn_over_as_its_settings_say(
    monkeypatch, settings, colours, moves
):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert coloured(Terminal()) is colours
    assert animated(Terminal()) is moves
    assert coloured(io.StringIO()) is (colours and "FORCE_COLOR" in settings)
    assert not animated(io.StringIO())  # no control codes in a log, whatever is forced


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "utf-8"])
def test_no_output_lacks_a_character(encoding):
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    never_fail(out, io.StringIO())
    shown = "".join(PLAIN)
    print(shown, file=out, flush=True)
    written = out.buffer.getvalue().decode(encoding)
    assert "?" not in written
    assert ("±" in written) == (encoding != "ascii")


def ntmlab(*arguments, **environment):
    """Status and bytes of a command, with only these settings of the terminal."""
    names = ("NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONIOENCODING")
    own = {k: v for k, v in os.environ.items() if k not in names}
    command = [sys.executable, "-c", "import sys, ntmlab.cli; sys.exit(ntmlab.cli.main())"]
    ended = subprocess.run(
        [*command, *arguments], capture_output=True, env=own | environment, check=False
    )
    return ended.returncode, ended.stdout, ended.stderr


def test_results_come_whole_where_the_output_is_ascii():
    task = ("evaluate", "dynamic-ngrams", "--models", "optimal", "kt-4", "--sequences", "20")
    status, out, _ = ntmlab(*task, PYTHONIOENCODING="ascii")
    assert status == 0
    assert b" +- " in out
    status, out, _ = ntmlab(
        "figure", "--bits", "0110" * 9, "--models", "optimal", "kt-1", "--terminal",
        PYTHONIOENCODING="ascii", COLUMNS="60",
    )  # fmt: skip
    assert status == 0
    row = next(line for line in out.splitlines() if line.startswith(b"Input"))
    assert row.split()[1:] == [b"##"] * 9
    assert b"^" in out
    assert b"KL(Optimal || model)" in out


def test_colours_are_for_terminals_unless_forced(capsys, monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    figure = ("figure", "--bits", "0110" * 9, "--models", "optimal", "kt-1", "--terminal")
    assert "\x1b[" not in run(capsys, *figure)[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[48;5;" in run(capsys, *figure)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run(capsys, *figure)[1]


def test_progress_leaves_no_control_codes_in_a_log_and_nothing_on_a_dumb_terminal():
    task = ("evaluate", "dynamic-ngrams", "--models", "coin", "--sequences", "20")
    assert ntmlab(*task, FORCE_COLOR="1")[2] == b""
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", "import sys, ntmlab.cli; sys.exit(ntmlab.cli.main())", *task]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=follower, check=True,
                   env=os.environ | {"TERM": "dumb"})  # fmt: skip
    os.write(follower, b"end")
    assert os.read(leader, 1000) == b"end"
    os.close(leader)
    os.close(follower)
