"""Recipes of priority sort.

A constant rate ends in collapse; one that falls from the start does not, and the longer it takes
the better.
"""

from ntmlab.recipes.machines import FORGETFUL, PLACES
from ntmlab.recipes.recipe import Recipe

RECIPES = (
    Recipe(
        name="sort-ntm",
        about="NTM with a feedforward controller on priority sort",
        model="ntm",
        model_options={
            **PLACES,
            "gain": 1.0,
            "read_heads": 8,
            "write_heads": 8,
            "controller_size": 512,
        },
        task="sort",
        # Single gradients say little here: averages over more of them, less cut, learn faster.
        optimizer="adam-smooth",
        learning_rate=5e-4,
        decay=1.0,
        clip_steps=30.0,
        batch=8,
        sequences=1_000_000,
        validate_every=20_000,
    ),
    Recipe(
        name="sort-ntm-lstm",
        about="NTM with an LSTM controller on priority sort",
        model="ntm",
        model_options={
            **PLACES,
            "read_heads": 5,
            "write_heads": 5,
            "controller": "lstm",
            "controller_size": 100,
            "controller_layers": 2,
            **FORGETFUL,
        },
        task="sort",
        learning_rate=1e-3,
        decay=1.0,
        batch=8,
        sequences=1_000_000,
        validate_every=20_000,
    ),
    Recipe(
        name="sort-lstm",
        about="LSTM with three layers of 128 units on priority sort",
        model="lstm",
        model_options={"hidden_size": 128, "layers": 3},
        task="sort",
        learning_rate=1e-3,
        decay=0.4,
        batch=16,
        sequences=1_000_000,
        validate_every=20_000,
    ),
    Recipe(
        name="sort-quick",
        about="a small NTM on priority sort, within minutes",
        model="ntm",
        model_options={
            **PLACES,
            "slots": 64,
            "controller": "lstm",
            "read_heads": 2,
            "write_heads": 2,
            **FORGETFUL,
        },
        task="sort",
        task_options={"count": 6, "kept": 5},
        learning_rate=1e-3,
        decay=0.4,
        batch=16,
        sequences=200_000,
        validate_every=10_000,
    ),
)
