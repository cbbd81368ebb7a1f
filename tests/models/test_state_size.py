"""Bytes of a state, however it is put together, and what is none."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from ntmlab import LSTM, InputError
from ntmlab.models.state_size import named_tensors, state_bytes

STATE = torch.zeros(1, 4)  # 16 bytes


@dataclass(slots=True)
class Slotted:
    cell: torch.Tensor
    seen: int = 3


ROUND = SimpleNamespace(cell=STATE)
ROUND.itself = [ROUND]


class Returning(nn.Module):
    """Returns what it was made with, and the mode it is in."""

    def __init__(self, *returned):
        super().__init__()
        self.returned, self.modes = returned, []

    def forward(self, inputs):
        self.modes.append(self.training)
        assert inputs.shape == (1, 7, 2)
        return self.returned[0] if len(self.returned) == 1 else tuple(self.returned)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (STATE, 16),
        ((STATE, STATE), 16),
        ([STATE, STATE.clone()], 32),
        ({"one": STATE, "other": (STATE.double(), None, 3)}, 48),
        (Slotted(STATE), 16),
        (ROUND, 16),
        ((), 0),
    ],
)
def test_bytes_of_a_state_what_is_shared_once(state, expected):
    model = Returning(STATE, state).train()
    assert state_bytes(model, 2, 7) == expected
    assert model.modes == [False]
    assert model.training


def test_names_are_those_on_the_way():
    nested = {"heads": [Slotted(STATE), (STATE, None)], "last": STATE, "name": "no tensor"}
    names = [name for name, _ in named_tensors(nested)]
    assert names == ["heads 0 cell", "heads 1 0", "last"]
    assert [name for name, _ in named_tensors(ROUND)] == ["cell"]
    assert [name for name, _ in named_tensors(STATE)] == ["state"]
    assert [name for name, _ in named_tensors(LSTM(1, 1, hidden_size=5).initial_state(2))] == [
        "hidden",
        "cell",
    ]


@pytest.mark.parametrize("returned", [(STATE,), ((STATE,),), ((STATE, None),), ([STATE, STATE],)])
def test_what_returns_no_state_says_so(returned):
    with pytest.raises(InputError, match=r"^the model returns no state$"):
        state_bytes(Returning(*returned), 2, 7)


def test_of_an_lstm_the_units_twice_in_each_layer():
    for dtype, size in ((torch.float32, 4), (torch.float64, 8)):
        assert state_bytes(LSTM(1, 1, hidden_size=5, layers=2).to(dtype), 1, 3) == 2 * 5 * 2 * size
