"""What a search may choose: for each setting a range of numbers, or a list of values.

A range is ``LOW..HIGH``, both within it, whole numbers where both are; ``LOW..HIGH:log`` chooses
evenly in the logarithm. Values are text, as `ntmlab train --set` takes them.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ntmlab.errors import InputError

DIGITS: Final = 4  # significant ones of a number that is chosen: it stands in the run's name
NUMBER: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
RANGE: Final = re.compile(rf"({NUMBER})\.\.({NUMBER})(:log)?")


class Range(NamedTuple):
    """Numbers that a setting may take."""

    low: str
    high: str
    log: bool

    @property
    def whole(self) -> bool:
        """Whether they are whole numbers."""
        return all(re.fullmatch(r"[+-]?\d+", end) for end in (self.low, self.high))

    def distribution(self, distributions: Any) -> Any:
        """The range as Optuna has it."""
        if self.whole:
            low, high = int(self.low), int(self.high)
            return distributions.IntDistribution(low, high, log=self.log)
        return distributions.FloatDistribution(float(self.low), float(self.high), log=self.log)

    def text(self, value: float) -> str:
        """A number as a setting: rounded, and within the range still."""
        rounded = str(int(value)) if self.whole else f"{value:.{DIGITS}g}"
        if float(rounded) < float(self.low):
            return self.low
        return self.high if float(rounded) > float(self.high) else rounded

    def value(self, text: str) -> float:
        """The number of a setting."""
        return int(text) if self.whole else float(text)

    @property
    def ends(self) -> list[str]:
        """Its least and its largest number."""
        return [self.low, self.high]


class Choice(NamedTuple):
    """Values that a setting may take, in no order."""

    values: list[str]

    def distribution(self, distributions: Any) -> Any:
        """The values as Optuna has them."""
        return distributions.CategoricalDistribution(self.values)

    def text(self, value: str) -> str:
        """A value as a setting."""
        return value

    def value(self, text: str) -> str:
        """The value of a setting."""
        return text

    @property
    def ends(self) -> list[str]:
        """All of them."""
        return self.values


def is_range(text: str) -> bool:
    """Whether a value of a setting is meant as a range.

    >>> is_range("1e-4..1e-2:log"), is_range("0.5")
    (True, False)
    """
    return RANGE.fullmatch(text) is not None


def read_space(grid: Mapping[str, list[str]]) -> dict[str, Range | Choice]:
    """What each setting may take, of those with more than one value.

    >>> read_space({"batch": ["4..64:log"], "optimizer": ["adam", "adam-damped"], "decay": ["1"]})
    {'batch': Range(low='4', high='64', log=True), 'optimizer': Choice(values=['adam', \
'adam-damped'])}

    Raises InputError for a range that holds nothing, or that has no logarithm.
    """
    space: dict[str, Range | Choice] = {}
    for key, values in grid.items():
        if len(values) == 1 and (found := RANGE.fullmatch(values[0])):
            space[key] = _range(key, values[0], found)
        elif len(values) > 1:
            if any(is_range(value) for value in values):
                raise InputError(f"{key}={','.join(values)}: give one range, or a list of values")
            space[key] = Choice(values)
    return space


def _range(key: str, text: str, found: re.Match[str]) -> Range:
    low, high, log = found[1], found[2], found[3] is not None
    if not float(low) < float(high):
        raise InputError(f"{key}={text}: a range goes up")
    if log and float(low) <= 0:
        raise InputError(f"{key}={text}: only numbers above 0 have a logarithm")
    return Range(low, high, log)
