"""Claims of a text, each answered with a number against a criterion that is written out."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from ntmlab.evaluation.score import SURE_BITS

SURE: Final = 2.0  # standard errors
MOST_DIGITS: Final = 9  # behind the point; less is rounding


def is_above(value: float, error: float) -> bool:
    """Whether bits are above zero by two standard errors, and by more than rounding."""
    return value > max(SURE * error, SURE_BITS)


def number(value: float, error: float, *, percent: bool = False) -> str:
    """A number and its standard error, both to the error's second digit; alone where it has none.

    >>> number(0.076123, 0.000312), number(133.2691, 12.3), number(0.5, 0.0)
    ('0.07612 ± 0.00031', '133 ± 12', '0.5 ± 0')
    >>> number(0.912, 0.0042, percent=True)
    '91.20% ± 0.42%'
    >>> number(0.96781, float("nan")), number(2.36e-15, 3.4e-16)
    ('0.9678', '2.4e-15 ± 3.4e-16')
    """
    sign, scale = ("%", 100.0) if percent else ("", 1.0)
    value, error = float(value) * scale, float(error) * scale
    if np.isnan(error):
        return f"{value:.4g}{sign}"
    if not (np.isfinite(error) and error > 0):
        return f"{value:.4g}{sign} ± {error:.4g}{sign}"
    digits = max(0, 1 - int(np.floor(np.log10(error))))
    if digits > MOST_DIGITS:
        return f"{value:.2g}{sign} ± {error:.2g}{sign}"
    return f"{value:.{digits}f}{sign} ± {error:.{digits}f}{sign}"


def percent(rate: float) -> str:
    """A rate with the digits that say something.

    >>> percent(0), percent(0.5), percent(0.00123)
    ('0 %', '50 %', '0.12 %')
    """
    return f"{100 * rate:.2g} %" if rate < 0.1 else f"{100 * rate:.0f} %"


class Claim(NamedTuple):
    """A claim, what was measured for it, and whether it holds."""

    claim: str
    measured: str  # the numbers in words
    criterion: str  # what they must be for a yes
    holds: bool
    value: float  # the number that decides; not a number where nothing was measured
    error: float  # its standard error; not a number where there is none

    @property
    def answer(self) -> str:
        """Yes or no; a question mark where nothing was measured."""
        return "?" if np.isnan(self.value) else "yes" if self.holds else "no"

    def to_json(self) -> dict[str, Any]:
        """The claim as JSON values, null for what is not a number, and where nothing decides."""
        numbers = {k: v if np.isfinite(v) else None for k, v in self._numbers().items()}
        holds = None if self.answer == "?" else bool(self.holds)
        return self._asdict() | {"holds": holds} | numbers

    def _numbers(self) -> dict[str, float]:
        return {"value": float(self.value), "error": float(self.error)}


def claims_text(claims: Sequence[Claim]) -> str:
    """Claims as text: the answer and the claim on a line, its number and criterion beneath."""
    lines = []
    for claim in claims:
        lines.append(f"{claim.answer:<3}  {claim.claim}")
        lines.append(f"     {claim.measured}")
        lines.append(f"     (yes if {claim.criterion})")
    return "\n".join(lines)
