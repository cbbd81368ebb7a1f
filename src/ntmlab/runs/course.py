"""What a run's own rows of metrics say of its course: that it stands still, or lost what it had.

The cost that is looked at is the gap to the optimum where that is known, else the cost itself.
"""

from collections.abc import Sequence
from statistics import median
from typing import Final, Literal, NamedTuple

from ntmlab.records import Record

FINE: Final = 0.1  # bits; at or below it there is nothing to say
FINE_PART: Final = 0.01  # of the first cost, likewise
RECENT: Final = 0.25  # the part of the rows that must have brought something
FEWEST: Final = 6  # rows that are looked at as recent, at least
LAST: Final = 3  # rows that say where a run stands
STEP: Final = 0.05  # the part of the lowest cost that they must have taken off
LEARNT: Final = 0.5  # the part of the first cost that a run must have taken off to lose it
LOST: Final = 0.5  # the part of what it had taken off that it has lost in a collapse

REMEDIES: Final = {
    "plateau": "another seed may pass it (--seed), or a start from other weights, which a recipe "
    "makes by itself: --set restarts=N --set restart_every=SEQUENCES --set restart_above=BITS, or "
    "the best of several: --set starts=N --set start_sequences=SEQUENCES",
    "collapse": "it may come back as the rate falls; a lower learning_rate, a larger batch or a "
    "stricter clip_norm or clip_steps collapses less often (--set KEY=VALUE)",
}


class Course(NamedTuple):
    """A run that stands still or has collapsed: its cost in bits, and since when."""

    kind: Literal["plateau", "collapse"]
    bits: float  # the lowest cost before, in a plateau also of what came since
    since: int  # sequences at which that was reached

    def words(self) -> str:
        """What is the matter, in a few words."""
        if self.kind == "plateau":
            return f"plateau: no better than {self.bits:.3g} bits since {self.since:,} sequences"
        return f"collapse: {self.bits:.3g} bits were reached after {self.since:,} sequences"

    def advice(self) -> str:
        """The same, and what to do."""
        return f"{self.words()}; {REMEDIES[self.kind]}"


def read_course(rows: Sequence[Record]) -> Course | None:
    """A run's course after its rows so far, None where it is fine or there are too few.

    Only rows of the weights that it has now are looked at: a run that started again from others did
    not collapse, nor one that goes on with the best of several starts.
    A plateau: the lowest cost of the last quarter of the rows, at least six, is not a twentieth
    below the lowest before, and above 0.1 bits and a hundredth of the first cost. A collapse: the
    run had taken off half of its first cost or more, and the median of the three rows since has
    lost half of that again.

    >>> falling = [{"sequences": 10 * n, "bits": 20.0 / n} for n in range(1, 13)]
    >>> read_course(falling)
    >>> read_course([*falling, *({"sequences": 200, "bits": 19.0},) * 3]).words()
    'collapse: 1.67 bits were reached after 120 sequences'
    >>> read_course([{"sequences": 10 * n, "bits": 18.0} for n in range(1, 13)]).words()
    'plateau: no better than 18 bits since 10 sequences'
    """
    rows = [row for row in rows if _start(row) == _start(rows[-1])]
    costs = [float(row["kl"] if "kl" in row else row["bits"]) for row in rows]
    if len(costs) < 2 * FEWEST:
        return None
    return _collapse(rows, costs) or _plateau(rows, costs)


def _start(row: Record) -> tuple[object, object]:
    """Which weights a row is of: those drawn first, or later ones."""
    return row.get("restarts", 0), row.get("start", 0)


def _collapse(rows: Sequence[Record], costs: Sequence[float]) -> Course | None:
    first, lowest = costs[0], min(costs[:-LAST])
    lost = median(costs[-LAST:]) > lowest + LOST * (first - lowest)
    if lowest > (1 - LEARNT) * first or not lost:
        return None
    return Course("collapse", lowest, int(rows[costs.index(lowest)]["sequences"]))


def _plateau(rows: Sequence[Record], costs: Sequence[float]) -> Course | None:
    recent = max(FEWEST, int(RECENT * len(costs)))
    before, since = min(costs[:-recent]), min(costs[-recent:])
    if min(before, since) <= max(FINE, FINE_PART * costs[0]) or since <= (1 - STEP) * before:
        return None
    return Course("plateau", min(before, since), int(rows[costs.index(before)]["sequences"]))
