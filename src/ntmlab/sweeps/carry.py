"""How one attempt goes on from the one before: from copies, so that the two share no file."""

import json
import shutil
from pathlib import Path

from safetensors import SafetensorError, safe_open

from ntmlab.files import sync_path
from ntmlab.runs.folder import SNAPSHOTS, RunFolder
from ntmlab.sweeps.attempts import Attempt


def carry_over(attempt: Attempt, before: list[Attempt]) -> None:
    """Gives an attempt the latest checkpoint of those before, and what belongs to it.

    Where none has one the run begins anew. The copy takes its name when it is whole and on
    the disk.
    """
    last = next((one for one in reversed(before) if RunFolder(one.run).checkpoint.exists()), None)
    if last is None or attempt.run.exists():
        return
    copy = attempt.path / "copy"
    copy.mkdir()
    # The checkpoint first: rows are written before it, so that those it knows of are in the copy,
    # though its worker may not be dead and go on to write.
    source = RunFolder(last.run)
    for path in (source.checkpoint, source.metrics, source.timing, source.config):
        if path.exists():
            shutil.copyfile(path, copy / path.name)
    shutil.copyfile(source.environment, copy / source.environment.name)
    if (source.path / SNAPSHOTS).is_dir():
        whole = shutil.ignore_patterns(".partial-*")  # not those that are being written
        shutil.copytree(source.path / SNAPSHOTS, copy / SNAPSHOTS, ignore=whole)
    for path in (*copy.rglob("*"), copy):
        sync_path(path)
    copy.rename(attempt.run)
    sync_path(attempt.path)


def saved(run: Path) -> tuple[int, int]:
    """How many sequences a run's checkpoint has seen, and which attempt wrote it; zeros if none."""
    try:
        with safe_open(RunFolder(run).checkpoint, framework="pt") as file:
            progress = json.loads((file.metadata() or {})["progress"])
        return int(progress["sequences"]), int(progress.get("attempt", 0))
    except (OSError, SafetensorError, KeyError, ValueError):
        return 0, 0
