"""What a model is of which nothing is said; tables of the paper beside the page that has them."""

import re
from pathlib import Path

import pytest
import torch

from ntmlab import InputError
from ntmlab.models import MODELS, make_model
from ntmlab.models.paper import BASELINE, FEEDFORWARD, LSTM_CONTROLLER, parameter_counts

PAGE = Path(__file__).parents[2] / "docs/parameters.md"
BOX = {"layers": 2, "expansion": 2}
OPTIONS = {
    "ntm": {
        **{"controller": "feedforward", "controller_size": 100, "controller_layers": 1},
        **{"activation": "tanh", "read_heads": 1, "write_heads": 1, "slots": 128},
        **{"slot_width": 20, "shift_range": 1, "output_reads": False, "gain": None},
        **{"memory_start": "random", "memory_scale": 0.1, "weighting_start": "random"},
        **{"gate_bias": 0.0, "strength_bias": 0.0, "shift_bias": 0.0, "forget_bias": 1.0},
    },
    "lstm": {"hidden_size": 128, "layers": 3},
    "gru": {"hidden_size": 64, "layers": 2},
    "transformer": BOX | {"width": 64, "heads": 4},
    "mingru": BOX | {"width": 64, "hidden_size": 64},
    "delta": BOX | {"width": 64, "heads": 4, "rule": "delta", "convolution": 4},
    "ssm": {"width": 64, "layers": 2, "states": 8, "convolution": 4, "expansion": 0},
    "dnc": {"hidden_size": 64, "slots": 16, "slot_width": 16, "read_heads": 1},
}


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_of_which_nothing_is_said(kind):
    with torch.device("meta"):
        options = MODELS[kind](3, 2).options()
    assert options == {"input_size": 3, "output_size": 2} | OPTIONS[kind]


def test_counts_of_the_papers_tables_are_those_of_the_page():
    cells = re.findall(r"^\| (.*) \| (.*) \| ([\d,]+) \| ([\d,]+) \|$", PAGE.read_text(), re.M)
    written = [
        (task, model, *(int(n.replace(",", "")) for n in counts)) for task, model, *counts in cells
    ]
    assert [tuple(row) for row in parameter_counts()] == written
    assert len(written) == len(FEEDFORWARD) + len(LSTM_CONTROLLER) + len(BASELINE) == 15


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({}, "needs input_size and output_size, which follow from a task"),
        ({"input_size": 1}, "needs output_size, which follow"),
        ({"input_size": 0, "output_size": 1}, "input_size must be a whole number of at least 1"),
    ],
)
def test_a_users_model_without_its_sizes_says_which(sizes, said):
    with pytest.raises(InputError, match=said):
        make_model("tests.models.own:Plain", **sizes)
