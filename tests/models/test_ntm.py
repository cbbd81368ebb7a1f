"""The Neural Turing Machine against plain loops, finite differences and extremes."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from ntmlab import NTM, InputError
from ntmlab.kernels.ntm_scan.addressing import (
    NORM_SMOOTHING,
    STRENGTH_LIMIT,
    activate,
    content,
    interpolate,
    sharpen,
    shift,
    similarity,
)
from ntmlab.kernels.ntm_scan.memory import read, write
from ntmlab.models.paper import parameter_counts
from tests.gpu import needs_gpu

DOUBLE = torch.float64
CONTROLLERS = [("feedforward", 1), ("feedforward", 2), ("lstm", 1), ("lstm", 2)]


def small(controller="feedforward", layers=1, **options):
    torch.manual_seed(0)
    sizes = {"controller_size": 6, "slots": 5, "slot_width": 3, "controller_layers": layers}
    return NTM(2, 3, controller=controller, **{**sizes, **options})


def rows(*values):
    return torch.tensor([[list(v) for v in values]], dtype=DOUBLE)


def test_content_addressing_equals_plain_loops():
    torch.manual_seed(0)
    key, memory = torch.randn(2, 3, 4, dtype=DOUBLE), torch.randn(2, 6, 4, dtype=DOUBLE)
    beta = torch.rand(2, 3, dtype=DOUBLE) * 5
    found = content(key, beta, memory)
    for b in range(2):
        for h in range(3):
            scores = []
            for slot in memory[b]:
                u = math.sqrt(sum(x * x for x in key[b, h].tolist()) + NORM_SMOOTHING)
                v = math.sqrt(sum(x * x for x in slot.tolist()) + NORM_SMOOTHING)
                dot = sum(x * y for x, y in zip(key[b, h].tolist(), slot.tolist(), strict=True))
                scores.append(math.exp(float(beta[b, h]) * dot / (u * v)))
            expected = torch.tensor(scores, dtype=DOUBLE) / sum(scores)
            torch.testing.assert_close(found[b, h], expected)


def test_similarity_is_the_cosine_but_for_the_smoothing():
    torch.manual_seed(1)
    key, memory = torch.randn(1, 1, 20, dtype=DOUBLE), torch.randn(1, 7, 20, dtype=DOUBLE)
    cosine = nn.functional.cosine_similarity(key, memory, dim=-1)
    torch.testing.assert_close(similarity(key, memory)[0, 0], cosine[0], rtol=1e-4, atol=0)


def test_shift_minus_one_moves_weight_from_row_two_to_row_one():
    w = rows((0, 0, 1, 0, 0))
    assert shift(w, rows((1, 0, 0))).tolist() == [[[0, 1, 0, 0, 0]]]
    assert shift(w, rows((0, 0, 1))).tolist() == [[[0, 0, 0, 1, 0]]]
    assert shift(rows((1, 0, 0)), rows((1, 0, 0))).tolist() == [[[0, 0, 1]]]  # circular


def test_shift_equals_the_sum_of_equation_8():
    torch.manual_seed(2)
    w, s = torch.rand(1, 2, 7, dtype=DOUBLE), torch.rand(1, 2, 5, dtype=DOUBLE)
    expected = torch.zeros_like(w)
    for i in range(7):
        for j in range(7):
            for offset in range(-2, 3):
                if (i - j) % 7 == offset % 7:
                    expected[..., i] += w[..., j] * s[..., offset + 2]
    torch.testing.assert_close(shift(w, s), expected)


def test_interpolation_and_sharpening():
    a, b = rows((1, 0)), rows((0, 1))
    assert interpolate(a, b, torch.tensor([[0.25]])).tolist() == [[[0.25, 0.75]]]
    sharp = sharpen(rows((0.6, 0.3, 0.1)), torch.tensor([[2.0]], dtype=DOUBLE))
    torch.testing.assert_close(sharp, rows((0.36, 0.09, 0.01)) / 0.46)


def test_strength_and_sharpening_have_a_limit_and_no_slope_beyond():
    raw = torch.tensor([[-5.0], [2.0], [5000.0]], requires_grad=True)
    found = activate(*(raw.expand(3, size) for size in (4, 1, 1, 3, 1)))
    softplus = torch.nn.functional.softplus(raw[:2, 0])
    torch.testing.assert_close(found.beta[:2], softplus)
    torch.testing.assert_close(found.gamma[:2], 1 + softplus)
    assert found.beta[2] == found.gamma[2] == STRENGTH_LIMIT
    (slope,) = torch.autograd.grad(found.beta.sum() + found.gamma.sum(), raw)
    assert (slope[:2] > 0).all()
    assert slope[2] == 0


def test_reading_and_writing_by_hand():
    memory = torch.arange(8, dtype=DOUBLE).reshape(1, 4, 2)
    w = rows((0.5, 0.5, 0, 0))
    assert read(memory, w).tolist() == [[[1.0, 2.0]]]
    erased = write(memory, w, torch.ones(1, 1, 2).double(), torch.zeros(1, 1, 2).double())
    assert erased.tolist() == [[[0, 0.5], [1, 1.5], [4, 5], [6, 7]]]
    ones = torch.ones(1, 2, 2, dtype=DOUBLE)
    two = write(memory, torch.cat([w, w], 1), ones, ones)
    assert two.tolist() == [[[1, 1.25], [1.5, 1.75], [4, 5], [6, 7]]]


def test_trace_shows_what_happened():
    model = small(read_heads=2, write_heads=3).double()
    inputs = torch.randn(2, 4, 2, dtype=DOUBLE)
    trace = model.trace(inputs)
    torch.testing.assert_close(trace.logits, model(inputs)[0])
    assert trace.read_weightings.shape == (2, 4, 2, 5)
    assert trace.write_weightings.shape == (2, 4, 3, 5)
    assert trace.adds.shape == trace.erases.shape == (2, 4, 3, 3)
    assert trace.keys.shape == (2, 4, 5, 3)
    assert trace.shifts.shape == (2, 4, 5, 3)
    memory = model.initial_state(2).memory
    for t in range(4):
        torch.testing.assert_close(read(memory, trace.read_weightings[:, t]), trace.reads[:, t])
        memory = write(memory, trace.write_weightings[:, t], trace.erases[:, t], trace.adds[:, t])
    torch.testing.assert_close(memory, model(inputs)[1].memory)


def test_weightings_are_distributions():
    trace = small(shift_range=2).trace(torch.randn(4, 20, 2))
    for w in (trace.read_weightings, trace.write_weightings, trace.shifts):
        assert (w >= 0).all()
        torch.testing.assert_close(w.sum(-1), torch.ones(w.shape[:-1]))
    assert (trace.gammas >= 1).all()
    assert (trace.betas >= 0).all()


@pytest.mark.parametrize("scale", [1e2, 1e4, 1e30])
@pytest.mark.parametrize("controller", ["feedforward", "lstm"])
def test_extreme_head_parameters_give_no_nan(controller, scale):
    model = small(controller)
    with torch.no_grad():
        model.head_weights.mul_(scale)
        model.head_bias.normal_(0, scale)
    inputs = torch.randn(2, 30, 2, requires_grad=True)
    logits, state = model(inputs)
    (logits.square().sum() + state.memory.sum()).backward()
    for tensor in (logits, *state, inputs.grad, *(p.grad for p in model.parameters())):
        assert torch.isfinite(tensor).all()


@pytest.mark.parametrize("memory", [0.0, 1e-6, 1e4])
def test_zero_key_and_uniform_memory_give_no_nan(memory):
    model = small()
    with torch.no_grad():
        model.head_weights.zero_()
        model.head_bias.zero_()
        model.initial_memory.fill_(memory)
        model.initial_read_weightings.zero_()
        model.initial_write_weightings.zero_()
    logits, _ = model(torch.zeros(1, 10, 2))
    logits.sum().backward()
    assert torch.isfinite(logits).all()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters())


@pytest.mark.parametrize("controller", ["feedforward", "lstm"])
def test_ten_thousand_steps_stay_finite(controller):
    model = small(controller)
    inputs = torch.randn(1, 10_000, 2)
    logits, state = model(inputs)
    logits.square().mean().backward()
    assert torch.isfinite(logits).all()
    assert all(torch.isfinite(part).all() for part in state)
    assert all(torch.isfinite(p.grad).all() for p in model.parameters())


@pytest.mark.parametrize("start", ["random", "constant"])
def test_a_smaller_memory_holds_the_first_slots_and_never_needs_the_others(start):
    model, x = small(memory_start=start, weighting_start="first"), torch.randn(2, 4, 2)
    with torch.no_grad():  # neither head may find slots 4 and 5 in the larger memory
        for logits in (model.initial_read_weightings, model.initial_write_weightings):
            logits[:, 3:] = -1e9
        for places in model.head_layout.places():
            model.head_bias[places["beta"]] = -1e9  # the strength is 0: content is everywhere
            model.head_bias[places["g"]] = -1e9  # gates are shut
            model.head_bias[places["s"]] = torch.tensor([-1e9, 0.0, -1e9])  # none moves
    state = model.initial_state(2, 3)
    assert state.memory.shape == (2, 3, 3)
    assert state.read_weightings.shape == state.write_weightings.shape == (2, 1, 3)
    logits, end = model(x, state)
    whole, whole_end = model(x)
    torch.testing.assert_close(logits, whole)
    torch.testing.assert_close(end.memory, whole_end.memory[:, :3])
    for slots in (0, 6):
        with pytest.raises(InputError, match="from 1 to 5"):
            model.initial_state(2, slots)


def test_rectified_units_grow_with_an_input_where_tanh_levels_off():
    x = torch.tensor([[[1e3, 0.0]], [[2e3, 0.0]]])
    for activation, growth in (("tanh", 1.0), ("relu", 2.0)):
        model = small(activation=activation)  # outputs are linear in its units
        again = NTM(**model.options())
        again.load_state_dict(model.state_dict())
        one, two = model(x)[0]
        torch.testing.assert_close(two, growth * one, rtol=1e-2, atol=1e-3)
        assert torch.equal(again(x)[0], model(x)[0])


@pytest.mark.parametrize(
    "options",
    [
        {"slots": 0},
        {"read_heads": -1},
        {"shift_range": -1},
        {"controller": "gru"},
        {"slots": 1.5},
        {"shift_range": 1.5},
        {"shift_range": True},
        {"output_reads": "no"},
        {"controller": ["lstm"]},
        {"activation": "sigmoid"},
        {"activation": "relu", "controller": "lstm"},
    ],
)
def test_wrong_options_are_refused(options):
    with pytest.raises(InputError):
        NTM(1, 1, **options)


def test_parameter_counts_stand_beside_the_papers():
    counts = {(row.task, row.model): (row.ours, row.paper) for row in parameter_counts()}
    assert len(counts) == 15
    for task in ("copy", "repeat copy", "associative recall", "dynamic N-grams"):
        ours, paper = counts[task, "LSTM"]
        assert ours == paper
    assert counts["priority sort", "LSTM"] == (348_424, 384_424)


def test_parameters_do_not_grow_with_slots_outside_the_initial_state():
    few, many = NTM(1, 1, slots=8), NTM(1, 1, slots=64)

    def count(model):
        return sum(p.numel() for n, p in model.named_parameters() if not n.startswith("initial"))

    assert count(few) == count(many)


@needs_gpu
def test_runs_on_cuda():
    model = small()
    x = torch.randn(2, 5, 2)
    expected = model(x)[0]
    found = model.cuda()(x.cuda())[0].cpu()
    np.testing.assert_allclose(found.detach(), expected.detach(), rtol=1e-4, atol=1e-5)
