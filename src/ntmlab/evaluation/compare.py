"""Predictors laid beside the optimum on the same sequences.

Legend: B batch, T time, O output channels.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from ntmlab.errors import InputError, unknown_name
from ntmlab.evaluation.bits import Array, Floats
from ntmlab.evaluation.doubts import check_aligned, remark_unless_exact, surprise
from ntmlab.evaluation.prefix import LooksAhead, marked, tested
from ntmlab.evaluation.ratios import Profile, Ratio
from ntmlab.evaluation.score import Score, Scores, score
from ntmlab.evaluation.scored import Oracle, answered, ask_again
from ntmlab.given import check_whole
from ntmlab.models.predictor import ModulePredictor
from ntmlab.notebook import Shown, Table
from ntmlab.optimal.contexts import contexts, deepest, visits_of
from ntmlab.optimal.kt import MOST_CONTEXTS
from ntmlab.outputs import Bits, Outputs
from ntmlab.records import Record
from ntmlab.sequences import Predictor, Sequences, outputs_of, symbols_of, why_no_sequences

ONE_BIT = Bits(1)

# A smaller divergence is not marked: by Pinsker's inequality the probabilities are less than half a
# level of 256 greys apart. It keeps rounding errors of an exact predictor from being called
# departures.
DIVERGENCE_FLOOR = 1e-5  # bits

# Two marked steps are at least this part of the shown steps apart.
DIVERGENCE_SPACING = 1 / 20


@dataclass(frozen=True)
class Comparison(Shown):
    """Sequences and what each predictor said of them; a notebook shows its scores.

    ``probabilities`` maps a predictor's name to its probabilities (B, T, O) of the targets, as
    ``outputs`` says; ``reference`` names the optimal one, if it is among them, ``unreachable``
    those that see the drawn parameters, ``looking_ahead`` those that see what comes, and
    ``expected`` those whose cost is expected, not by chance.
    """

    inputs: Floats  # (B, T, I)
    targets: Floats  # (B, T, O)
    mask: Floats  # (B, T)
    probabilities: dict[str, Array]
    reference: str | None
    outputs: Outputs = ONE_BIT
    unreachable: frozenset[str] = frozenset()
    looking_ahead: frozenset[str] = frozenset()
    expected: frozenset[str] = frozenset()

    @property
    def names(self) -> list[str]:
        """The predictors, in order."""
        return list(self.probabilities)

    def cost(self, name: str) -> Array:
        """Bits per step, (B, T)."""
        self._check(name)
        if name in self.expected:
            return self.outputs.entropy_bits(self.probabilities[name], self.mask)
        return self.outputs.cost_bits(self.probabilities[name], self.targets, self.mask)

    def divergence(self, name: str) -> Array:
        """KL(optimal || model) per step in bits, (B, T); of the oracle -KL(oracle || optimal).

        Raises InputError without an optimum.
        """
        if self.reference is None:
            raise InputError(
                "there is no optimal predictor in this comparison to diverge from: give "
                "task.optimal() among them, or name it with reference="
            )
        self._check(name)
        optimal, own = self.probabilities[self.reference], self.probabilities[name]
        if name in self.unreachable:
            return -self.outputs.divergence_bits(own, optimal, self.mask)
        return self.outputs.divergence_bits(optimal, own, self.mask)

    def _check(self, name: str) -> None:
        if name not in self.probabilities:
            raise unknown_name("predictor of this comparison", name, self.probabilities)

    def score(self, name: str) -> Score:
        """Mean cost and gap in bits per sequence, with standard errors."""
        steps = self.cost(name)
        cost, impossible = steps.sum(1), int(np.isinf(steps).sum())
        if self.reference is None:
            return score(cost, None, None, impossible=impossible)
        with np.errstate(invalid="ignore"):
            gap = cost - self.cost(self.reference).sum(1)
        free = name in self.unreachable
        kl = self.divergence(name).sum(1)
        return score(cost, gap, kl, impossible=impossible, unreachable=free)

    def table(self) -> str:
        """The scores of all predictors as text, one a line, in bits per sequence."""
        return self._scores().table()

    def records(self) -> list[Record]:
        """The scores of all predictors, a dictionary each, as `Score` has them."""
        return self._scores().records()

    def shown(self) -> Table:
        """What a notebook shows: the scores."""
        return self._scores().shown()

    def _scores(self) -> Scores:
        return Scores({self.label(name): self.score(name) for name in self.names})

    def label(self, name: str) -> str:
        """The predictor's name, with a mark if its gap means nothing."""
        return marked(name) if name in self.looking_ahead else name

    def gap_by_position(self, name: str) -> Profile:
        """The divergence by position in the sequence, (T,), with errors over sequences."""
        divergence = self.divergence(name)
        places = np.where(self.mask > 0, np.arange(divergence.shape[1]), -1)
        return Ratio.by_bin(divergence, places, divergence.shape[1]).profile()

    def gap_by_visit(self, name: str, context_bits: int) -> Profile:
        """The mean divergence at the first, second, ... visit of a context, on next-symbol tasks.

        Entry v averages over the steps whose context of ``context_bits`` letters was seen v times
        before in their sequence; errors take sequences as independent, steps of one as not.
        """
        letters = self.outputs.letters
        if letters is None:
            raise InputError("contexts are of next-symbol tasks; these have several bits a step")
        check_whole("context_bits", context_bits, 0, deepest(letters, MOST_CONTEXTS))
        symbols = symbols_of(self.targets, letters)
        seen = visits_of(contexts(symbols, context_bits, letters), letters**context_bits)
        seen = np.where(self.mask > 0, seen, -1)
        size = int(seen.max(initial=-1)) + 1
        return Ratio.by_bin(self.divergence(name), seen, size).profile()

    def divergences(
        self, name: str, index: int = 0, count: int = 2, window: slice | None = None
    ) -> list[int]:
        """The steps of one sequence where a predictor departs most from the optimum, in time order.

        The rule: take steps by decreasing KL(optimal || model), whatever its size; leave out a step
        closer than a twentieth of the shown steps to one already taken, so that arrows do not
        crowd; stop after ``count``, or when less is left than any picture shows, 0.00001 bits.
        ``window`` restricts the steps shown.
        """
        divergence = self.divergence(name)[index]
        steps = np.arange(len(divergence))[window or slice(None)]
        spacing = max(1.0, len(steps) * DIVERGENCE_SPACING)
        taken: list[int] = []
        for step in steps[np.argsort(-divergence[steps], kind="stable")]:
            if len(taken) == count or divergence[step] < DIVERGENCE_FLOOR:
                break
            if all(abs(step - other) >= spacing for other in taken):
                taken.append(int(step))
        return sorted(taken)


