"""The pictures of sorting with their arrays."""

import numpy as np

from ntmlab.studies.drawing import Drawing
from ntmlab.studies.sorting.measure import FIT_SEQUENCES, SortWrites
from ntmlab.studies.sorting.picture import sort_example, sort_use
from ntmlab.tasks import PrioritySort


def example_drawing(task: PrioritySort, seed: int = 0) -> Drawing:
    """One sequence and its sorted answer: Figure 16."""
    drawn = task.sample(1, seed)
    inputs = drawn.inputs[0, : task.count, : task.width + 1].double().numpy()
    targets = drawn.targets[0, task.count + 1 :].double().numpy()
    figure = sort_example(inputs, targets)[0].figure
    words = f"{task.kept} of {task.count} vectors in order of priority"
    return Drawing(figure, {"inputs": inputs, "targets": targets}, words)


def fit_drawing(found: SortWrites) -> Drawing:
    """Where a machine writes while it is shown vectors to sort: Figure 17."""
    reads = np.minimum(found.read_weightings, 1)
    axes = sort_use(found.fit, found.write_weightings, reads, priorities=found.priorities)
    arrays = {
        "priorities": found.priorities,
        "locations": found.fit.locations,
        "predicted": found.fit.predicted,
        "write_weightings": found.write_weightings,
        "read_weightings": found.read_weightings,
        "r_squared": found.r_squared,
    }
    means = np.nan_to_num(found.r_squared).mean(0)
    words = (
        f"write head {found.head + 1} of {len(means)}, R² {found.fit.r_squared:.3f} on the "
        f"sequence shown, {means[found.head]:.3f} on average over {FIT_SEQUENCES}"
    )
    return Drawing(axes[0].figure, arrays, words)
