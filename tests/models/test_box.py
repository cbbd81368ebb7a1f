"""The models in plain PyTorch beside their libraries, and their papers' formulas step by step."""

import math

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention, silu, softplus

from ntmlab import check_predictor, make_task
from ntmlab.models import MODELS, make_model
from ntmlab.models import dnc_memory as m
from ntmlab.models.convolution import Convolution
from ntmlab.models.delta import CHUNK, delta_rule
from ntmlab.models.mingru import MinimalGates
from ntmlab.models.scan import linear_scan
from ntmlab.models.ssm import Selective
from ntmlab.models.transformer import attention, turned

DOUBLE = torch.float64
BOX = ["gru", "transformer", "mingru", "delta", "delta:rule=additive", "ssm", "dnc"]


def normal(*shape, seed=0):
    return torch.randn(*shape, dtype=DOUBLE, generator=torch.Generator().manual_seed(seed))


def moved(module):
    """A module in float64, its weights away from where they start."""
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape))
    return module.double()


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 9, 10, 50])
def test_a_scan_is_the_loop(length):
    decay, drive, h = normal(2, length, 3, 2).sigmoid(), normal(2, length, 3, 2), normal(2, 3, 2)
    found = linear_scan(decay, drive, h)
    for t in range(length):
        h = decay[:, t] * h + drive[:, t]
        torch.testing.assert_close(found[:, t], h)


def test_a_convolution_is_pytorchs_with_zeros_before():
    own, x = moved(Convolution(3, 4)), normal(2, 9, 3)
    theirs = torch.nn.Conv1d(3, 3, 4, groups=3, padding=3, dtype=DOUBLE)
    theirs.weight.data = own.weight.data.T[:, None]
    theirs.bias.data = own.bias.data
    found, seen = own(x, own.start(2))
    torch.testing.assert_close(found, theirs(x.mT).mT[:, :9])
    assert torch.equal(seen, x[:, -3:])


def test_a_gru_is_pytorchs():
    model, x = moved(make_model("gru:hidden_size=5", input_size=2, output_size=3)), normal(4, 7, 2)
    hidden, end = model.cells(x, model.initial_hidden[:, None].repeat(1, 4, 1))
    logits, state = model(x)
    torch.testing.assert_close(logits, hidden @ model.read.weight.T + model.read.bias)
    torch.testing.assert_close(state.hidden, end.transpose(0, 1))


@pytest.mark.parametrize("steps", [7, 3])
def test_attention_is_pytorchs(steps):
    q, k, v = normal(2, 3, steps, 4), normal(2, 3, 7, 4, seed=1), normal(2, 3, 7, 4, seed=2)
    mask = torch.arange(7) <= torch.arange(7 - steps, 7)[:, None]
    expected = scaled_dot_product_attention(q, k, v, attn_mask=mask)
    torch.testing.assert_close(attention(q, k, v), expected)
    with torch.no_grad():
        torch.testing.assert_close(attention(q, k, v), expected)


def test_turned_vectors_know_their_distance_alone():
    """RoFormer, equation 16: the product of q at m and k at n depends on n - m."""
    q, k = normal(1, 6), normal(1, 6, seed=1)
    near = [(turned(q, p) * turned(k, p + 4)).sum() for p in (0, 5, 1000)]
    torch.testing.assert_close(near[1:], near[:1] * 2)
    complexes = torch.complex(q[:, :3], q[:, 3:])
    rates = torch.tensor([1.0, 10_000 ** (-1 / 3), 10_000 ** (-2 / 3)], dtype=DOUBLE)
    expected = complexes * torch.exp(1j * 7 * rates)
    torch.testing.assert_close(turned(q, 7), torch.cat([expected.real, expected.imag], -1))


def test_a_transformer_s_state_is_one_key_and_value_a_step():
    model = make_model("transformer:width=8,heads=2", input_size=1, output_size=1)
    _, state = model(torch.zeros(3, 5, 1))
    assert state.keys.shape == state.values.shape == (3, 2, 2, 5, 4)
    _, state = model(torch.zeros(3, 2, 1), state)
    assert state.keys.shape == (3, 2, 2, 7, 4)


