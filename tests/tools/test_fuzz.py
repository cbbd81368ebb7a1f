"""A few of the campaign's hostile files and command lines."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_hostile_files_and_command_lines_are_answered_in_a_line():
    command = [sys.executable, "-m", "tools.fuzz", "commands", "files", "--tries", "40"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout or "{}")
    assert done.returncode == 0, found or done.stderr
    assert found["commands"]["tries"] == found["files"]["tries"] == 40
