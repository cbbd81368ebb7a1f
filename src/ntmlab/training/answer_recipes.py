"""Recipes of the paper's tasks whose targets follow from the inputs: copy to priority sort.

Heads, controllers and memory are those of the paper's Tables 1 to 3; ``docs/log.md`` says how the
other values were found.
"""

from typing import Any

from ntmlab.training.recipe import Recipe

# A constant memory and heads that start at one place make the machine's course the same wherever
# in memory it is, so that what is learned on short sequences holds on long ones.
START: dict[str, Any] = {
    "memory_start": "constant",
    "memory_scale": 1e-6,
    "weighting_start": "first",
    "gate_bias": 0.0,
}

# An LSTM controller that starts by forgetting, and through which single inputs pass, has to keep
# things in memory. Otherwise it keeps them itself, and seeds stay on that plateau.
FORGETFUL: dict[str, Any] = {"gain": 2.0, "forget_bias": -2.0}

# Repeat copy starts with gates that are nearly shut: heads then learn to step on first, and to jump
# back later. A feedforward controller's are shut less, so that its write head too learns to jump.
JUMP_BIAS = -2.0
FEEDFORWARD_JUMP_BIAS = -1.0

# Sorting needs places that can be told apart by content, in an order, since a priority stands for a
# place; and heads that look places up rather than step from one to the next.
PLACES: dict[str, Any] = {
    "memory_start": "smooth",
    "memory_scale": 0.5,
    "weighting_start": "random",
    "strength_bias": 5.0,
    "gate_bias": 2.0,
}

NTM: dict[str, Any] = {"slots": 128, "slot_width": 20, "output_reads": True, **START}


def _cells(
    task: str,
    title: str,
    *,
    heads: tuple[int, int],
    feedforward: int,
    lstm_layers: int,
    baseline: int,
    common: dict[str, Any],
    recurrent: dict[str, Any],
    lstm: dict[str, Any],
    start: dict[str, Any] = START,
    feedforward_training: dict[str, Any] | None = None,
    feedforward_start: dict[str, Any] | None = None,
    recurrent_start: dict[str, Any] | None = None,
) -> tuple[Recipe, ...]:
    """The three recipes of a task: NTM feedforward, NTM with LSTM, LSTM.

    ``feedforward_training``, ``recurrent`` and ``lstm`` say where the training of each differs from
    what is ``common``; ``feedforward_start`` and ``recurrent_start`` what the first and second add
    to the ``start`` of both NTMs.
    """

    def ntm(number: int, **options: Any) -> dict[str, Any]:
        return {**NTM, **start, "read_heads": number, "write_heads": number, **options}

    controller = {"controller": "lstm", "controller_size": 100, "controller_layers": lstm_layers}
    controller |= recurrent_start or {}
    return (
        Recipe(
            name=f"{task}-ntm",
            about=f"NTM with a feedforward controller on {title}",
            model="ntm",
            model_options=ntm(heads[0], controller_size=feedforward, **feedforward_start or {}),
            task=task,
            **common | (feedforward_training or {}),
        ),
        Recipe(
            name=f"{task}-ntm-lstm",
            about=f"NTM with an LSTM controller on {title}",
            model="ntm",
            model_options=ntm(heads[1], **controller),
            task=task,
            **common | recurrent,
        ),
        Recipe(
            name=f"{task}-lstm",
            about=f"LSTM with three layers of {baseline} units on {title}",
            model="lstm",
            model_options={"hidden_size": baseline, "layers": 3},
            task=task,
            **common | lstm,
        ),
    )


def _quick(task: str, title: str, model: dict[str, Any], **options: Any) -> Recipe:
    """A small recipe that converges within minutes."""
    return Recipe(
        name=f"{task}-quick",
        about=f"a small NTM on {title}, within minutes",
        model="ntm",
        model_options={**NTM, **model},
        task=task,
        **options,
    )


RATE: dict[str, Any] = {"learning_rate": 1e-3, "batch": 4, "decay": 0.4}

