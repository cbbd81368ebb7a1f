"""Memory in proportion to what is asked: a sequence of a million bits in 50 MB."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from ntmlab import LSTM, load_model
from ntmlab.models import Model, ModulePredictor, predictor
from tests.evaluation.peaks import CASES
from tests.models.passes import steps_of_passes

ROOT = Path(__file__).parents[2]
BITS = 10**6
MOST_MIB = 50e6 / 2**20
QUICK = ("evaluate", "code", "ntm")  # a pass of each kind; "evaluate" takes the most

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="peaks are read from /proc")


def peaks(names: tuple[str, ...]) -> dict[str, float]:
    """MiB that each took above what was there, in a process of their own."""
    command = [sys.executable, "-m", "tests.evaluation.peaks", str(BITS), *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, float] = json.loads(done.stdout)
    return found


def assert_within(found: dict[str, float]) -> None:
    assert {n: m for n, m in found.items() if m > MOST_MIB} == {}


@needs_proc
def test_a_million_bits_in_fifty_megabytes() -> None:
    assert_within(peaks(QUICK))


@needs_proc
@pytest.mark.slow
def test_a_million_bits_in_fifty_megabytes_on_every_way() -> None:
    assert_within(peaks(tuple(CASES)))


@pytest.fixture
def one_thread() -> Iterator[None]:
    """With more of them the sums of PyTorch's products are cut by the number of rows."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("name", ["ngrams-lstm", "ngrams-ntm"])
def test_a_long_sequence_is_taken_in_passes_that_carry_the_state(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, inputs = load_model(name), torch.randint(0, 2, (2, 50, 1)).float()
    whole = ModulePredictor(model)(inputs)
    seen = steps_of_passes(type(model), monkeypatch)
    monkeypatch.setattr(predictor, "STEPS_OF_A_PASS", 16)
    assert torch.equal(ModulePredictor(model)(inputs), whole)
    assert seen == [16, 16, 16, 2]


def test_a_module_of_a_users_own_is_asked_for_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has checked that it carries its state on."""

    class Own(LSTM):
        pass

    seen: list[int] = []
    model: Model = Own(1, 1, hidden_size=4)
    model.register_forward_pre_hook(lambda _, given: seen.append(given[0].shape[1]))
    monkeypatch.setattr(predictor, "STEPS_OF_A_PASS", 16)
    ModulePredictor(model)(torch.zeros(1, 50, 1))
    assert seen == [50]


def test_passes_are_as_long_as_memory_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter ones say the same, and take many times as long."""
    seen = steps_of_passes(LSTM, monkeypatch)
    ModulePredictor(LSTM(1, 1, hidden_size=2, layers=1))(torch.zeros(1, 4100, 1))
    assert seen == [2048, 2048, 4]
