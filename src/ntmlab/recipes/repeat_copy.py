"""Recipes of repeat copy.

Small batches leave the first plateau sooner, a long fall of the rate ends the lapses that cost
thousands of bits. With all 128 slots a write head could walk on while the machine copies, and would
come round to what it stored only beyond the lengths of training: hence memories of every size.
"""

from ntmlab.recipes.machines import FORGETFUL, SAME_EVERYWHERE
from ntmlab.recipes.recipe import Recipe

# Repeat copy starts with gates that are nearly shut: heads then learn to step on first, and to jump
# back later. A feedforward controller's are shut less, so that its write head too learns to jump.
JUMP_BIAS = -2.0
FEEDFORWARD_JUMP_BIAS = -1.0

RECIPES = (
    Recipe(
        name="repeat-copy-ntm",
        about="NTM with a feedforward controller on repeat copy",
        model="ntm",
        model_options={
            **SAME_EVERYWHERE,
            "gate_bias": FEEDFORWARD_JUMP_BIAS,
            "read_heads": 1,
            "write_heads": 1,
            "controller_size": 100,
        },
        task="repeat-copy",
        optimizer="adam-smooth",
        learning_rate=1e-3,
        decay=0.8,
        fewest_slots=24,
        batch=2,
        sequences=600_000,
        validate_every=5_000,
    ),
    Recipe(
        name="repeat-copy-ntm-lstm",
        about="NTM with an LSTM controller on repeat copy",
        model="ntm",
        model_options={
            **SAME_EVERYWHERE,
            "gate_bias": JUMP_BIAS,
            "read_heads": 1,
            "write_heads": 1,
            "controller": "lstm",
            "controller_size": 100,
            "controller_layers": 1,
            **FORGETFUL,
            "gain": 5.0,  # with 2 one seed of five ended with lapses; with 5 none of eight
        },
        task="repeat-copy",
        optimizer="adam-smooth",
        learning_rate=1e-3,
        decay=0.6,
        clip_steps=1.0,  # with clip_steps of 10 the plateau lasted beyond 60,000 sequences
        fewest_slots=16,
        batch=2,
        sequences=400_000,
        validate_every=5_000,
    ),
    # For a GPU (--device cuda), where it takes minutes: on a core hours, at some thirty sequences a
    # second.
    Recipe(
        name="repeat-copy-lstm",
        about="LSTM with three layers of 512 units on repeat copy",
        model="lstm",
        model_options={"hidden_size": 512, "layers": 3},
        task="repeat-copy",
        learning_rate=1e-3,
        decay=0.4,
        batch=32,
        sequences=650_000,
        validate_every=10_000,
    ),
    Recipe(
        name="repeat-copy-quick",
        about="a small NTM on repeat copy, within minutes",
        model="ntm",
        model_options={
            **SAME_EVERYWHERE,
            "slots": 64,
            "gate_bias": JUMP_BIAS,
            "controller": "lstm",
            **FORGETFUL,
        },
        task="repeat-copy",
        task_options={"max_length": 5, "max_repeats": 5, "count_range": [1, 5]},
        learning_rate=1e-3,
        decay=0.6,
        clip_steps=1.0,
        batch=2,
        sequences=60_000,
        validate_every=5_000,
    ),
)
