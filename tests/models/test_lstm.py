"""The LSTM baseline against torch.nn.LSTM and the paper's parameter counts."""

import pytest
import torch
from torch import nn

from ntmlab import LSTM, InputError

DOUBLE = torch.float64


def torch_twin(model):
    """A torch.nn.LSTM with the weights of a one-layer model."""
    twin = nn.LSTM(model.input_size, model.hidden_size, batch_first=True).double()
    with torch.no_grad():
        twin.weight_ih_l0.copy_(model.input_weights[0])
        twin.weight_hh_l0.copy_(model.recurrent_weights[0])
        twin.bias_ih_l0.copy_(model.bias[0])
        twin.bias_hh_l0.zero_()
    return twin


def test_one_layer_is_torch_lstm():
    torch.manual_seed(0)
    model = LSTM(3, 2, hidden_size=7, layers=1).double()
    x = torch.randn(4, 9, 3, dtype=DOUBLE)
    hidden, (h, c) = torch_twin(model)(x)
    logits, state = model(x)
    torch.testing.assert_close(logits, hidden @ model.output_weights.T + model.output_bias)
    torch.testing.assert_close(state.hidden[:, 0], h[0])
    torch.testing.assert_close(state.cell[:, 0], c[0])


def test_input_feeds_every_layer_and_every_layer_the_output():
    torch.manual_seed(0)
    model = LSTM(1, 1, hidden_size=4, layers=3).double()
    logits, _ = model(torch.randn(2, 5, 1, dtype=DOUBLE))
    logits.sum().backward()
    assert (model.input_weights.grad.abs().amax((1, 2)) > 0).all()
    assert (model.output_weights.grad.abs() > 0).all()


@pytest.mark.parametrize(
    ("inputs", "outputs", "units", "paper"),
    [(10, 9, 256, 1_352_969), (8, 7, 512, 5_312_007), (8, 6, 256, 1_344_518), (1, 1, 128, 331_905)],
)
def test_parameter_counts_of_table_3(inputs, outputs, units, paper):
    with torch.device("meta"):
        model = LSTM(inputs, outputs, hidden_size=units, layers=3)
    assert sum(p.numel() for p in model.parameters()) == paper


def test_wrong_sizes_are_refused():
    with pytest.raises(InputError):
        LSTM(1, 1, layers=0)
    with pytest.raises(InputError):
        LSTM(2, 1)(torch.zeros(1, 3, 1))


def test_one_layer_has_no_parameter_without_numbers():
    """The largest gradient of none does not exist, and an optimizer asks for it."""
    model = LSTM(3, 2, hidden_size=4, layers=1)
    model(torch.randn(2, 5, 3))[0].square().sum().backward()
    largest = max(parameter.grad.abs().max() for parameter in model.parameters())
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0, norm_type=float("inf"))
    assert norm == largest
    assert all(parameter.numel() for parameter in model.parameters())


def test_weights_of_one_layer_that_name_those_of_layers_above_are_loaded():
    """As they were saved when one layer had such a parameter, in a network too."""
    model, again = (nn.Sequential(LSTM(3, 2, hidden_size=4, layers=1)) for _ in range(2))
    before = model.state_dict() | {"0.layer_weights": torch.empty(0, 16, 4)}
    again.load_state_dict(before)
    assert all(torch.equal(again.state_dict()[name], w) for name, w in model.state_dict().items())
    with pytest.raises(RuntimeError, match="layer_weights"):
        nn.Sequential(LSTM(3, 2, layers=2)).load_state_dict(before)
