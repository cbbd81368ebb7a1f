"""Runs and sweeps are killed once at each named point that changes their folder."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


needs_a_library = pytest.mark.skipif(
    shutil.which("cc") is None or sys.platform != "linux", reason="needs a C compiler, LD_PRELOAD"
)


def campaign(*options):
    """What a campaign found in which nothing failed."""
    command = [sys.executable, "-m", "tools.crash", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout or "{}")
    assert done.returncode == 0, found.get("failures", done.stderr)
    return found


@needs_a_library
@pytest.mark.parametrize(
    "options",
    [pytest.param([], id="run"), pytest.param(["--sweeps"], id="sweep", marks=pytest.mark.slow)],
)
def test_one_killed_at_any_point_is_as_if_nothing_had_been(options):
    found = campaign(*options, "--quick")
    assert found["tries"] >= 25
    assert found["complete"]


@pytest.mark.slow
@needs_a_library
@pytest.mark.parametrize("options", [[], ["--sweeps", "--every"]])
def test_it_ends_after_as_many_tries_as_it_is_given(options):
    found = campaign("--tries", "2", *options)
    assert 2 <= found["tries"] <= 10  # killed again and again, one run is several
    assert not found["complete"]
