"""The pictures of sorting with their arrays."""

from collections.abc import Mapping

import numpy as np

from ntmlab.errors import InputError
from ntmlab.evaluation.scored import predict
from ntmlab.sequences import Predictor, Task
from ntmlab.studies.drawing import Drawing
from ntmlab.studies.sorting.measure import FIT_SEQUENCES, SortWrites
from ntmlab.studies.sorting.picture import sort_example, sort_use, wrong_bits
from ntmlab.tasks import PrioritySort


def example_drawing(
    task: Task, seed: int = 0, models: Mapping[str, Predictor] | None = None
) -> Drawing:
    """One sequence, its sorted answer and what models answered: Figure 16.

    Raises InputError for another task than sorting by priority.
    """
    if not isinstance(task, PrioritySort):
        raise InputError(f"the example is of task sort, not {task.name}")
    drawn = task.sample(1, seed)
    inputs = drawn.inputs[0, : task.count, : task.width + 1].double().numpy()
    targets = drawn.targets[0, task.count + 1 :].double().numpy()
    outputs = {
        name: predict(model, drawn, name)[0, task.count + 1 :]
        for name, model in (models or {}).items()
    }
    figure = sort_example(inputs, targets, outputs)[0].figure
    parts = [f"{task.kept} of {task.count} vectors in order of priority"]
    parts += [f"{name}: {wrong_bits(own, targets)}" for name, own in outputs.items()]
    return Drawing(figure, {"inputs": inputs, "targets": targets, **outputs}, "; ".join(parts))


def fit_drawing(found: SortWrites) -> Drawing:
    """Where a machine writes while it is shown vectors to sort: Figure 17."""
    reads = np.minimum(found.read_weightings, 1)
    means = np.nan_to_num(found.r_squared).mean(0)
    about = (
        f"write head {found.head + 1} of {len(means)}, over {FIT_SEQUENCES} sequences:\n"
        f"mean R² {means[found.head]:.2f}; next best head {_second(means):.2f}"
    )
    axes = sort_use(
        found.fit, found.write_weightings, reads, priorities=found.priorities, about=about
    )
    arrays = {
        "priorities": found.priorities,
        "locations": found.fit.locations,
        "predicted": found.fit.predicted,
        "write_weightings": found.write_weightings,
        "read_weightings": found.read_weightings,
        "r_squared": found.r_squared,
    }
    words = (
        f"write head {found.head + 1} of {len(means)}, R² {found.fit.r_squared:.3f} on the "
        f"sequence shown, {means[found.head]:.3f} on average over {FIT_SEQUENCES}"
    )
    return Drawing(axes[0].figure, arrays, words)


def _second(means: np.ndarray) -> float:
    """The second largest; 0 of a single one."""
    return float(np.sort(means)[-2]) if len(means) > 1 else 0.0
