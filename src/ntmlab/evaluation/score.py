"""How a predictor did on a set of sequences, and how that is written."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from ntmlab.evaluation.bits import Array, mean_and_error
from ntmlab.evaluation.wrong import WrongBits
from ntmlab.notebook import Shown, Table
from ntmlab.records import Record

SURE_ERRORS: Final = 6.0
SURE_SEQUENCES: Final = 100
SURE_BITS: Final = 1e-6  # less is rounding


class Score(NamedTuple):
    """How a predictor did on a set of sequences, in bits per sequence with standard errors.

    ``gap`` is the paired difference of costs to the optimum, ``kl`` the summed divergence from it:
    two estimates of the same number. Both are None where there is no optimum to compare with.
    ``wrong`` is None where targets do not follow from the inputs. ``impossible`` is how many
    symbols came that it had given a probability of 0: each costs infinitely many bits. ``ahead``:
    it costs less than the optimum, more surely than chance explains, see `is_sure`.
    """

    bits: float
    bits_se: float
    gap: float | None
    gap_se: float | None
    kl: float | None
    kl_se: float | None
    wrong: WrongBits | None = None
    impossible: int = 0
    ahead: bool = False

    def values(self) -> dict[str, float | None]:
        """The numbers by name; those of wrong bits and impossible symbols only if there are any."""
        beside = ("wrong", "impossible", "ahead")
        own = {k: v for k, v in self._asdict().items() if k not in beside}
        counted = self.wrong._asdict() if self.wrong else {}
        said = {"impossible": self.impossible} if self.impossible else {}
        return own | {k: v for k, v in counted.items() if v is not None} | said


def score(
    cost: Array,
    gap: Array | None,
    divergence: Array | None,
    wrong: WrongBits | None = None,
    impossible: int = 0,
    *,
    unreachable: bool = False,
) -> Score:
    """The score from bits per sequence, each (B,): cost, paired gap and summed divergence.

    What is ``unreachable`` may be ahead of the optimum.
    """
    (bits, bits_se), (mean, se), (kl, kl_se) = map(_pair, (cost, gap, divergence))
    assert bits is not None
    assert bits_se is not None
    ahead = gap is not None and not unreachable and gap.mean() < 0 and is_sure(gap)
    return Score(bits, bits_se, mean, se, kl, kl_se, wrong, impossible, bool(ahead))


def is_sure(differences: Array) -> bool:
    """Whether the mean of paired differences, (B,), is another than 0 beyond reasonable doubt.

    That is 6 standard errors, of 100 sequences at least: by chance once in 500 million times.
    """
    if len(differences) < SURE_SEQUENCES or not np.isfinite(differences).all():
        return False
    mean, error = mean_and_error(differences)
    return abs(mean) > max(SURE_ERRORS * error, SURE_BITS)


def _pair(values: Array | None) -> tuple[float | None, float | None]:
    return (None, None) if values is None else mean_and_error(values)


class Scores(dict[str, Score], Shown):
    """Scores by predictor, which a notebook shows as a table."""

    def table(self) -> str:
        """As text, one predictor a line, in bits per sequence."""
        return score_table(self)

    def records(self) -> list[Record]:
        """A dictionary for each predictor: its name, and its numbers in bits per sequence."""
        return [{"predictor": name, **own.values()} for name, own in self.items()]

    def shown(self) -> Table:
        """What a notebook shows."""
        rows = [[name, *cells] for name, cells in score_cells(self).items()]
        return Table(rows[0], rows[1:], "bits per sequence", _about(self))


def score_table(scores: Mapping[str, Score]) -> str:
    """Scores as text, a line each under a header, in bits per sequence.

    Where wrong bits are counted they stand in place of the gaps, which equal the bits there. A line
    at the end says of whom an impossible symbol came, and who is ahead of the optimum.
    """
    width = max(len("model"), *map(len, scores))
    lines = [
        "  ".join([f"{name:<{width}}", *(f"{cell:>17}" for cell in cells)])
        for name, cells in score_cells(scores).items()
    ]
    return "\n".join([*lines, *_about(scores)])


def score_cells(scores: Mapping[str, Score]) -> dict[str, list[str]]:
    """The cells of each score by name, those of the header first."""
    counted = all(s.wrong for s in scores.values())
    head = ["bits", "wrong bits", "wrong rate"] if counted else ["bits", "gap (paired)", "gap (KL)"]
    rows = {name: _wrong_cells(s) if counted else _gap_cells(s) for name, s in scores.items()}
    if any(len(cells) > len(head) for cells in rows.values()):
        head += ["wrong end marks"]
    return {"model": head} | rows


def with_error(value: float | None, error: float | None) -> str:
    """A number with its standard error, or a dash.

    >>> with_error(133.2691, 0.0112), with_error(None, None)
    ('133.269 ± 0.011', '-')
    """
    if value is None:
        return "-"
    return f"{value:.3f}" if error is None or np.isnan(error) else f"{value:.3f} ± {error:.3f}"


def _about(scores: Mapping[str, Score]) -> list[str]:
    """A line for each predictor to which something impossible happened, or that does it."""
    ahead = [
        f"{name}: ahead of the optimum by more than {SURE_ERRORS:g} standard errors, which no "
        "predictor can be: "
        "the optimum is not exact, or this one sees what it may not"
        for name, s in scores.items()
        if s.ahead
    ]
    return ahead + [
        f"{name}: {s.impossible:,} {'symbol' if s.impossible == 1 else 'symbols'} came that it had "
        "given probability 0; each costs infinitely many bits"
        for name, s in scores.items()
        if s.impossible
    ]


def _gap_cells(s: Score) -> list[str]:
    return [with_error(*pair) for pair in ((s.bits, s.bits_se), (s.gap, s.gap_se), (s.kl, s.kl_se))]


def _wrong_cells(s: Score) -> list[str]:
    """Bits, wrong bits a sequence, their rate, and wrong end markers a sequence if any."""
    assert s.wrong is not None
    cells = [with_error(s.bits, s.bits_se), with_error(s.wrong.wrong_bits, s.wrong.wrong_bits_se)]
    cells += [f"{s.wrong.wrong_rate:.4%}"]
    return cells if s.wrong.wrong_markers is None else [*cells, f"{s.wrong.wrong_markers:.3f}"]