def test_minimal_gates_step_by_step():
    """Feng et al. 2024: h_t = (1 - z_t) h_{t-1} + z_t g(candidate)."""
    layer, x, h = moved(MinimalGates(3, 4)), normal(2, 8, 3), normal(2, 4).abs()
    found, (end,) = layer(x, (h,))
    for t in range(8):
        z, candidate = (layer.enter.weight @ x[:, t].T).T.add(layer.enter.bias).chunk(2, -1)
        g = torch.where(candidate >= 0, candidate + 0.5, candidate.sigmoid())
        h = (1 - z.sigmoid()) * h + z.sigmoid() * g
        torch.testing.assert_close(found[:, t], layer.leave(h))
    torch.testing.assert_close(end, h)


@pytest.mark.parametrize("rule", ["delta", "additive"])
@pytest.mark.parametrize("length", [1, 5, CHUNK, CHUNK + 1, 2 * CHUNK + 3])
def test_chunks_are_the_gated_delta_rule_step_by_step(rule, length):
    """Yang, Kautz and Hatamizadeh 2024: S_t = a_t (I - b_t k_t k_t^T) S_{t-1} + b_t k_t v_t^T."""
    q, k, v = (normal(1, 2, length, 3, seed=s) for s in range(3))
    k = k / k.norm(dim=-1, keepdim=True)
    log_decay, part = -normal(1, 2, length, seed=3).abs(), normal(1, 2, length, seed=4).sigmoid()
    S = normal(1, 2, 3, 3, seed=5)
    found, after = delta_rule(q, k, v, log_decay, part, S, rule)
    for t in range(length):
        a, b = log_decay[..., t, None, None].exp(), part[..., t, None, None]
        key, value = k[..., t, :, None], v[..., t, None, :]
        forget = torch.eye(3, dtype=DOUBLE) - (b * key @ key.mT if rule == "delta" else 0)
        S = a * forget @ S + b * key @ value
        torch.testing.assert_close(found[..., t, :], (q[..., t, None, :] @ S).squeeze(-2))
    torch.testing.assert_close(after, S)


def test_a_selective_layer_step_by_step():
    """Mamba, equations 2 and 4 and algorithm 2, with Δ B for the input's factor."""
    layer, x = moved(Selective(4, states=3, convolution=2)), normal(2, 6, 4)
    found, (end, _) = layer(x, layer.start(2))
    signal, gate = layer.enter(x).chunk(2, -1)
    signal = silu(layer.before(signal, layer.before.start(2))[0])
    h, A = torch.zeros(2, 8, 3, dtype=DOUBLE), -layer.log_rates.exp()
    for t in range(6):
        low, B, C = layer.select(signal[:, t]).split(layer.sizes, -1)
        step = softplus(layer.steps(low))[..., None]  # (B, E, 1)
        h = torch.exp(step * A) * h + step * B[:, None] * signal[:, t, :, None]
        y = (h * C[:, None]).sum(-1) + layer.through * signal[:, t]
        torch.testing.assert_close(found[:, t], layer.leave(y * silu(gate[:, t])))
    torch.testing.assert_close(end, h)


def test_the_steps_of_a_selective_layer_start_between_their_bounds():
    steps = softplus(Selective(32, states=2, convolution=1).steps.bias)
    assert steps.min() >= 1e-3 * (1 - 1e-4)
    assert steps.max() <= 0.1 * (1 + 1e-4)


def test_a_dnc_allocates_the_least_used_slots_first():
    usage = torch.tensor([[0.9, 0.2, 0.5]], dtype=DOUBLE)
    expected = torch.tensor([[0.1 * 0.2 * 0.5, 0.8, 0.5 * 0.2]], dtype=DOUBLE)
    torch.testing.assert_close(m.allocation(usage), expected, rtol=1e-5, atol=1e-5)
    empty = m.allocation(torch.zeros(1, 4, dtype=DOUBLE, requires_grad=True))
    torch.testing.assert_close(empty, torch.eye(4, dtype=DOUBLE)[:1], rtol=0, atol=1e-5)
    full = m.allocation(torch.ones(1, 4, dtype=DOUBLE))
    assert torch.equal(full, torch.zeros(1, 4, dtype=DOUBLE))


