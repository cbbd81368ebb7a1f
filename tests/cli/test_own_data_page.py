"""docs/own-data.md: every command runs as it is printed."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/own-data.md"


def test_every_command_runs(tmp_path):
    blocks = "".join(re.findall(r"```\n(\$ .*?)```", PAGE.read_text(), re.DOTALL))
    script = "\n".join(line.removeprefix("$ ") for line in blocks.splitlines())
    assert "ntmlab code walks.txt\n" in script
    assert script.count("ntmlab evaluate") >= 5
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    said = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.count("no optimum") == script.count("ntmlab evaluate") - 1