def compare(
    sequences: Sequences,
    predictors: Mapping[str, object],
    reference: str | None = None,
    *,
    unchecked: bool = False,
) -> Comparison:
    """What each predictor says of the same sequences.

    ``predictors`` maps names to predictors or PyTorch modules (whose outputs are logits).
    ``reference`` names the optimal one; by default it is what a task's ``optimal()`` returned, or
    the one called "optimal", in any case. Raises InputError if a predictor fails, a prediction has
    the wrong shape or is not a probability, or two could be the optimum; and if one looks ahead:
    predictors of your own are tested, unless ``unchecked``, and the table then says so; where the
    mask is neither 0 nor 1, or a scored target no bit and no letter; and where an exact predictor
    is asked and the inputs are not the symbols before. A remark says where one was scored by what
    it does not say again, and where an optimum is surely not exact.

    >>> from ntmlab import make_task
    >>> task = make_task("dynamic-ngrams:order=2,length=4")
    >>> comparison = compare(task.sample(3, seed=0), {"Bayes": task.optimal()})
    >>> comparison.reference, comparison.score("Bayes").gap
    ('Bayes', 0.0)
    """
    if not predictors:
        raise InputError("there is nothing to compare: give at least one predictor")
    if not isinstance(predictors, Mapping) or not all(isinstance(x, str) for x in predictors):
        raise InputError('predictors are given by name, as in {"mine": model}')
    if (reason := why_no_sequences(sequences)) is not None:
        raise InputError(f"the sequences to compare on have {reason}")
    shown, targets, mask = map(_readable, sequences[:3])
    sequences = sequences._replace(inputs=shown, targets=targets, mask=mask)
    outputs = outputs_of(sequences)
    every = {name: as_predictor(p, outputs) for name, p in predictors.items()}
    leave = "unchecked=True"
    every = {
        name: tested(p, sequences, name, unchecked=unchecked, leave=leave)
        for name, p in every.items()
    }
    for p in every.values():
        check_aligned(sequences, p)
    said = {name: answered(p, sequences, name) for name, p in every.items()}
    for name, p in every.items():
        ask_again(p, sequences, said[name], name)
    found = Comparison(
        sequences.inputs.numpy().copy(),  # the caller may write into its own
        sequences.targets.numpy().copy(),
        sequences.mask.numpy().copy(),
        said,
        _reference(predictors, reference),
        outputs,
        frozenset(name for name, p in every.items() if isinstance(p, Oracle)),
        frozenset(name for name, p in every.items() if isinstance(p, LooksAhead)),
        frozenset(name for name, p in every.items() if isinstance(p, Oracle) and p.entropy),
    )
    if found.reference in _could_be_optimal(predictors):
        best = found.reference
        unforeseen = surprise(sequences, said[best], found.cost(best).sum(1))
        remark_unless_exact(unforeseen, f"this comparison, {best},")
    return found


def _readable(part: torch.Tensor) -> torch.Tensor:
    """Numbers that NumPy can read: on the CPU, without gradient, and not in bfloat16."""
    here = part.detach().cpu()
    return here.float() if here.dtype == torch.bfloat16 else here


def as_predictor(candidate: object, outputs: Outputs | None = None) -> Predictor:
    """A predictor as it is; a PyTorch module as the predictor of its logits."""
    if isinstance(candidate, torch.nn.Module):
        return ModulePredictor(candidate, outputs)
    if isinstance(candidate, type):
        raise InputError(f"a predictor must be an instance, not the class {candidate.__name__}")
    if not callable(candidate):
        raise InputError(f"a predictor must be callable or a torch module, not {candidate!r}")
    return candidate


def _reference(predictors: Mapping[str, object], given: str | None) -> str | None:
    """The name of the optimum: the one given, marked as a task's optimum, or called so."""
    if given is not None:
        if given not in predictors:
            raise InputError(f"the reference {given!r} is not among {', '.join(predictors)}")
        return given
    could = _could_be_optimal(predictors)
    if len(could) > 1:
        raise InputError(f"{' and '.join(could)} could each be the optimum: give reference=")
    return could[0] if could else None


def _could_be_optimal(predictors: Mapping[str, object]) -> list[str]:
    """Those that a task marked as its optimum, or that are called so; of several both."""
    marked = [name for name, p in predictors.items() if getattr(p, "optimum", False)]
    called = [name for name in predictors if name.lower() == "optimal"]
    sure = [name for name in called if name in marked]
    return sure or list(dict.fromkeys([*called, *marked]))
