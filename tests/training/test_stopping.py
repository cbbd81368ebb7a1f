"""Signals that ask a run to save and end, heard in this process."""

import signal

import pytest

from ntmlab.training import train
from ntmlab.training.loop import Observer
from ntmlab.training.progress import STOPPING, Display, stop_signals
from tests.training.test_loop import RECIPE, assert_same_run


@pytest.mark.parametrize("number", STOPPING)
def test_each_is_the_wish_to_end_and_handlers_are_put_back(number):
    before = signal.getsignal(number)
    with stop_signals() as stop:
        assert not stop()
        signal.raise_signal(number)
        assert stop()
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("number", [n for n in STOPPING if n != signal.SIGINT])
def test_the_same_wish_again_breaks_nothing_off(number):
    with stop_signals() as stop:
        signal.raise_signal(number)
        signal.raise_signal(number)
        assert stop()


def test_a_second_ctrl_c_ends_at_once_but_never_within_a_save():
    with stop_signals() as stop:
        signal.raise_signal(signal.SIGINT)
        with stop.saving():
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_a_wish_that_comes_too_late_to_end_a_run_is_told(tmp_path):
    asked = []

    def late(metrics):
        if metrics["sequences"] == RECIPE.sequences:
            signal.raise_signal(signal.SIGINT)

    also = Observer(row=late, asked=lambda: asked.append(True))
    assert train(RECIPE, 1, tmp_path / "run", also=also)
    assert asked == [True]


def test_signals_during_a_save_lose_no_save(tmp_path, monkeypatch):
    from ntmlab.training import keeper, resume

    assert train(RECIPE, 1, tmp_path / "whole")
    save, saves = keeper.save_checkpoint, []

    def interrupted(*arguments):
        saves.append(arguments)
        if len(saves) == 2:  # the one that a signal asked for
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGINT)
        save(*arguments)

    def stop_early(progress):
        if progress.sequences == 160:
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(keeper, "save_checkpoint", interrupted)
    assert not train(RECIPE, 1, tmp_path / "run", also=Observer(step=stop_early))
    assert saves[-1][-1].sequences == 160
    assert resume(tmp_path / "run")
    assert_same_run(tmp_path / "run", tmp_path / "whole")


def test_time_left_is_by_what_this_process_did_of_a_run_that_goes_on(capsys):
    with Display(100_000, 50_000) as display:
        display.started -= 10
        display.row({"sequences": 50_000, "bits": 5.0})
        display.row({"sequences": 60_000, "bits": 0.5, "kl": 0.25})
        display.row({"sequences": 60_000, "bits": 0.5, "wrong_rate": 0.0125})
    said = [line.partition(": ")[2] for line in capsys.readouterr().err.splitlines()]
    assert said == [
        "5.00 bits",  # nothing was done here yet
        "0.50 bits, gap 0.25; 40 seconds left",
        "0.500 bits, 1.250% of bits wrong; 40 seconds left",
    ]


def test_time_left_is_said_without_a_terminal(capsys):
    with Display(100_000, 0) as display:
        display.started -= 10
        display.row({"sequences": 10_000, "bits": 5.0})
        display.row({"sequences": 100_000, "bits": 4.0})
    first, last = capsys.readouterr().err.splitlines()
    assert first.endswith("10,000 sequences: 5.00 bits; 2 minutes left")
    assert last.endswith("100,000 sequences: 4.00 bits")
