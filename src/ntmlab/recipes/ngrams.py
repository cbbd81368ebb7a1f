"""Recipes of dynamic N-grams, the paper's own among them."""

from typing import Any

from ntmlab.recipes.recipe import Recipe

# Memory 128 x 20 and 100 controller units are the paper's sizes (Tables 1 and 2).
PAPER_NTM = {"controller_size": 100, "slots": 128, "slot_width": 20}

# Outputs that see the step's reads learn about three times faster here: after 80,000 sequences of
# seed 0 the gap is 13.0 bits instead of 24.6.
OUR_NTM = {**PAPER_NTM, "output_reads": True}

# Without states of its own a feedforward controller knows its context only from the slot that it
# reads: heads that look up sharply from the start, in a memory whose slots differ enough to be told
# apart, find a slot for each context; others stay where contexts share one.
LOOKUPS = {"memory_scale": 0.5, "strength_bias": 5.0, "gate_bias": 2.0}

# Without a limit on gradients between steps a run collapsed; 3 nats a sequence learnt fastest.
CLIP_STEPS = 3.0

# The paper's optimiser (section 4.6): Graves's RMSProp, components clipped to (-10, 10).
PAPER_OPTIMIZER: dict[str, Any] = {
    "optimizer": "graves-rmsprop",
    "decay": 0.0,
    "clip_norm": 0.0,
    "clip_value": 10.0,
}

RECIPES = (
    Recipe(
        name="ngrams-ntm",
        about="NTM with a feedforward controller on dynamic N-grams",
        model="ntm",
        model_options={**OUR_NTM, **LOOKUPS},
        learning_rate=3e-3,
        clip_steps=CLIP_STEPS,
        # What a machine costs after a tenth of the way is in the order of what it comes to.
        restarts=3,
        restart_every=100_000,
        restart_above=136.5,
    ),
    Recipe(
        name="ngrams-ntm-lstm",
        about="NTM with an LSTM controller on dynamic N-grams",
        model="ntm",
        model_options={**OUR_NTM, "controller": "lstm"},
        learning_rate=1.5e-3,
        clip_steps=CLIP_STEPS,
    ),
    Recipe(
        name="ngrams-lstm",
        about="LSTM with three layers of 128 units on dynamic N-grams",
        model="lstm",
        model_options={"hidden_size": 128, "layers": 3},
        learning_rate=3e-3,
    ),
    Recipe(
        name="ngrams-ntm-long",
        about="ngrams-ntm trained on, to sequences of eight times the length",
        model="ntm",
        model_options=OUR_NTM,
        weights="ngrams-ntm",
        longest=1600,
        learning_rate=5e-4,
        decay=1.0,
        clip_steps=CLIP_STEPS,
    ),
    Recipe(
        name="ngrams-ntm-paper",
        about="as ngrams-ntm with the paper's optimiser and learning rate",
        model="ntm",
        model_options=PAPER_NTM,
        learning_rate=3e-5,
        batch=1,
        **PAPER_OPTIMIZER,
    ),
    Recipe(
        name="ngrams-ntm-lstm-paper",
        about="as ngrams-ntm-lstm with the paper's optimiser and learning rate",
        model="ntm",
        model_options={**PAPER_NTM, "controller": "lstm"},
        learning_rate=3e-5,
        batch=1,
        **PAPER_OPTIMIZER,
    ),
    Recipe(
        name="ngrams-lstm-paper",
        about="as ngrams-lstm with the paper's optimiser and learning rate",
        model="lstm",
        model_options={"hidden_size": 128, "layers": 3},
        learning_rate=1e-4,
        batch=1,
        **PAPER_OPTIMIZER,
    ),
    Recipe(
        name="ngrams-quick",
        about="a small NTM on short sequences, to see everything work within a minute",
        model="ntm",
        model_options={"controller_size": 32, "slots": 32, "slot_width": 8},
        task_options={"order": 3, "length": 50},
        learning_rate=3e-3,
        sequences=20_000,
        validate_every=2_000,
    ),
)
