"""What goes along a sequence in blocks: its cost, and a code of each block and back.

Legend: B batch, T time, k letters, O output channels.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks import check_predictor
from ntmlab.evaluation.checks.coder import Decoder, Encoder
from ntmlab.evaluation.checks.decode import distribution
from ntmlab.evaluation.checks.module import ModuleSubject, make_subject
from ntmlab.evaluation.checks.subject import FilterSubject, Subject
from ntmlab.evaluation.ours import is_ours
from ntmlab.evaluation.scored import score_steps
from ntmlab.outputs import of_symbol
from ntmlab.sequences import Predictor, Sequences, Task, next_symbol
from ntmlab.streams.native import compiled, native_module
from ntmlab.streams.reference import Steps, steps_of

Symbols = NDArray[np.uint8]

WINDOW: Final = 512  # steps of a pass of a model that carries no state; half of them are context
AT_ONCE: Final = 4096  # steps of a pass that carries its state on
ROWS_AT_ONCE: Final = 64  # windows of a pass

CARRIED: Final = "state carried"
WINDOWS: Final = f"windows of {WINDOW}, the first half context"


class Walker(Protocol):
    """A predictor on its way along a sequence; ``how`` says how it gets its past.

    ``cost`` is what the next symbols cost in bits; ``encode`` puts them into an encoder of its own
    kind, and ``decode`` takes so many out of a decoder. Each goes on where the last call ended.
    """

    how: str

    def restart(self) -> None: ...
    def cost(self, symbols: Symbols) -> float: ...
    def encoder(self) -> Any: ...
    def decoder(self, code: bytes) -> Any: ...
    def encode(self, encoder: Any, symbols: Symbols) -> None: ...
    def decode(self, decoder: Any, count: int) -> Symbols: ...


class NativeWalker:
    """A compiled predictor."""

    how = CARRIED

    def __init__(self, model: Any) -> None:
        module = native_module()
        assert module is not None
        self.model, self.encoder, self.decoder = model, module.Encoder, module.Decoder
        self.restart: Callable[[], None] = model.restart
        self.cost: Callable[[Symbols], float] = model.cost
        self.encode: Callable[[Any, Symbols], None] = model.encode

    def decode(self, decoder: Any, count: int) -> Symbols:
        """So many symbols."""
        found = np.empty(count, dtype=np.uint8)
        self.model.decode(decoder, found)
        return found


class StepWalker:
    """What predicts symbol after symbol, a fresh one for each sequence."""

    how = CARRIED

    def __init__(self, fresh: Callable[[], Steps]) -> None:
        self.fresh = fresh
        self.restart()

    def restart(self) -> None:
        """A new sequence."""
        self.steps = self.fresh()

    def cost(self, symbols: Symbols) -> float:
        """Bits; infinite where something came that had probability 0."""
        given = np.empty(len(symbols))
        for t, symbol in enumerate(symbols.tolist()):
            given[t] = self.steps.probabilities[symbol]
            self.steps.update(symbol)
        with np.errstate(divide="ignore"):
            return float(-np.log2(given).sum())

    def encoder(self) -> Encoder:
        """An empty one."""
        return Encoder()

    def decoder(self, code: bytes) -> Decoder:
        """One at the start of a code."""
        return Decoder(np.unpackbits(np.frombuffer(code, np.uint8)).tolist())

    def encode(self, encoder: Encoder, symbols: Symbols) -> None:
        """Puts symbols into an encoder."""
        for symbol in symbols.tolist():
            encoder.put(symbol, self.steps.probabilities)
            self.steps.update(symbol)

    def decode(self, decoder: Decoder, count: int) -> Symbols:
        """So many symbols."""
        found = []
        for _ in range(count):
            found.append(decoder.get(self.steps.probabilities))
            self.steps.update(found[-1])
        return np.array(found, dtype=np.uint8)


class ModuleWalker(StepWalker):
    """A module that returns its state and takes it back."""

    def __init__(self, subject: ModuleSubject, letters: int) -> None:
        self.subject, self.letters = subject, letters
        super().__init__(lambda: SubjectSteps(subject, letters))

    def restart(self) -> None:
        """A new sequence: no state, no symbol before."""
        super().restart()
        self.state: Any = None
        self.before: list[int] = []

    @torch.no_grad()
    def cost(self, symbols: Symbols) -> float:
        """Bits, in passes of 4,096 steps, each with the state that the last returned."""
        total = 0.0
        for start in range(0, len(symbols), AT_ONCE):
            came = symbols[start : start + AT_ONCE].tolist()
            sequences = next_symbol([[*self.before, *came]], self.letters)
            inputs = sequences.inputs[:, len(self.before) :]
            (values,), self.state = self.subject.carried([inputs], self.state)
            said = self.subject.outputs.distribution(self.subject.probabilities(values))
            with np.errstate(divide="ignore"):
                total -= float(np.log2(of_symbol(said, np.array([came]))).sum())
            self.before = came[-1:]
        return total


class WindowWalker(StepWalker):
    """A predictor that carries no state: windows of 512 steps, each begun 256 after the last.

    All of the first are scored, and the second half of every later one, so that each symbol but the
    first 256 is predicted from 256 to 511 before it.
    """

    how = WINDOWS

    def __init__(self, predictor: Predictor, subject: Subject, letters: int) -> None:
        self.predictor, self.letters = predictor, letters
        super().__init__(lambda: SubjectSteps(subject, letters, WINDOW))

    def restart(self) -> None:
        """A new sequence."""
        super().restart()
        self.past: Symbols = np.empty(0, dtype=np.uint8)
        self.room = WINDOW  # steps left in the window that began with the past

    def cost(self, symbols: Symbols) -> float:
        """Bits; whole windows go together, what is left of one in a pass of its own."""
        total, at = 0.0, 0
        while at < len(symbols):
            whole = max(0, (len(symbols) - at - self.room) // (WINDOW // 2))
            if self.room == WINDOW // 2 and whole:
                rows = min(whole, ROWS_AT_ONCE)
                taken = rows * (WINDOW // 2)
            else:
                rows, taken = 1, min(self.room, len(symbols) - at)
            joined = np.concatenate([self.past, symbols[at : at + taken]])
            total += self._cost(joined, rows, len(self.past))
            self._keep(joined, taken if rows == 1 else self.room)
            at += taken
        return total

    def _keep(self, joined: Symbols, taken: int) -> None:
        self.room -= taken
        if self.room == 0:
            joined, self.room = joined[len(joined) - WINDOW // 2 :], WINDOW // 2
        self.past = joined

    def _cost(self, joined: Symbols, rows: int, known: int) -> float:
        """What symbols cost after the first ``known`` of each window."""
        if rows > 1:
            half = WINDOW // 2
            joined = np.stack([joined[i * half : i * half + WINDOW] for i in range(rows)])
        sequences = next_symbol(np.atleast_2d(joined), self.letters)
        mask = sequences.mask.clone()
        mask[:, :known] = 0
        scored = Sequences(sequences.inputs, sequences.targets, mask, outputs=sequences.outputs)
        return float(score_steps(self.predictor, scored, "it", None).cost.sum())


class SubjectSteps:
    """A model, step by step; without a state, from a window that is begun again when it is full."""

    def __init__(self, subject: Subject, letters: int, window: int | None = None) -> None:
        self.subject, self.letters, self.window = subject, letters, window
        one_each = next_symbol([[*range(letters), 0]], letters).inputs[0]
        self.shown: list[Tensor] = list(one_each[1:])
        self.start: Tensor = one_each[0]
        self.past: list[int] = []
        self.said: Array | None = None
        self.now = self.start
        self._begin()

    @property
    def probabilities(self) -> Array:
        """P of each letter, (k,), asked for once a step."""
        if self.said is None:
            self.said = distribution(self.subject, self.step(self.now))
        return self.said

    def update(self, symbol: int) -> None:
        """Takes in what came."""
        assert self.said is not None
        self.said, self.now = None, self.shown[symbol]
        if self.window is None:
            return
        self.past.append(symbol)
        if len(self.past) == self.window:
            self.past = self.past[self.window // 2 :]
            self._begin()

    def _begin(self) -> None:
        """The past once more, from the start."""
        self.step, self.now = self.subject.stepper(), self.start
        self.said = None
        for symbol in self.past:
            self.step(self.now)
            self.now = self.shown[symbol]


def walker_of(predictor: Predictor, task: Task, *, native: bool = True) -> Walker:
    """What takes a predictor along a file's sequences.

    Compiled where it is an exact predictor that is; by carried state where it has one and a user's
    own passes the check of it; otherwise in windows.
    """
    letters = task.letters
    assert letters is not None
    subject = make_subject(predictor, task.outputs)
    if isinstance(subject, FilterSubject):
        exact = subject.filter
        model = compiled(exact) if native else None
        return StepWalker(lambda: steps_of(exact)) if model is None else NativeWalker(model)
    if isinstance(subject, ModuleSubject) and carries(subject, predictor, task):
        return ModuleWalker(subject, letters)
    return WindowWalker(predictor, subject, letters)


def carries(subject: Subject, predictor: Predictor, task: Task) -> bool:
    """Whether a model can be carried on: it takes a state, and the check of states passes."""
    if is_ours(predictor):
        return True
    if subject.stateless is not None:
        return False
    (check,) = check_predictor(predictor, task, names=["state"])
    return check.passed is True
