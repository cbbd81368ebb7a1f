"""The pictures of a memory at work on one sequence, with their arrays."""

import numpy as np

from ntmlab.figures import MemoryUse, memory, recurrences
from ntmlab.figures.machine import machine
from ntmlab.models import NTM
from ntmlab.optimal import NGramContexts
from ntmlab.sequences import Task
from ntmlab.studies.drawing import Drawing
from ntmlab.studies.memory.boxes import boxes_of
from ntmlab.studies.memory.measure import recurring, write_lag
from ntmlab.studies.traces import machine_use

MOST_ARROWS = 12
CONTEXT = 5  # bits, where the task has none of its own


def drawing(
    name: str, model: NTM, task: Task, seed: int = 0, window: tuple[int, int] | None = None
) -> Drawing:
    """A machine at work on the first sequence of a seed: Figures 6, 9, 12 and 15.

    ``window`` shows a stretch of a sequence of bits.
    """
    if task.letters == 2:
        return bits_drawing(name, model, task, seed, window)
    return steps_drawing(name, model, task, seed)


def steps_drawing(name: str, model: NTM, task: Task, seed: int) -> Drawing:
    """Inputs, outputs, what is added and read and where, side by side: Figures 6, 9 and 12."""
    drawn = task.sample(1, seed)
    use, _ = machine_use(model, drawn)
    axes = machine(use, boxes=boxes_of(task, use, seed))
    words = f"{name} on one sequence of {task.name}"
    if task.deterministic:
        wrong = (use.outputs > 0.5) != (drawn.targets[0].numpy() > 0.5)
        words += f", {int(wrong[drawn.mask[0].numpy() > 0].sum())} bits wrong"
    return Drawing(next(iter(axes.values())).figure, use._asdict(), words)


def bits_drawing(
    name: str, model: NTM, task: Task, seed: int, window: tuple[int, int] | None
) -> Drawing:
    """Above each other on one axis of time, with arrows where one context comes back: Figure 15."""
    drawn = task.sample(1, seed)
    use, trace = machine_use(model, drawn)
    bits = drawn.targets[0, :, 0].numpy()
    shown = MemoryUse(use.adds, use.write_weightings, use.read_weightings, use.outputs[:, 0])
    contexts = getattr(task, "contexts", None)
    size = contexts.context if isinstance(contexts, NGramContexts) else 0
    context = recurring("".join(f"{bit:.0f}" for bit in bits), size or CONTEXT)
    arrows = [s for s in recurrences(bits, context) if window is None or s in range(*window)]
    arrows = arrows[:MOST_ARROWS]
    late = write_lag(model, trace)
    about = f"the context {context} has come"
    axes = memory(shown, bits, arrows=arrows, about_arrows=about, written_after=late, window=window)
    words = (
        f"{name}, arrows where context {context} has come; framed the slot read most, and its "
        f"write {late} {'step' if late == 1 else 'steps'} later"
    )
    arrays = {**shown._asdict(), "bits": bits, "arrows": np.array(arrows)}
    return Drawing(next(iter(axes.values())).figure, arrays, words)
