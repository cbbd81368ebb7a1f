"""Several starts of one run: each is trained for a while, and the best one goes on."""

from torch import nn
from torch.optim import Optimizer

from ntmlab.recipes import Recipe
from ntmlab.training.checkpoint import Progress, part_of
from ntmlab.training.optimizer import optimizer_tensors, put_back


def count_row(recipe: Recipe, progress: Progress, before: int, bits: float) -> bool:
    """Counts a row of metrics, ``bits`` over the sequences since ``before``, for its start.

    Only rows that end in its second half count. Returns whether the start is at its end.
    """
    done, each = progress.sequences, recipe.start_sequences
    if 2 * done > (2 * progress.start + 1) * each:
        progress.start_bits += bits
        progress.start_rows += done - before
    return done >= (progress.start + 1) * each


def keep_if_best(model: nn.Module, optimizer: Optimizer, progress: Progress) -> None:
    """Ends a start: its weights and optimiser are kept if it cost less than all before it."""
    cost = progress.start_bits / progress.start_rows
    progress.start_bits, progress.start_rows = 0.0, 0
    if progress.best and cost >= progress.best_bits:
        return
    parts = {"model": model.state_dict(), "optimizer": optimizer_tensors(optimizer)}
    progress.best_start, progress.best_bits = progress.start, cost
    progress.best = {
        f"{part}.{name}": value.detach().clone()
        for part, values in parts.items()
        for name, value in values.items()
    }


def go_on_with_best(model: nn.Module, optimizer: Optimizer, progress: Progress) -> None:
    """Puts the weights and the optimiser of the best start back, in place."""
    model.load_state_dict(part_of(progress.best, "model."))
    put_back(optimizer, part_of(progress.best, "optimizer."))
    progress.start, progress.best = progress.best_start, {}
