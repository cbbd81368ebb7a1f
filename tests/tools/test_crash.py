"""Runs and sweeps are killed once at each named point that changes their folder."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
@pytest.mark.skipif(sys.platform != "linux", reason="needs LD_PRELOAD")
@pytest.mark.parametrize("options", [[], ["--sweeps"]], ids=["run", "sweep"])
def test_one_killed_at_any_point_is_as_if_nothing_had_been(options):
    command = [sys.executable, "-m", "tools.crash", *options, "--quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout or "{}")
    assert done.returncode == 0, found.get("failures", done.stderr)
    assert found["tries"] >= 25
