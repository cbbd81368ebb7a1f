"""The optimisers that a recipe can name, and what each kind of Adam has of its own."""

from typing import Any

from ntmlab.errors import InputError, unknown_name

# What each kind of Adam has beside its rate and its decay of weights.
ADAM: dict[str, dict[str, Any]] = {
    # A second-moment decay of 0.99: the NTM's gradients change scale quickly.
    "adam": {"betas": (0.9, 0.99)},
    # Plain Adam makes full steps of any gradient, however small: a machine that errs on nothing
    # walks on, until one rare sequence throws it off its solution. Here steps shrink with the
    # gradients where these are tiny, as in Graves's RMSProp. Root mean squares of clipped gradients
    # are near 4e-3 while a machine learns and 1e-6 once it has learnt.
    "adam-damped": {"betas": (0.9, 0.99), "eps": 1e-5},
    # Averages over more steps: gradients over 20, not 10, their squares over 1,000. Where single
    # gradients say little, as in sorting, steps follow their mean more closely.
    "adam-smooth": {"betas": (0.95, 0.999)},
    # Squares over 10,000 steps. A machine that has learnt has gradients near 0; what divides by the
    # squares of the last hundred lets one rare sequence move every weight by ten times the rate,
    # all at once, and what was learnt is gone within a few steps. This still knows how large
    # gradients were while it learnt.
    "adam-long": {"betas": (0.9, 0.9999)},
}
GRAVES = "graves-rmsprop"


def check_optimizer(name: str, weight_decay: float) -> None:
    """Raises InputError for an unknown optimiser, or a decay of weights where it has none."""
    if name not in (*ADAM, GRAVES):
        raise unknown_name("optimizer", name, (*ADAM, GRAVES))
    if name == GRAVES and weight_decay:
        raise InputError(f"{GRAVES} has no weight_decay: set it to 0, not {weight_decay:g}, first")
