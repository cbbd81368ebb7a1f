"""Whether a user's task draws as many sequences as asked for, the same ones when they are drawn
again, and others from another number on.

Legend: B batch, T time, I input channels, O target channels.
"""

import dataclasses
import warnings
from typing import Any, Final

import torch

from ntmlab.errors import InputError, Remark
from ntmlab.foreign import guarded, is_own
from ntmlab.sequences import Sequences, Task, why_no_sequences
from ntmlab.tasks.draws import TRAINING_START

ROWS: Final = 64  # that are drawn
MOST_STEPS: Final = 4096  # of a sequence that is drawn only to be looked at
SHORT: Final = 256  # steps to which a longer one is cut, where the task has a length

# Rows that are no copies of the commonest one: two draws of 64 that have so many of them and are
# the same by chance occur once in ten million tasks, whatever a task's sequences are.
ENOUGH: Final = 4


def check_draws(name: str, task: Task) -> None:
    """Raises InputError for a task that draws other sequences than those asked for.

    Those that it draws at another time are others if chance is not from seed and number alone. A
    remark says so if they only depend on which are drawn with them. Those of training are numbered
    from 2^40 on: a task that ignores the number trains on what it is validated and scored on. A
    task that fails says so where it is used, and one of long sequences without a ``length`` is not
    asked.
    """
    task = _short(task)
    if task.steps > MOST_STEPS:
        return
    try:
        first, later = (
            guarded(f"task {name}: its sample", task.sample, ROWS, 0, start)
            for start in (0, TRAINING_START)
        )
    except InputError:
        return
    for drawn in (first, later):
        check_rows(name, drawn, ROWS)
    if are_again(first, later):
        raise InputError(again(name, TRAINING_START))
    _check_seeded(name, task, first)


def _check_seeded(name: str, task: Task, first: Sequences) -> None:
    """Raises InputError where the first sequences of a seed are others when they are drawn again.

    A remark where they are when they are drawn without those before them.
    """
    what, half = f"task {name}: its sample", ROWS // 2
    if not _are_same(first, guarded(what, task.sample, ROWS, 0, 0)):
        raise InputError(
            f"task {name} draws other sequences each time it is asked for the same: they depend on "
            "seed and number only, so draw or walk has to take all chance from the generator that "
            "it is given, none from random, numpy.random or torch, and to keep nothing"
        )
    if is_own(getattr(getattr(type(task), "sample", None), "__module__", "")):
        return  # which draws whole blocks, wherever it begins
    if not _are_same(first.take(slice(half, None)), guarded(what, task.sample, half, 0, half)):
        warnings.warn(
            f"task {name} draws a sequence otherwise where it is drawn without those before it: "
            "--resume does not go on with the sequences that the run would have had",
            Remark,
            stacklevel=3,
        )


def _are_same(one: Sequences, other: Sequences) -> bool:
    """Whether sequences are the same but for rounding, and for steps at the end that none needs."""
    if why_no_sequences(other, len(one.mask)) is not None:
        return False
    (shown, asked, mask), (again, targets, known) = (x.trim()[:3] for x in (one, other))
    if shown.shape != again.shape or not torch.equal(mask > 0, known > 0):
        return False
    scored = mask > 0
    alike = torch.allclose(shown.float(), again.float(), equal_nan=True)
    return alike and torch.equal(asked[scored], targets[scored])


def check_rows(name: str, drawn: object, count: int) -> None:
    """Raises InputError for what are not so many sequences, or none that NumPy can read."""
    if (reason := why_no_sequences(drawn, count) or _unreadable(drawn)) is not None:
        raise InputError(f"task {name}: its sample gave {reason}")


def _unreadable(drawn: Any) -> str | None:
    """Which part of sequences NumPy cannot read, as on a GPU or in bfloat16; None if it can."""
    for name in ("inputs", "targets", "mask"):
        part = getattr(drawn, name)
        try:
            part.numpy()
        except (TypeError, RuntimeError):
            kind = f"{part.dtype} on {part.device}{', with a gradient' * part.requires_grad}"
            return f"{name} in {kind}; sequences are float32 on the CPU, without a gradient"
    return None


def are_again(first: Sequences, later: Sequences) -> bool:
    """Whether some sequences are the first ones again, as those of a task do not come twice.

    Not where most are alike anyhow: a task may have one sequence only.
    """
    rows = [_written(part) for part in (first, later)]
    commonest = max(map(rows[0].count, set(rows[0])))
    return rows[0] == rows[1] and len(rows[0]) - commonest >= ENOUGH


def again(name: str, start: int) -> str:
    """What is said of a task whose sequences come twice."""
    return (
        f"task {name} draws the same sequences from number {start:,} on as from 0 on: they depend "
        "on seed and number, so sample(count, seed, start) has to heed start, and draw or walk has "
        "to take all chance from the generator that it is given"
    )


def _written(sequences: Sequences) -> list[bytes]:
    """Each sequence in bytes."""
    parts = zip(sequences.inputs, sequences.targets, strict=True)
    return [b"".join(x.detach().cpu().float().numpy().tobytes() for x in row) for row in parts]


def _short(task: Any) -> Task:
    """The task with shorter sequences, where they are long and it can be asked for them."""
    whole: Task = task
    if whole.steps <= SHORT or not dataclasses.is_dataclass(task):
        return whole
    try:
        short: Any = dataclasses.replace(task, length=SHORT)  # type: ignore[type-var]
    except Exception:
        return whole
    return short  # type: ignore[no-any-return]
