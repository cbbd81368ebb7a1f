"""A user's own source is made again as it was made, whatever it says of itself."""

import json
import sys
import threading
from pathlib import Path

import pytest
import torch

from ntmlab.errors import InputError
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.foreign import guarded
from ntmlab.runs.folder import read_config
from ntmlab.tasks import make_task, settings_of, specification
from tests.cli.commands import run

SOURCES = '''
import dataclasses
import enum
from typing import ClassVar

import numpy as np

from ntmlab.tasks import Drawn, Source

print("imported")


@dataclasses.dataclass(frozen=True)
class Rule:
    chance: float
    letters: ClassVar[int] = 2

    def start(self, rows):
        return np.zeros(rows)

    def predict(self, state):
        print("asked")
        return np.tile([1 - self.chance, self.chance], (len(state), 1))

    def update(self, state, symbols):
        return state


class Base(Source):
    letters = 2

    def draw(self, rows, random):
        return Drawn((random.random((rows, self.length)) < self.chance).astype(int))

    def filter(self):
        return Rule(self.chance)


@dataclasses.dataclass(frozen=True)
class Tosses(Base):
    p: float = 0.5
    length: int = 12
    name: ClassVar[str] = "tosses"

    @property
    def chance(self):
        return self.p


def of_zeros(p=0.5):
    return Tosses(1 - p)


def of_odds(odds=1.0):
    return Tosses(odds / (1 + odds))


def against_its_default(p=0.9):
    return Tosses(0.5 if p == 0.9 else 0.9)


@dataclasses.dataclass(frozen=True)
class Given(Base):
    length: int = 12
    p: dataclasses.InitVar[float] = 0.5
    name: ClassVar[str] = "given"

    def __post_init__(self, p):
        object.__setattr__(self, "chance", p)


class Kind(enum.Enum):
    EVEN = 1


@dataclasses.dataclass(frozen=True)
class Inner:
    q: float = 0.8


@dataclasses.dataclass(frozen=True)
class Holding(Base):
    """Options that are no JSON, which lists and dictionaries would not stand for."""

    table: object = dataclasses.field(default_factory=lambda: np.array([0.2, 0.8]))
    inner: Inner = Inner()
    pair: tuple = (1, 2)
    one: object = np.float32(0.5)
    kind: Kind = Kind.EVEN
    half: float = dataclasses.field(init=False, default=0.5)
    length: int = 12
    name: ClassVar[str] = "holding"

    @property
    def chance(self):
        assert hash(self.pair)
        return self.inner.q * self.table.sum()


class Plain(Base):
    """No dataclass."""

    name = "plain"
    length = 12
    chance = 0.8
'''

# Specification, and its chance of a 1.
EVERY = {
    "own_settings:Tosses:p=0.8": 0.8,
    "own_settings:of_zeros:p=0.8": 0.2,
    "own_settings:of_odds:odds=4": 0.8,
    "own_settings:against_its_default:p=0.5": 0.9,
    "own_settings:Given:p=0.8": 0.8,
    "own_settings:Holding": 0.8,
    "own_settings:Plain": 0.8,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("sources")
    (path / "own_settings.py").write_text(SOURCES)
    return path


@pytest.fixture(autouse=True)
def _there(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)


@pytest.mark.parametrize("spec", EVERY)
def test_a_run_is_measured_against_the_source_that_it_was_trained_on(spec, folder, capsys):
    out = str(folder / spec.replace(":", "-"))
    small = ("--model", "gru:hidden_size=2", "--sequences", 32, "--set", "validate_every=32")
    status, _, err = run(capsys, "train", "--task", spec, *small, "--out", out)
    assert status == 0, err
    assert read_config(Path(out))[1].task_options == make_options(spec)
    status, said, err = run(capsys, "predict", "01", "--models", "optimal", out, "--json")
    assert (status, "was trained on" in err) == (0, False), err
    assert json.loads(said)["predictions"]["optimal"] == pytest.approx([EVERY[spec]] * 2)
    for task in (spec, spec.rpartition(":")[0] if "=" in spec else spec):
        arguments = ("--models", "optimal", out, "--sequences", 100, "--json")
        status, said, err = run(capsys, "evaluate", task, *arguments)
        assert (status, "was trained on" in err) == (0, False), err
        assert json.loads(said)["specification"] == spec


@pytest.mark.parametrize("spec", EVERY)
def test_what_makes_it_again_is_what_it_was_given(spec):
    name = ":".join(spec.split(":")[:2])
    task = make_task(spec)
    assert specification(name, settings_of(task)) == spec


def test_another_is_said(folder, capsys):
    out = str(folder / "another")
    small = ("--model", "gru:hidden_size=2", "--sequences", 32, "--set", "validate_every=32")
    assert run(capsys, "train", "--task", "own_settings:Given:p=0.8", *small, "--out", out)[0] == 0
    arguments = ("--models", "optimal", out, "--sequences", 100, "--json")
    status, said, err = run(capsys, "evaluate", "own_settings:Given:p=0.3", *arguments)
    assert (status, json.loads(said)["specification"]) == (0, "own_settings:Given:p=0.3")
    assert "was trained on own_settings:Given:p=0.8; this is own_settings:Given:p=0.3" in err


def test_what_its_code_prints_is_not_among_results(capsys):
    status, out, err = run(
        capsys, "evaluate", "own_settings:Tosses", "--models", "optimal", "--json"
    )
    assert (status, json.loads(out)["task"]) == (0, "tosses")
    assert "asked" in err


def test_threads_leave_stdout_as_it_was():
    """The first to begin ends before the other, as requests of the page do."""
    stdout, begun, ended = sys.stdout, threading.Event(), threading.Event()

    def other():
        begun.set()
        assert ended.wait(10)

    thread = threading.Thread(target=guarded, args=("other", other))

    def first():
        thread.start()
        assert begun.wait(10)

    guarded("first", first)
    ended.set()
    thread.join()
    assert sys.stdout is stdout


def test_a_factory_that_lacks_an_option_is_no_unknown_task(capsys):
    status, _, err = run(capsys, "evaluate", "own_settings:of_odds:p=2", "--models", "optimal")
    assert (status, "unexpected keyword argument 'p'" in err, "did you mean" in err) == (
        2,
        True,
        False,
    )


class Odd(BaseException):
    """No Exception."""


class MuteError(Exception):
    """Has no words."""

    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize("error", [Odd, MuteError])
def test_whatever_its_code_raises_is_a_line(error):
    def mine(inputs):
        raise error

    with pytest.raises(InputError, match=rf"^predictor mine failed: {error.__name__}$"):
        evaluate(make_task("coins"), {"mine": mine}, 5)


def test_a_default_device_is_refused(folder, capsys):
    (folder / "elsewhere.py").write_text(
        "import torch\n\n\ndef m():\n    torch.set_default_device('meta')\n    return list\n"
    )
    try:
        status, _, err = run(capsys, "evaluate", "coins", "--models", "optimal", "elsewhere:m")
    finally:
        torch.set_default_device(None)
    assert status == 2
    assert "elsewhere:m: PyTorch's default device is meta, and sequences are on the CPU" in err


def make_options(spec):
    """The options of a specification."""
    own = spec.split(":")[2:]
    return {key: float(value) for key, _, value in (one.partition("=") for one in own)}
