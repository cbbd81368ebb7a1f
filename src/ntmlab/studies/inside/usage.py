"""What an NTM did on many sequences of dynamic N-grams, beside what it should have counted.

Legend: B sequences, T time, K contexts, N slots, W slot width, R read heads, V write heads, L lags.
"""

from typing import NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from ntmlab.evaluation.bits import Array
from ntmlab.models import NTM
from ntmlab.optimal.contexts import contexts, counts, previous_visits, visits
from ntmlab.sequences import Predictor, Sequences, outputs_of
from ntmlab.studies.traces import LAGS, content_change

Steps = NDArray[np.int64]
Numbers = TypeVar("Numbers", Array, Steps)


class Usage(NamedTuple):
    """Parts of a trace and the counts of contexts, aligned at the step of the prediction.

    At step t the context is the five bits before; its outcome is ``bits[:, t]``, which the machine
    sees at t + 1. Weightings are means over heads.
    """

    bits: Steps  # (B, T)
    contexts: Steps  # (B, T), -1 without one, as the next two
    visits: Steps  # (B, T) earlier visits of the context
    previous: Steps  # (B, T) step of the visit before
    ones: Steps  # (B, T, K) that followed each context before the step
    zeros: Steps  # (B, T, K)
    read: Array  # (B, T, N) weightings
    write: Array  # (B, T, N)
    reads: Array  # (B, T, R * W) contents read
    adds: Array  # (B, T, V * W)
    change: Array  # (B, T, L) norm of what the write of step t + lag does to the content read at t
    divergence: Array  # (B, T) KL(optimal || model) in bits


def record(model: NTM, sequences: Sequences, context_bits: int, optimal: Predictor) -> Usage:
    """Runs a machine on sequences and keeps what the study of its memory needs."""
    with torch.no_grad():
        trace = model.trace(sequences.inputs)
        change = content_change(model.initial_state(len(sequences.inputs)).memory, trace)
    bits = sequences.targets[:, :, 0].numpy().astype(np.int64)
    outputs = outputs_of(sequences)
    said = outputs.probabilities(trace.logits).numpy()
    optimum = optimal(sequences.inputs).numpy()
    return Usage(
        bits,
        contexts(bits, context_bits),
        visits(bits, context_bits),
        previous_visits(bits, context_bits),
        *counts(bits, context_bits),
        trace.read_weightings.mean(2).double().numpy(),
        trace.write_weightings.mean(2).double().numpy(),
        trace.reads.flatten(2).double().numpy(),
        trace.adds.flatten(2).double().numpy(),
        change.double().numpy(),
        outputs.divergence_bits(optimum, said, sequences.mask.numpy()),
    )


def later(values: Array, lag: int) -> Array:
    """Values (B, T, ...) of ``lag`` steps after each step; the last ones wrap round."""
    return np.roll(values, -lag, axis=1)


def in_time(usage: Usage, lag: int = LAGS - 1) -> NDArray[np.bool_]:
    """Steps (B, T) with a context, and with a step ``lag`` after them."""
    length = usage.bits.shape[1]
    return np.asarray((usage.contexts >= 0) & (np.arange(length) < length - lag))


def strangers(usage: Usage, seed: int = 0) -> tuple[Steps, NDArray[np.bool_]]:
    """For each step another step of its sequence at random, and where its context differs.

    Both steps have a context and `LAGS` - 1 steps after them: the control of every comparison
    between two visits of one context.
    """
    length = usage.bits.shape[1]
    first = int((usage.contexts[0] < 0).sum())
    draw = np.random.default_rng(seed)
    other = draw.integers(first, max(first + 1, length - LAGS + 1), usage.bits.shape)
    other = np.minimum(other, length - 1)
    theirs = np.take_along_axis(usage.contexts, other, axis=1)
    return other, in_time(usage) & (theirs >= 0) & (theirs != usage.contexts)


def at_steps(values: Numbers, steps: Steps) -> Numbers:
    """Values (B, T, ...) at other steps (B, T) of the same sequences."""
    rows = np.arange(len(values))[:, None]
    return values[rows, steps]
