"""Is the answer the same again, and is everything as it was before the question?

Legend: B batch, T time, I inputs.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ntmlab.evaluation.adapters.stream import StreamPredictor
from ntmlab.evaluation.bits import Array
from ntmlab.evaluation.checks.check import Check, Where, failing, passing
from ntmlab.evaluation.checks.compared import difference
from ntmlab.evaluation.checks.module import ModuleSubject
from ntmlab.evaluation.checks.probes import Probes, near
from ntmlab.evaluation.checks.subject import FilterSubject, Subject
from ntmlab.models.state_size import named_tensors


def repeatable(subject: Subject, probes: Probes, lengths: Sequence[int]) -> Check:
    """The same question again, with another between, as one call leaves no trace in the next."""
    length = near(lengths)
    inputs = probes.of(length)
    with _drawn_from():
        before = _random_states()
        first = subject.values(inputs)
        moved = [name for name, state in _random_states().items() if state != before[name]]
    again = subject.values(inputs)
    subject.values(probes.others(2, max(1, length // 2)))
    third = subject.values(inputs)
    rounding = np.full(length, subject.unit_rounding(first))
    for found, what in ((again, "twice"), (third, "before and after another")):
        if (differs := difference(subject, first, found, rounding)) is not None:
            drawn = f"; it draws from the random generator of {moved[0]}" if moved else ""
            message = (
                f"the same {length} steps asked {what} are answered otherwise at step "
                f"{differs.step}, by {differs.amount}{drawn}"
            )
            where = Where(length, differs.step, differs.row)
            return failing("repeatable", message, where, differs.size, differs.bits)
    if moved:
        return failing("repeatable", f"a call changes the random state of {' and '.join(moved)}")
    return passing("repeatable", "two calls agree, with another between; random states are kept")


def still(subject: Subject, probes: Probes, first: dict[int, Array]) -> Check | None:
    """Whether the first question is answered otherwise after all others; ``first`` has answers.

    The same pass may be another program by then, of a compiled model, and round as that does. What
    rounding is measured by may have changed as well: the smaller one of then and now counts.
    """
    length = near(list(first))
    inputs = probes.of(length)
    answers = first[length], subject.values(inputs)
    rounding = np.minimum(*(subject.rounding(inputs, answer) for answer in answers))
    differs = difference(subject, *answers, rounding)
    if differs is None:
        return None
    message = (
        f"after all other checks the same {length} steps are answered otherwise at step "
        f"{differs.step}, by {differs.amount}: does it depend on how often it is asked?"
    )
    where = Where(length, differs.step, differs.row)
    return failing("repeatable", message, where, differs.size, differs.bits)


class Kept:
    """What a predictor must leave alone, remembered before any other check."""

    def __init__(self, subject: Subject, probes: Probes, length: int | None) -> None:
        self.subject, self.probes, self.length = subject, probes, length
        self.before = dict(_contents(subject.module)) if subject.module is not None else {}

    def untouched(self) -> Check:
        """Weights and buffers since then; inputs and a caller's state in a call."""
        wrong = self._weights() or self._inputs() or self._state()
        if wrong is not None:
            return wrong
        what = "weights, buffers, modes, " if self.before else ""
        return passing("untouched", f"{what}inputs and states are what they were")

    def _weights(self) -> Check | None:
        module = self.subject.module
        now = dict(_contents(module)) if module is not None else {}
        for name in self.before | now:
            old, new = self.before.get(name), now.get(name)
            if isinstance(old, Tensor) and isinstance(new, Tensor) and old.shape == new.shape:
                if torch.equal(old.nan_to_num(), new.nan_to_num()):
                    continue
                before, after = (one.to(torch.complex128) for one in (old, new))
                size = float((after - before).abs().max())
                message = f"an evaluation changes {name}, by {size:.2g}: what is saved is another"
                return failing("untouched", message, None, size)
            if isinstance(old, Tensor) or old != new:
                return failing("untouched", f"an evaluation changes {name}")
        return None

    def _inputs(self) -> Check | None:
        if self.length is None:
            return None
        inputs = self.probes.of(self.length)
        given = self.subject.like(inputs) if isinstance(self.subject, ModuleSubject) else inputs
        saved = given.clone()
        with torch.no_grad():
            self.subject.candidate(given)
        if torch.equal(given, saved):
            return None
        step = int((given != saved).any(-1).any(0).nonzero()[0])
        message = f"a call writes into the inputs that it is given, first at step {step}"
        return failing("untouched", message, Where(self.length, step))

    def _state(self) -> Check | None:
        """A state handed in must be good for another continuation."""
        subject, length = self.subject, self.length
        if isinstance(subject, FilterSubject):
            return _filter(subject)
        if isinstance(subject.candidate, StreamPredictor):
            return _stream(subject.candidate)
        if not isinstance(subject, ModuleSubject) or subject.stateless or (length or 0) < 2:
            return None
        inputs = self.probes.of(length or 2)
        cut = len(inputs[0]) // 2
        with torch.no_grad():
            _, state = subject.forward(inputs[:, :cut])
            saved = [tensor.clone() for _, tensor in named_tensors(state)]
            subject.forward(inputs[:, cut:], state)
        after = [tensor for _, tensor in named_tensors(state)]
        same = len(after) == len(saved) and all(map(torch.equal, after, saved))
        message = "a call changes the state that it is given: it can be continued once only"
        return None if same else failing("untouched", message, Where(length, other=cut))


