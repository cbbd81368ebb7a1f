"""How an NTM starts: what its options draw, and the defaults, which never change."""

import numpy as np
import pytest
import torch

from ntmlab import NTM, InputError
from ntmlab.weights import load_weights, save_model


def test_starts_are_as_the_options_say():
    options = {"memory_start": "constant", "memory_scale": 1e-6, "weighting_start": "first"}
    model = NTM(3, 2, read_heads=2, write_heads=3, slot_width=4, gate_bias=-2.0, **options)
    assert "initial_memory" not in model.state_dict()
    state = model.initial_state(2)
    assert (state.memory == 1e-6).all()
    assert state.memory.shape == (2, 128, 4)
    assert (state.read_weightings[..., 0] > 0.99).all()
    assert (state.write_weightings[..., 0] > 0.99).all()
    assert (model.options()["gate_bias"], model.options()["memory_start"]) == (-2.0, "constant")
    with torch.no_grad():
        model.head_weights.zero_()
    gates = model.trace(torch.zeros(1, 2, 3)).gates
    torch.testing.assert_close(gates, torch.full_like(gates, torch.tensor(-2.0).sigmoid().item()))
    assert torch.count_nonzero(model.head_bias) == 5


def test_lookups_start_as_strong_as_the_option_says():
    model = NTM(3, 2, read_heads=2, write_heads=3, slot_width=4, strength_bias=5.0)
    with torch.no_grad():
        model.head_weights.zero_()
    trace = model.trace(torch.zeros(1, 2, 3))
    expected = torch.nn.functional.softplus(torch.tensor(5.0)).item()
    torch.testing.assert_close(trace.betas, torch.full_like(trace.betas, expected))
    torch.testing.assert_close(trace.gates, torch.full_like(trace.gates, 0.5))


@pytest.mark.parametrize("reach", [1, 2])
def test_shifts_start_forward_as_the_option_says(reach):
    model = NTM(3, 2, read_heads=2, write_heads=3, slots=9, shift_range=reach, shift_bias=40.0)
    with torch.no_grad():
        model.head_weights.zero_()
        model.head_bias[[places["g"].start for places in model.head_layout.places()]] = -40.0
    trace = model.trace(torch.zeros(1, 4, 3))
    for weightings in (trace.read_weightings, trace.write_weightings):
        before, after = weightings[0, :-1], weightings[0, 1:]
        torch.testing.assert_close(after.argmax(-1), (before.argmax(-1) + 1) % 9)
    assert model.options()["shift_bias"] == 40.0


def test_a_bias_of_shifts_needs_shifts():
    with pytest.raises(InputError, match=r"must be 0 where shift_range is 0, not 1\.0"):
        NTM(3, 2, shift_range=0, shift_bias=1.0)


@pytest.mark.parametrize("layers", [1, 2])
def test_forget_gates_start_as_the_option_says(layers):
    model = NTM(
        *(3, 2), controller="lstm", controller_size=4, controller_layers=layers, forget_bias=-2.0
    )
    for bias in (model.input_bias, *model.layer_bias):
        assert bias.tolist() == [0.0] * 4 + [-2.0] * 4 + [0.0] * 8


def test_a_smooth_memory_changes_little_from_slot_to_slot():
    torch.manual_seed(0)
    memory = NTM(1, 1, memory_start="smooth", memory_scale=0.5).initial_memory
    assert 0.4 < memory.std().item() < 0.6
    steps = (memory[1:] - memory[:-1]).square().mean().sqrt().item()
    assert steps < 0.1
    ends = (memory[-32:] - memory[:32]).square().mean().sqrt().item()
    assert ends > 0.5


def test_a_gain_counts_each_source_by_itself():
    torch.manual_seed(0)
    sizes = {"controller": "lstm", "controller_size": 400, "controller_layers": 2}
    model = NTM(4, 2, read_heads=2, slot_width=50, gain=3.0, **sizes)
    largest = {
        "input_weights": 3 / 4**0.5,
        "read_weights": 3 / 100**0.5,
        "layer_weights": 3 / 400**0.5,
        "recurrent_weights": 1 / 400**0.5,
        "head_weights": 1 / 400**0.5,
    }
    for name, bound in largest.items():
        found = getattr(model, name).abs().max().item()
        assert 0.99 * bound < found <= bound, name
    assert NTM(**model.options()).start == model.start


def test_the_constant_start_trains_and_stays(tmp_path):
    torch.manual_seed(0)
    model = NTM(3, 2, slots=6, slot_width=4, controller_size=5, memory_start="constant")
    logits, _ = model(torch.rand(2, 7, 3))
    logits.square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())
    reference = NTM(**model.options(), backend="reference")
    reference.load_state_dict(model.state_dict())
    inputs = torch.rand(3, 5, 3)
    torch.testing.assert_close(reference(inputs)[0], model(inputs)[0], rtol=1e-4, atol=1e-5)
    save_model(model, tmp_path / "m.safetensors", {})
    again = load_weights(tmp_path / "m.safetensors")
    assert torch.equal(again(inputs)[0], model(inputs)[0])


def test_defaults_draw_what_they_always_drew():
    """The first numbers of seed 0, so that runs of dynamic N-grams repeat bit by bit."""
    torch.manual_seed(0)
    model = NTM(1, 1, controller_size=4, slots=3, slot_width=2)
    bound = 1 / 3**0.5
    torch.manual_seed(0)
    assert torch.equal(model.input_weights, torch.empty(4, 1).uniform_(-bound, bound))
    assert torch.equal(model.read_weights, torch.empty(4, 2).uniform_(-bound, bound))
    assert torch.equal(model.head_weights, torch.empty(20, 4).uniform_(-0.5, 0.5))
    assert torch.equal(model.output_weights, torch.empty(1, 4).uniform_(-0.5, 0.5))
    assert torch.equal(model.initial_memory, torch.empty(3, 2).normal_(0, 0.1))
    assert torch.equal(model.initial_read_weightings, torch.empty(1, 3).normal_(0, 1.0))
    assert torch.equal(model.initial_write_weightings, torch.empty(1, 3).normal_(0, 1.0))
    assert (model.head_bias == 0).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"memory_start": "zeros"},
        {"weighting_start": "last"},
        {"memory_scale": float("nan")},
        {"memory_scale": -1},
        {"memory_scale": -0.5, "memory_start": "smooth"},
        {"gain": -1.0},
        {"gate_bias": "low"},
        {"strength_bias": float("inf")},
        {"shift_bias": float("nan")},
        {"forget_bias": None},
        {"gain": "high"},
    ],
)
def test_wrong_starts_are_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        NTM(1, 1, **wrong)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_weightings_start_rounded_once(dtype):
    model = NTM(3, 2, slots=128, slot_width=4).to(dtype)
    logits = model.initial_read_weightings.detach().double().numpy()
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    expected = torch.from_numpy(powers / powers.sum(-1, keepdims=True)).to(dtype)
    torch.testing.assert_close(model.initial_state(1).read_weightings[0], expected, rtol=0, atol=0)
