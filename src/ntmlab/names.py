"""What there is, a line each. Imports nothing heavy, so that lists and help answer at once.

A test keeps the tasks in step with their classes.
"""

from typing import Final

TASKS: Final = {
    "copy": "Copy a sequence of random vectors after its end.",
    "repeat-copy": (
        "Copy a sequence of random vectors a given number of times, then mark the end."
    ),
    "recall": "Recall the item that followed a query item.",
    "sort": "Sort random vectors by priority, highest first.",
    "dynamic-ngrams": ("The next-symbol task of the paper: order 6 means five letters of context."),
    "hmm": (
        "Letters from a hidden Markov model that emits on its edges, the same in every sequence."
    ),
    "change-points": "Independent letters from a distribution that is drawn afresh now and then.",
    "context-trees": "Each letter depends on as many letters before it as a random tree says.",
    "partition-tree": "Independent letters, from one distribution within each piece of time.",
    "coins": "Tosses of one of ``m`` coins, which one is drawn for every sequence, all alike.",
    "lags": (
        "Each letter depends on the one that came a fixed number of letters before; which is drawn."
    ),
    "mixture": "Each sequence is from one of several sources, and which is not said.",
}

# Kinds of models that can be trained, by name with options; `ntmlab.models` has them.
KINDS: Final = {
    "ntm": "Neural Turing Machine (Graves et al. 2014)",
    "lstm": "stacked LSTM, the paper's baseline",
    "gru": "gated recurrent units (Cho et al. 2014)",
    "transformer": "causal attention with rotary positions (Vaswani et al. 2017, Su et al. 2021)",
    "mingru": "gates that see the input alone (Feng et al. 2024)",
    "delta": "gated delta rule (Yang et al. 2024), or linear attention with rule=additive",
    "ssm": "diagonal selective state space, as Mamba's (Gu and Dao 2023)",
    "dnc": "differentiable neural computer (Graves et al. 2016)",
}

# What a command is about that names no task, and no model that was trained on one.
PAPER_TASK: Final = "dynamic-ngrams"

# Short names of the shipped models most people mean.
ALIASES: Final = {"ntm": "ngrams-ntm", "ntm-lstm": "ngrams-ntm-lstm", "lstm": "ngrams-lstm"}

# Reference predictors for any alphabet; `ntmlab.optimal.named` makes them.
NAMED: Final = {
    "coin": "every letter alike, always",
    "kt-K": "K letters of context, each count + 1/2: Eq. 10 of the paper",
    "add-B-K": "as kt-K, each count + B",
    "padded-K": "as kt-K from the first letter on, as if zeros had come before",
    "mixture-A-B": "Bayes mixture of kt-A to kt-B",
    "ctw-D": "context-tree weighting to depth D, split 1/2",
    "ptw-D": "partition tree weighting, pieces of up to 2^D letters; ptw is ptw-8",
    "ppm-K": "back-off from K letters of context, as PPM does (method C, interpolated)",
    "window-N-K": "kt-K that sees the last N letters only",
    "cap-N-K": "kt-K that remembers no more than N letters a context",
    "decay-X-K": "kt-K whose counts are multiplied by X before each letter",
    "noise-S-K": "kt-K with noise of standard deviation S on its log odds",
}

# Names of exact predictors that any next-symbol task can be compared with.
EXACT: Final = {
    "optimal": "the Bayes-optimal predictor of the task",
    "oracle": "knows the parameters each sequence was drawn with; unreachable",
    "entropy": "the oracle's expected cost at each step; unreachable",
    **NAMED,
}

# What the symbols of a file of the user's own can be.
FORMATS: Final = ("bits", "letters", "bytes", "integers")
