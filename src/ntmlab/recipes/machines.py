"""How the machines of the tasks with exact answers are set up: what their recipes share.

Heads, controllers and memory are those of the paper's Tables 1 to 3.
"""

from typing import Any

# A constant memory and heads that start at one place make the machine's course the same wherever
# in memory it is, so that what is learned on short sequences holds on long ones.
SAME_EVERYWHERE: dict[str, Any] = {
    "slots": 128,
    "slot_width": 20,
    "output_reads": True,
    "memory_start": "constant",
    "memory_scale": 1e-6,
    "weighting_start": "first",
    "gate_bias": 0.0,
}

# Sorting needs places that can be told apart by content, in an order, since a priority stands for a
# place; and heads that look places up rather than step from one to the next.
PLACES: dict[str, Any] = {
    "slots": 128,
    "slot_width": 20,
    "output_reads": True,
    "memory_start": "smooth",
    "memory_scale": 0.5,
    "weighting_start": "random",
    "gate_bias": 2.0,
    "strength_bias": 5.0,
}

# An LSTM controller that starts by forgetting, and through which single inputs pass, has to keep
# things in memory. Otherwise it keeps them itself, and seeds stay on that plateau.
FORGETFUL: dict[str, Any] = {"gain": 2.0, "forget_bias": -2.0}
