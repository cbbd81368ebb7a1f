"""A few of the campaign's hostile files and command lines."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("campaign", ["files", pytest.param("commands", marks=pytest.mark.slow)])
def test_what_is_hostile_is_answered_in_a_line(campaign):
    command = [sys.executable, "-m", "tools.fuzz", campaign, "--tries", "20"]
    # In the background of a script Ctrl-C is ignored: then `bench --json` ran on for a minute.
    shell = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command]
    done = subprocess.run(shell, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout or "{}")
    assert done.returncode == 0, found or done.stderr
    assert found[campaign]["tries"] == 20
