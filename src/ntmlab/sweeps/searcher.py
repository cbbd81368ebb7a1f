"""Adds to the study of a search, while its driver works, the points that may be proposed."""

from collections.abc import Iterator, Mapping
from typing import Final

from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import Sweep
from ntmlab.sweeps.search import Search, known, propose, value_of
from ntmlab.sweeps.study import Study, point_units, write_study

SETTLED: Final = (attempts.FINISHED, attempts.FAILED)


class Searcher:
    """What a driver asks for more runs; a study without a search has none."""

    def __init__(self, sweep: Sweep, study: Study) -> None:
        self.sweep, self.study, self.search = sweep, study, study.search
        self.values: list[float | None] = []  # what the first points came to

    def more(self, states: Mapping[str, str]) -> Iterator[str]:
        """Names of runs that the study has now too; ``states`` are those of its runs so far."""
        while self.search is not None and self._may_propose(self.search, states):
            search = self.search
            point = propose(search, self.values)
            self.search = search._replace(made=[*search.made, point])
            new = point_units(search, point)
            names = [name for name in new if name not in self.study.units]
            self.study.units.update(new)
            write_study(self.sweep, self.study._replace(search=self.search))
            yield from names

    @property
    def is_done(self) -> bool:
        """Whether all points were proposed."""
        return self.search is None or len(self.search.made) >= self.search.points

    def _may_propose(self, search: Search, states: Mapping[str, str]) -> bool:
        """Whether a point is wanted, and all is known that it is to see."""
        if self.is_done:
            return False
        for point in search.made[len(self.values) : known(search)]:
            names = list(point_units(search, point))
            if any(states.get(name) not in SETTLED for name in names):
                return False
            self.values.append(value_of(self.sweep, search, names, states))
        return True
