"""Recipes of copy.

Beyond the lengths of training a machine is thrown off by what a head does that has nothing to do:
it walks round the memory, which only a sequence longer than those of training shows, and meets what
was written. With fewer slots in training it does so in time to be noticed. Where all heads start to
move on the same way they never meet; a feedforward controller then learns to copy less surely.
At the lengths of training a feedforward one is thrown off by blank vectors, which look like a step
of the answer: the head that reads walks on too early. Fair bits show one in 256; training shows
more. With an LSTM controller it was other single sequences, which a longer fall of the rate ends.
"""

from ntmlab.recipes.machines import FORGETFUL, SAME_EVERYWHERE
from ntmlab.recipes.recipe import Recipe

RECIPES = (
    Recipe(
        name="copy-ntm",
        about="NTM with a feedforward controller on copy",
        model="ntm",
        model_options={
            **SAME_EVERYWHERE,
            "read_heads": 1,
            "write_heads": 1,
            "controller_size": 100,
        },
        task="copy",
        learning_rate=1e-3,
        decay=0.4,
        fewest_slots=24,  # three more than the longest sequence fills
        training_options={"blanks": 0.1},
        batch=4,
        sequences=80_000,
        validate_every=2_000,
        # A quarter of the way most are below 4 bits; a few then collapse again and again.
        restarts=2,
        restart_every=20_000,
        restart_above=10.0,
    ),
    Recipe(
        name="copy-ntm-lstm",
        about="NTM with an LSTM controller on copy",
        model="ntm",
        model_options={
            **SAME_EVERYWHERE,
            "read_heads": 1,
            "write_heads": 1,
            "controller": "lstm",
            "controller_size": 100,
            "controller_layers": 1,
            **FORGETFUL,
            "shift_bias": 1.0,
        },
        task="copy",
        learning_rate=1e-3,
        # A long fall ends lapses: over 40 % of 80,000 sequences one seed of three had some, over
        # 60 % of them three of 32.
        decay=0.75,
        batch=4,
        sequences=120_000,
        validate_every=2_000,
    ),
    Recipe(
        name="copy-lstm",
        about="LSTM with three layers of 256 units on copy",
        model="lstm",
        model_options={"hidden_size": 256, "layers": 3},
        task="copy",
        learning_rate=1e-3,
        decay=0.4,
        batch=16,
        sequences=200_000,
        validate_every=5_000,
    ),
    Recipe(
        name="copy-quick",
        about="a small NTM on copy, within minutes",
        model="ntm",
        model_options={**SAME_EVERYWHERE, "slots": 64},
        task="copy",
        learning_rate=1e-3,
        decay=0.4,
        batch=4,
        sequences=30_000,
        validate_every=2_000,
    ),
)
