"""Recipes of associative recall.

With rectified units a feedforward controller looks an item up by the whole of the query, where with
tanh it often looks by a part of it, and then fails beyond six items. A memory of another size in
every batch, and averages over more steps (`adam-smooth`), let it go on further, at the price of
more starts that stay on a plateau at 11 bits: these start again from other weights.
Smaller or larger batches leave the plateau at 11 bits less often; inputs that are heard well and
lookups that start sharp, together with a decay of weights, more often. The fall of the rate ends
lapses. An Adam that remembers how large gradients were while it learnt (`adam-long`) keeps single
sequences from throwing off a machine that has learnt; the few that stay on a plateau, or collapse
all the same, start again from other weights. Blunt lookups cost nothing until items are nearly
alike; once a machine has learnt, one item of ten is, and its lookups grow sharp.
"""

from ntmlab.recipes.machines import SAME_EVERYWHERE
from ntmlab.recipes.recipe import Recipe

RECIPES = (
    Recipe(
        name="recall-ntm",
        about="NTM with a feedforward controller on associative recall",
        model="ntm",
        model_options={
            **SAME_EVERYWHERE,
            "read_heads": 4,
            "write_heads": 4,
            "controller_size": 256,
            "strength_bias": 3.0,
            "gain": 1.0,
            "activation": "relu",
        },
        task="recall",
        training_options={"alike": 0.1},
        training_after=90_000,
        fewest_slots=24,
        optimizer="adam-smooth",
        learning_rate=1e-3,
        decay=0.6,
        weight_decay=0.1,
        batch=8,
        sequences=160_000,
        validate_every=2_000,
        # A tenth of the way most are below 1 bit, most others on a plateau at 10 or more.
        restarts=5,
        restart_every=16_000,
        restart_above=3.0,
    ),
    Recipe(
        name="recall-ntm-lstm",
        about="NTM with an LSTM controller on associative recall",
        model="ntm",
        model_options={
            **SAME_EVERYWHERE,
            "read_heads": 1,
            "write_heads": 1,
            "controller": "lstm",
            "controller_size": 100,
            "controller_layers": 1,
        },
        task="recall",
        training_options={"alike": 0.1},
        training_after=90_000,
        optimizer="adam-long",
        learning_rate=1e-3,
        decay=0.6,
        batch=2,
        sequences=150_000,
        validate_every=2_000,
        # A third of the way most are below 0.5 bits; what is above 5 is on a plateau or collapsed.
        restarts=1,
        restart_every=50_000,
        restart_above=5.0,
    ),
    Recipe(
        name="recall-lstm",
        about="LSTM with three layers of 256 units on associative recall",
        model="lstm",
        model_options={"hidden_size": 256, "layers": 3},
        task="recall",
        learning_rate=1e-3,
        decay=0.4,
        batch=16,
        sequences=1_000_000,
        validate_every=10_000,
    ),
    Recipe(
        name="recall-quick",
        about="a small NTM on associative recall, within minutes",
        model="ntm",
        model_options={**SAME_EVERYWHERE, "slots": 64, "controller": "lstm"},
        task="recall",
        learning_rate=1e-3,
        decay=0.6,
        batch=4,  # in batches of 2 one seed of two collapsed
        sequences=60_000,
        validate_every=2_500,
    ),
)
