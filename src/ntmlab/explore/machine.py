"""An NTM at work on one sequence, with changes made to its memory on the way.

Legend: T time, I inputs, O outputs, N slots, W slot width, R read heads, V write heads.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ntmlab.errors import InputError
from ntmlab.evaluation.bits import Array
from ntmlab.explore.questions import Change
from ntmlab.models import NTM, NTMState, NTMTrace, read_only
from ntmlab.outputs import Bits, Outputs


class MachineRun(NamedTuple):
    """What a machine did. Between two starts the memory follows from writes alone (Eq. 3-4)."""

    probabilities: Array  # (T, O) float64
    arrays: dict[str, np.ndarray]  # weightings, erases, adds, gates: each (T, heads, ...)
    starts: list[int]  # steps at which a stretch begins: 0, and those with changes
    memory: np.ndarray  # (starts, N, W) as the first step of each stretch reads it


@torch.inference_mode()
def run_machine(
    model: NTM,
    inputs: Tensor,
    changes: Iterable[Change] = (),
    outputs: Outputs | None = None,
    step: Callable[[str], None] = lambda name: None,
) -> MachineRun:
    """Runs a machine on inputs (1, T, I); changes happen before their step reads the memory.

    ``outputs`` says what logits mean; without it each is of a bit. Whole stretches between changes
    run in one scan; ``step`` hears of each. Raises InputError for a change at a step or a slot that
    is not there.
    """
    ordered = sorted(changes, key=lambda change: change.step)
    steps = inputs.shape[1]
    _check(ordered, steps, model.slots)
    starts = sorted({0, *(change.step for change in ordered)})
    state, runner = model.initial_state(1), model
    traces, memories = [], []
    for start, stop in pairwise([*starts, steps]):
        step("machine")
        here = [change for change in ordered if change.step == start]
        state = state._replace(memory=changed(state.memory, here))
        if any(change.kind == "freeze" for change in here):
            runner = read_only(model)
        memories.append(state.memory[0])
        stretch = inputs[:, start:stop]
        traces.append(runner.trace(stretch, state))
        if stop < steps:
            state = _state_after(runner, stretch, state)
    whole = NTMTrace(*(torch.cat(parts, dim=1) for parts in zip(*traces, strict=True)))
    p = _probabilities(outputs or Bits(model.output_size), whole)
    return MachineRun(p, _arrays(whole), starts, _stack(memories))


def changed(memory: Tensor, changes: Iterable[Change]) -> Tensor:
    """The memory (1, N, W) after changes, in their order."""
    memory = memory.clone()
    for change in changes:
        if change.kind == "clear":
            memory[:, change.slots[0]] = 0
        elif change.kind == "swap":
            first, second = change.slots
            memory[:, [first, second]] = memory[:, [second, first]]
    return memory


def _check(changes: Sequence[Change], steps: int, slots: int) -> None:
    for change in changes:
        if change.step >= steps:
            raise InputError(f"there is no step {change.step} to {change.kind} at; {steps} steps")
        for slot in change.slots:
            if slot >= slots:
                raise InputError(f"there is no slot {slot} to {change.kind}; {slots} slots")


def _state_after(model: NTM, inputs: Tensor, state: NTMState) -> NTMState:
    after: NTMState = model(inputs, state)[1]
    return after


def _probabilities(outputs: Outputs, trace: NTMTrace) -> Array:
    """As `ModulePredictor` gives them for the same logits."""
    return np.asarray(outputs.probabilities(trace.logits[0]).numpy())


def _arrays(trace: NTMTrace) -> dict[str, np.ndarray]:
    names = ("read_weightings", "write_weightings", "erases", "adds", "gates")
    return {name: getattr(trace, name)[0].numpy() for name in names}


def _stack(memories: list[Tensor]) -> np.ndarray:
    return np.asarray(torch.stack(memories).numpy())
