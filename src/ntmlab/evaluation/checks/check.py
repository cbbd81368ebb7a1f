"""What came out of a check."""

from typing import Any, Final, NamedTuple

from ntmlab.notebook import Shown, Table
from ntmlab.records import Record, finite

WORDS: Final = {True: "passed", False: "FAILED", None: "skipped"}

# The properties that a predictor must have before its gap means anything, in order.
NAMES: Final[dict[str, str]] = {
    "shape": "outputs of the right shape and kind at every length and batch size",
    "finite": "no output is NaN or infinite",
    "normalised": "probabilities are between 0 and 1 and sum to 1",
    "causality": "no output depends on a later input",
    "past": "earlier inputs have an effect",
    "state": "carrying the state on equals one pass",
    "rows": "a row does not see the other rows of its batch",
    "repeatable": "the same input gives the same output, the random state is left alone",
    "untouched": "weights, inputs and the caller's state are the same afterwards",
    "precision": "float32 is close enough to float64",
    "gradients": "every parameter has a gradient, and none comes from later inputs",
    "decode": "a code driven by the predictions gives the sequence back, as short as claimed",
}


class Where(NamedTuple):
    """The smallest place that shows a failure, what is known of it.

    ``length`` steps a sequence; ``step`` and ``row`` where the output is wrong; ``other`` the later
    step, the cut or the neighbouring row that it should not depend on.
    """

    length: int | None = None
    step: int | None = None
    row: int | None = None
    other: int | None = None


class Check(NamedTuple):
    """The result of one check.

    ``passed`` is None where the check does not apply; ``message`` then says why. Of a failure
    ``size`` is how large the difference is (in logits for modules, else in probability) and
    ``bits`` what it costs: the divergence between the predictions that should agree, summed over a
    sequence.
    """

    name: str
    passed: bool | None
    size: float | None
    where: Where | None
    bits: float | None
    message: str

    def to_json(self) -> dict[str, Any]:
        """As a JSON object, without what is not known; numbers that are not finite are null."""
        place = {} if self.where is None else self.where._asdict()
        known = {k: v for k, v in place.items() if v is not None}
        numbers = {"size": self.size, "bits": self.bits}
        numbers = finite({k: v for k, v in numbers.items() if v is not None})
        return {
            "name": self.name,
            "passed": self.passed,
            **known,
            **numbers,
            "message": self.message,
        }


class Checks(list[Check], Shown):
    """What came out of the checks of a predictor, which a notebook shows as a table."""

    def records(self) -> list[Record]:
        """A dictionary a check, as `Check.to_json` has it."""
        return [check.to_json() for check in self]

    def shown(self) -> Table:
        """What a notebook shows."""
        rows = [[check.name, WORDS[check.passed], check.message] for check in self]
        return Table(["check", "", "what was tried, or what is wrong"], rows, words=True)


def passing(name: str, message: str) -> Check:
    """A check that passed; the message says what was tried."""
    return Check(name, True, None, None, None, message)


def skipped(name: str, why: str) -> Check:
    """A check that does not apply."""
    return Check(name, None, None, None, None, why)


def failing(
    name: str,
    message: str,
    where: Where | None = None,
    size: float | None = None,
    bits: float | None = None,
) -> Check:
    """A check that failed."""
    return Check(name, False, size, where, bits, message)