def _filter(subject: FilterSubject) -> Check | None:
    """Whether predicting or updating changes the state that is given, (B,) letters in."""
    exact, letters = subject.filter, np.zeros(2, dtype=np.int64)
    for step in range(8):
        state = exact.start(2)
        for _ in range(step):
            state = exact.update(state, letters)
        before, again = exact.predict(state), exact.predict(state)
        if not np.array_equal(before, again):
            return failing("untouched", "predicting changes its state", Where(step + 1, step))
        exact.update(state, letters)
        if not np.array_equal(before, exact.predict(state)):
            message = "an update changes the state that it is given: the old one must stay valid"
            return failing("untouched", message, Where(step + 1, step))
    return None


def _stream(predictor: StreamPredictor) -> Check | None:
    """Whether predicting changes what is predicted."""
    predict, update = predictor.fresh()
    for step in range(8):
        first, again = (predictor.distribution(predict()) for _ in range(2))
        if not np.array_equal(first, again):
            size = float(np.abs(first - again).max())
            message = f"predicting again at step {step}, before the symbol, says another thing"
            return failing("untouched", message, Where(step + 1, step), size)
        update(step % predictor.letters)
    return None


def _contents(module: nn.Module) -> Iterator[tuple[str, Any]]:
    """Weights and buffers that are saved, copied, and modes, by name.

    Buffers that are not saved are caches, of rotations for one: they may grow.
    """
    saved = module.state_dict(keep_vars=True)
    for name, parameter in module.named_parameters():
        yield f"parameter {name}", parameter.detach().clone()
        yield f"requires_grad of {name}", parameter.requires_grad
    for name, buffer in module.named_buffers():
        if name in saved:
            yield f"buffer {name}", buffer.detach().clone()
    for name, part in module.named_modules():
        yield f"the mode of {name or 'the module'}", part.training


@contextmanager
def _drawn_from() -> Iterator[None]:
    """Generators moved on, and put back: a seed that a call sets may be set by an earlier one."""
    kept = np.random.get_state(), random.getstate()
    places = [torch.cuda.current_device()] if torch.cuda.is_initialized() else []
    with torch.random.fork_rng(places):
        torch.rand(1), np.random.random(), random.random()
        try:
            yield
        finally:
            np.random.set_state(kept[0])
            random.setstate(kept[1])


def _random_states() -> dict[str, bytes]:
    """The global random states, as bytes."""
    drawn = np.random.get_state(legacy=True)
    assert isinstance(drawn, tuple)
    states = {
        "torch": torch.get_rng_state().numpy().tobytes(),
        "numpy": np.asarray(drawn[1]).tobytes() + repr(drawn[2:]).encode(),
        "random": repr(random.getstate()).encode(),
    }
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        states["torch.cuda"] = torch.cuda.get_rng_state().numpy().tobytes()
    return states
