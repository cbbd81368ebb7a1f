"""How long a recipe will take here, from a few of its steps."""

import time

import torch

from ntmlab.recipes import Recipe
from ntmlab.training.cost import mean_cost
from ntmlab.training.device import find_device
from ntmlab.training.lengths import MixedLengths
from ntmlab.training.shown import training_sampler

MEASURED_STEPS = 4


def estimated_seconds(recipe: Recipe, device: str = "cpu") -> float:
    """Seconds that training a recipe will take on a device of this machine, validation left out.

    Measured on a few batches of sequences, after one that warms up. Raises InputError as
    `find_device` does.
    """
    place = find_device(device, recipe.model)
    task = recipe.shown_task()
    with torch.random.fork_rng():
        model = recipe.make_model().to(place)
    batches = [task.sample(recipe.batch, seed=i).to(place) for i in range(MEASURED_STEPS + 1)]
    started = 0.0
    for number, batch in enumerate(batches):
        if number == 1:
            started = time.perf_counter()
        mean_cost(model, batch).backward()
        if place.type == "cuda":
            torch.cuda.synchronize()  # it works on while Python goes on
    step = (time.perf_counter() - started) / MEASURED_STEPS
    return step * _longer(recipe) * recipe.sequences / recipe.batch


def _longer(recipe: Recipe) -> float:
    """How much longer sequences of training are than the task's, in the mean."""
    drawn_from = training_sampler(recipe)
    if not isinstance(drawn_from, MixedLengths):
        return 1.0
    return drawn_from.mean_steps() / drawn_from.shortest


def in_words(seconds: float) -> str:
    """A duration for people, to its largest unit.

    >>> in_words(40), in_words(130), in_words(9000)
    ('40 seconds', '2 minutes', '2.5 hours')
    """
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
