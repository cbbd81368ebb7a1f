"""Runs in processes of their own, told to stop or killed: nothing is lost for good."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.training.test_loop import SETTINGS, assert_same_run


def command(*arguments):
    program = "import sys; from ntmlab.cli import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", program, *map(str, arguments)]


def start(path, *settings):
    """Training in a process of its own, once its first row is written."""
    given = {setting.partition("=")[0]: setting for setting in (*SETTINGS, *settings)}
    options = [part for setting in given.values() for part in ("--set", setting)]
    arguments = ["train", "ngrams-quick", "--seed", 1, "--out", path, *options]
    process = subprocess.Popen(command(*arguments), stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (path / "metrics.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return process


LONG = ("sequences=4000", "validate_every=500")


@pytest.fixture(scope="module")
def long_run(tmp_path_factory):
    """The uninterrupted twin of runs that are killed, in a process of its own too."""
    path = tmp_path_factory.mktemp("runs") / "long"
    process = start(path, *LONG)
    process.communicate(timeout=300)
    assert process.returncode == 0
    return path


@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGINT, marks=pytest.mark.slow), signal.SIGTERM]
)
def test_signals_save_and_say_how_to_go_on(long_run, tmp_path, number):
    process = start(tmp_path / "run", *LONG)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"ntmlab train --resume {tmp_path / 'run'}" in errors
    assert "Traceback" not in errors
    again = subprocess.run(command("train", "--resume", tmp_path / "run"), capture_output=True)
    assert again.returncode == 0
    assert_same_run(tmp_path / "run", long_run)


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.0, 0.3])
def test_kill_nine_loses_nothing_for_good(long_run, tmp_path, wait):
    process = start(tmp_path / "run", *LONG)
    time.sleep(wait)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    again = subprocess.run(command("train", "--resume", tmp_path / "run"), capture_output=True)
    assert again.returncode == 0
    assert_same_run(tmp_path / "run", long_run)
