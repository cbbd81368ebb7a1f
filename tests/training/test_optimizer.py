"""Optimisers against hand numbers."""

import pytest
import torch

from ntmlab import InputError
from ntmlab.training.optimizer import (
    GravesRMSProp,
    load_optimizer_tensors,
    make_optimizer,
    optimizer_tensors,
)

ADAMS = ("adam", "adam-damped", "adam-smooth", "adam-long")


def test_the_worked_step():
    w = torch.tensor([1.1], dtype=torch.float64, requires_grad=True)
    optimizer = GravesRMSProp([w], lr=1e-4)
    w.grad = torch.zeros_like(w)
    optimizer.step()  # makes the state
    with torch.no_grad():
        w.fill_(1.1)
    values = {"n": 10.3, "m": 1.8, "delta": 3.7}
    for name, value in values.items():
        optimizer.state[w][name].fill_(value)
    w.grad = torch.tensor([2.7], dtype=torch.float64)
    optimizer.step()
    state = {name: optimizer.state[w][name].item() for name in values}
    assert state["n"] == pytest.approx(10.1495)
    assert state["m"] == pytest.approx(1.845)
    assert state["delta"] == pytest.approx(3.329896, abs=1e-6)
    assert w.item() == pytest.approx(4.429896, abs=1e-6)


def test_the_papers_damping_stands_within_the_root():
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    w.grad = torch.full_like(w, 1e-3)
    GravesRMSProp([w], lr=1.0).step()
    spread = 0.05 * 1e-6 - (0.05 * 1e-3) ** 2  # n - m² after one step
    assert w.item() == pytest.approx(-1e-3 / (spread + 1e-4) ** 0.5, rel=1e-9)


@pytest.mark.parametrize("name", [*ADAMS, "graves-rmsprop"])
def test_goes_downhill_and_resumes_exactly(name):
    def run(steps, weights, state=None):
        w = weights.clone().requires_grad_()
        optimizer = make_optimizer(name, [w], lr=0.01)
        if state is not None:
            load_optimizer_tensors(optimizer, state)
        for _ in range(steps):
            optimizer.zero_grad()
            (w - 3).square().sum().backward()
            optimizer.step()
        tensors = {k: v.clone() for k, v in optimizer_tensors(optimizer).items()}
        return w.detach(), tensors

    start = torch.tensor([1.0, 5.0])
    whole, _ = run(60, start)
    middle, state = run(25, start)
    again, _ = run(35, middle, state)
    assert torch.equal(whole, again)
    assert ((whole - 3).abs() < (start - 3).abs()).all()


@pytest.mark.parametrize("gradient", [1.0, 1e-5, 1e-8])
@pytest.mark.parametrize(("name", "damping"), [("adam", 1e-8), ("adam-damped", 1e-5)])
def test_a_damping_shrinks_steps_of_tiny_gradients(name, damping, gradient):
    """The first step is the rate times g / (g + damping)."""
    w = torch.zeros(1, requires_grad=True)
    optimizer = make_optimizer(name, [w], lr=0.01)
    w.grad = torch.full((1,), gradient)
    optimizer.step()
    assert w.item() == pytest.approx(-0.01 * gradient / (gradient + damping), rel=1e-3)


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("adam", 0.9, 0.99), ("adam-smooth", 0.95, 0.999), ("adam-long", 0.9, 0.9999)],
)
def test_a_step_after_a_gradient_of_zero_shows_how_long_moments_are_kept(name, first, second):
    """Moments of gradients 1 and 0, each over the sum of its weights, are b / (1 + b)."""
    w = torch.zeros(1, requires_grad=True)
    optimizer = make_optimizer(name, [w], lr=0.01)
    for gradient in (1.0, 0.0):
        before = w.item()
        w.grad = torch.full((1,), gradient)
        optimizer.step()
    ratio = first / (1 + first) / (second / (1 + second)) ** 0.5
    assert w.item() - before == pytest.approx(-0.01 * ratio, rel=1e-4)


@pytest.mark.parametrize(("name", "b", "moved"), [("adam", 0.99, 1.0), ("adam-long", 0.9999, 0.18)])
def test_a_gradient_out_of_nothing_moves_weights_far_unless_such_are_remembered(name, b, moved):
    """1, a thousand times, then 0, 2,000 times, and 1 again.

    The first moment is 0.1; the second, of weights 1 - b, b (1 - b), ..., is divided by their sum.
    """
    second = (1 - b + b**2001 * (1 - b**1000)) / (1 - b**3001)
    assert 0.1 / second**0.5 == pytest.approx(moved, abs=0.003)
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = make_optimizer(name, [w], lr=0.01)
    for gradient in [*[1.0] * 1000, *[0.0] * 2000]:
        w.grad = torch.full_like(w, gradient)
        optimizer.step()
    before = w.item()
    w.grad = torch.ones_like(w)
    optimizer.step()
    assert before - w.item() == pytest.approx(0.01 * 0.1 / second**0.5, rel=1e-5)


@pytest.mark.parametrize("name", ADAMS)
def test_weights_decay_apart_from_their_gradients(name):
    """Without a gradient a parameter only loses the part rate x decay of itself."""
    w = torch.tensor([2.0, -4.0], requires_grad=True)
    optimizer = make_optimizer(name, [w], lr=0.1, weight_decay=0.5)
    for _ in range(3):
        w.grad = torch.zeros(2)
        optimizer.step()
    torch.testing.assert_close(w.detach(), torch.tensor([2.0, -4.0]) * 0.95**3)


def test_the_papers_optimizer_refuses_a_decay_of_weights():
    with pytest.raises(InputError, match="graves-rmsprop has no weight_decay"):
        make_optimizer("graves-rmsprop", [torch.zeros(1)], 0.1, 0.5)


def test_unknown_optimizer():
    with pytest.raises(InputError, match="did you mean 'adam'"):
        make_optimizer("adm", [], 0.1)


def test_a_parameter_without_numbers_that_is_gone_moves_no_other():
    """A checkpoint of an LSTM of one layer, when its weights of layers above were a parameter."""
    first, gone, last = torch.ones(2), torch.ones(0, 3), torch.ones(3)
    before, after = [first, gone, last], [first.clone(), last.clone()]
    for parameter in (*before, *after):
        parameter.requires_grad_()
        parameter.grad = torch.full_like(parameter, float(len(parameter)))
    old, new = torch.optim.Adam(before, 0.1), torch.optim.Adam(after, 0.1)
    old.step()
    load_optimizer_tensors(new, optimizer_tensors(old))
    assert torch.equal(new.state[after[0]]["exp_avg"], old.state[first]["exp_avg"])
    assert torch.equal(new.state[after[1]]["exp_avg"], old.state[last]["exp_avg"])
    assert len(new.state) == 2