ANSWER_RECIPES = (
    *_cells(
        "copy",
        "copy",
        heads=(1, 1),
        feedforward=100,
        lstm_layers=1,
        baseline=256,
        common={**RATE, "sequences": 80_000, "validate_every": 2_000},
        recurrent={"decay": 0.6},  # a longer fall ends lapses: with 0.4 one seed of three had some
        recurrent_start=FORGETFUL,
        lstm={"sequences": 200_000, "batch": 16, "validate_every": 5_000},
    ),
    *_cells(
        "repeat-copy",
        "repeat copy",
        heads=(1, 1),
        feedforward=100,
        lstm_layers=1,
        baseline=512,
        start={**START, "gate_bias": JUMP_BIAS},
        # Small batches leave the first plateau sooner, a long fall of the rate ends the lapses that
        # cost thousands of bits. With all 128 slots a write head could walk on while the machine
        # copies, and would come round to what it stored only beyond the lengths of training.
        common={
            **RATE,
            "optimizer": "adam-smooth",
            "batch": 2,
            "sequences": 400_000,
            "validate_every": 5_000,
        },
        feedforward_start={"gate_bias": FEEDFORWARD_JUMP_BIAS},
        feedforward_training={"sequences": 600_000, "decay": 0.8, "fewest_slots": 24},
        # With clip_steps of 10 the plateau lasted beyond 60,000 sequences.
        recurrent={"clip_steps": 1.0, "decay": 0.6, "fewest_slots": 16},
        # With a gain of 2 one seed of five ended with lapses; with 5 none of eight.
        recurrent_start={**FORGETFUL, "gain": 5.0},
        # For a GPU (--device cuda), where it takes minutes: on a core hours, at some thirty
        # sequences a second.
        lstm={
            "optimizer": "adam",
            "sequences": 650_000,
            "batch": 32,
            "validate_every": 10_000,
        },
    ),
    *_cells(
        "recall",
        "associative recall",
        heads=(4, 1),
        feedforward=256,
        lstm_layers=1,
        baseline=256,
        # Smaller or larger batches leave the plateau at 11 bits less often; inputs that are heard
        # well and lookups that start sharp, together with a decay of weights, more often
        # (docs/log.md). The fall of the rate ends lapses.
        feedforward_start={"strength_bias": 3.0, "gain": 1.0},
        feedforward_training={"weight_decay": 0.1},
        common={
            **RATE,
            "batch": 8,
            "decay": 0.6,
            "sequences": 100_000,
            "validate_every": 2_000,
        },
        recurrent={"batch": 2, "sequences": 60_000},
        lstm={"sequences": 1_000_000, "batch": 16, "decay": 0.4, "validate_every": 10_000},
    ),
    *_cells(
        "sort",
        "priority sort",
        heads=(8, 5),
        feedforward=512,
        lstm_layers=2,
        baseline=128,
        start={**PLACES, "gain": 1.0},
        # A constant rate ends in collapse; one that falls from the start does not, and the longer
        # it takes the better.
        common={
            **RATE,
            "learning_rate": 5e-4,
            "batch": 8,
            "decay": 1.0,
            "sequences": 1_000_000,
            "validate_every": 20_000,
        },
        # Single gradients say little here: averages over more of them, less cut, learn faster.
        feedforward_training={"optimizer": "adam-smooth", "clip_steps": 30.0},
        recurrent={"learning_rate": 1e-3},
        recurrent_start=FORGETFUL,
        lstm={
            "batch": 16,
            "decay": 0.4,
            "learning_rate": 1e-3,
        },
    ),
    _quick(
        "copy",
        "copy",
        {"slots": 64},
        **RATE,
        sequences=30_000,
        validate_every=2_000,
    ),
    _quick(
        "repeat-copy",
        "repeat copy",
        {"slots": 64, "controller": "lstm", "gate_bias": JUMP_BIAS, **FORGETFUL},
        task_options={"max_length": 5, "max_repeats": 5, "count_range": [1, 5]},
        **RATE | {"batch": 2, "clip_steps": 1.0, "decay": 0.6},
        sequences=60_000,
        validate_every=5_000,
    ),
    _quick(
        "recall",
        "associative recall",
        {"slots": 64, "controller": "lstm"},
        **RATE | {"decay": 0.6},  # in batches of 2 one seed of two collapsed
        sequences=60_000,
        validate_every=2_500,
    ),
    _quick(
        "sort",
        "priority sort",
        {
            "slots": 64,
            "controller": "lstm",
            "read_heads": 2,
            "write_heads": 2,
            **PLACES,
            **FORGETFUL,
        },
        task_options={"count": 6, "kept": 5},
        **RATE | {"batch": 16},
        sequences=200_000,
        validate_every=10_000,
    ),
)
