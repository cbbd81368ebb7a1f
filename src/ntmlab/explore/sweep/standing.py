"""What the page is told of a sweep, from its folder alone: nobody asks its driver."""

import math
import threading
from pathlib import Path
from typing import Any, Final

from ntmlab.errors import InputError
from ntmlab.records import Record, finite
from ntmlab.runs.folder import RunFolder, read_metrics
from ntmlab.runs.results import seconds_of
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.carry import saved
from ntmlab.sweeps.heart import read_beat
from ntmlab.sweeps.standing import RETRIES, UNDER_WAY, standing
from ntmlab.sweeps.study import read_study
from ntmlab.sweeps.units import Unit

MOST_POINTS: Final = 200  # of a curve
MOST_CURVES: Final = 400


class Standings:
    """Reads a sweep again and again; what has not changed since is not read again."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep
        self.known: dict[Path, tuple[tuple[int, int], Record]] = {}
        self.reading = threading.Lock()

    def read(self) -> Record:
        """Every run: state, attempts, sequences, costs, speed, seconds left, and its curve."""
        with self.reading:
            units = read_study(self.sweep).units
            runs = [self._run(name, unit) for name, unit in units.items()]
        for run in runs[MOST_CURVES:]:
            run["curve"] = []
        return {"sweep": self.sweep.path.resolve().name, "runs": finite(runs)}

    def _run(self, name: str, unit: Unit) -> Record:
        found, of = standing(self.sweep, name, RETRIES), unit.recipe.sequences
        seen = self._seen(found.path) if found.path is not None else dict(NOTHING)
        done, speed = seen["sequences"], seen["speed"]
        if found.state == UNDER_WAY and found.attempt is not None:
            done = max(done, read_beat(found.attempt)[1])
        attempts = seen["attempt"] if found.attempt is None else found.attempt.number
        left = (of - done) / speed if found.state == UNDER_WAY and speed else None
        own = {"name": name, "state": found.state, "why": found.why, "attempts": attempts}
        return {**own, **seen, "sequences": done, "of": of, "left_s": left}

    def _seen(self, run: Path) -> Record:
        """What a run folder says, read where its metrics are others than at the last time."""
        metrics = RunFolder(run).metrics
        try:
            status = metrics.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if self.known.get(run, (None,))[0] != stamp:
                self.known[run] = (stamp, _read(run))
            return dict(self.known[run][1])
        except (OSError, InputError):  # not begun, moved a moment ago, or being written
            return dict(NOTHING)


NOTHING: Final[Record] = {
    "sequences": 0,
    "bits": None,
    "kl": None,
    "speed": None,
    "attempt": 0,
    "curve": [],
}


def _read(run: Path) -> Record:
    rows, seconds = read_metrics(run), seconds_of(RunFolder(run))
    every = math.ceil(len(rows) / MOST_POINTS)
    kept = [*rows[:-1:every], rows[-1]]
    last: dict[str, Any] = rows[-1]
    return {
        "sequences": last["sequences"],
        "bits": last["bits"],
        "kl": last.get("kl"),
        "speed": last["sequences"] / seconds if seconds else None,
        "attempt": saved(run)[1],
        "curve": [[row["sequences"], row["bits"], row.get("kl")] for row in kept],
    }