def test_a_dnc_frees_what_was_read():
    usage, written = torch.tensor([[1.0, 0.5, 0.0]]), torch.tensor([[0.0, 0.5, 0.5]])
    read, free = torch.eye(3)[None, :2], torch.tensor([[1.0, 0.5]])
    found = m.usage_after(usage, written, read, free)
    torch.testing.assert_close(found, torch.tensor([[0.0, 0.75 * 0.5, 0.5]]))


def test_a_dnc_walks_along_what_it_wrote_and_back():
    """Slots written one after the other are linked; from each reading goes on or back one."""
    order, slots = [2, 0, 3], torch.eye(4, dtype=DOUBLE)[None]
    link, precedence = torch.zeros(1, 4, 4, dtype=DOUBLE), torch.zeros(1, 4, dtype=DOUBLE)
    for slot in order:
        link = m.link_after(link, precedence, slots[:, slot])
        precedence = m.precedence_after(precedence, slots[:, slot])
    content, back, on = torch.zeros_like(slots[:, :1]), *torch.eye(3, dtype=DOUBLE)[[0, 2]]
    for earlier, later in ((2, 0), (0, 3)):
        found = m.read_weightings(link, slots[:, earlier : earlier + 1], content, on[None, None])
        assert torch.equal(found[0], slots[0, later : later + 1])
        found = m.read_weightings(link, slots[:, later : later + 1], content, back[None, None])
        assert torch.equal(found[0], slots[0, earlier : earlier + 1])
    assert not link.diagonal(dim1=1, dim2=2).any()


def test_a_dnc_of_zeros_reads_and_gives_gradients():
    memory, keys = (torch.zeros(1, n, 3, requires_grad=True) for n in (4, 1))
    found = m.content_weighting(memory, keys, torch.ones(1, 1))
    torch.testing.assert_close(found, torch.full((1, 1, 4), 0.25))
    assert all(g.isfinite().all() for g in torch.autograd.grad(found[0, 0, 0], (memory, keys)))


def test_a_dnc_s_weightings_stay_sub_distributions():
    model = moved(make_model("dnc:slots=5,slot_width=3,read_heads=2", input_size=2, output_size=1))
    state = None
    for t in range(30):
        _, state = model.step(normal(3, 2, seed=t), state)
        for weights in (state.write_weighting, state.precedence, *state.read_weightings.unbind(1)):
            assert (weights >= 0).all()
            assert (weights.sum(-1) <= 1 + 1e-12).all()
        assert ((state.usage >= 0) & (state.usage <= 1)).all()
        assert (state.link.sum(1) <= 1 + 1e-12).all()
        assert (state.link.sum(2) <= 1 + 1e-12).all()


@pytest.mark.parametrize("text", sorted(MODELS.keys() - {"ntm", "lstm"}))
def test_defaults_are_of_about_a_hundred_thousand_parameters_at_most(text):
    with torch.device("meta"):
        model = make_model(text, input_size=1, output_size=1)
    assert sum(p.numel() for p in model.parameters()) <= 100_000


AT_LENGTH = [pytest.param(t, marks=pytest.mark.slow) if t == "dnc" else t for t in BOX]


@pytest.mark.parametrize("text", AT_LENGTH)
def test_every_check_is_passed_after_training_too(text):
    task, small = make_task("dynamic-ngrams:order=2,length=20"), "," if ":" in text else ":"
    name = {"gru": "hidden_size=8", "dnc": "hidden_size=8,slots=4,slot_width=4"}.get(
        text, "width=8"
    )
    torch.manual_seed(0)
    model = make_model(f"{text}{small}{name}", input_size=1, output_size=1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    sequences = task.sample(16, seed=0)
    for _ in range(20):
        logits, _ = model(sequences.inputs)
        loss = task.outputs.loss(logits, sequences.targets, sequences.mask)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert math.isfinite(loss.item())
    wrong = [c for c in check_predictor(model, task, lengths=(2, 20, 67)) if not c.passed]
    assert not wrong
