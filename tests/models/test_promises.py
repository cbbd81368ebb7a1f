"""What the package's own models promise inside a user's code: tests over all of `MODELS`.

What a user's model has to keep as well is in test_contract.py.
"""

import copy
import io
import pickle
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._dynamo.exc import UserError
from torch.utils.checkpoint import checkpoint

from ntmlab import InputError
from ntmlab.models import MODELS, make_model
from tests.tolerances import RELATIVE_RMS, relative_rms

I, O = 2, 3  # noqa: E741  inputs and outputs
NTM = {"controller_size": 6, "slots": 5, "slot_width": 3}
CASES: dict[str, dict[str, Any]] = {
    "lstm": {"kind": "lstm", "hidden_size": 5, "layers": 2},
    "lstm, one layer": {"kind": "lstm", "hidden_size": 4, "layers": 1},
    "ntm": {"kind": "ntm", **NTM},
    "ntm, all of it": {
        **{"kind": "ntm", "controller_layers": 2, "read_heads": 2, "write_heads": 2},
        **{"shift_range": 2, "output_reads": True, "activation": "relu"},
        **NTM,
    },
    "ntm, lstm controller": {"kind": "ntm", "controller": "lstm", "controller_layers": 2, **NTM},
    "ntm, constant start": {
        "kind": "ntm",
        "memory_start": "constant",
        "weighting_start": "first",
        **NTM,
    },
}


# In PyTorch's operations alone: no kernels whose backend could be chosen.
PLAIN: dict[str, dict[str, Any]] = {
    "gru": {"kind": "gru", "hidden_size": 5},
    "transformer": {"kind": "transformer", "width": 8, "heads": 2},
    "mingru": {"kind": "mingru", "width": 6, "hidden_size": 5},
    "delta": {"kind": "delta", "width": 8, "heads": 2, "convolution": 3},
    "ssm": {"kind": "ssm", "width": 6, "states": 3},
    "dnc": {"kind": "dnc", "hidden_size": 6, "slots": 4, "slot_width": 3, "read_heads": 2},
}
# What sums over steps by matrices multiplies a later NaN by 0, which is NaN.
SUMMING = ("transformer", "delta")
# In blocks that add up, numbers grow with a power of the weights beyond what float32 holds.
LARGEST = {"transformer": 1e2, "mingru": 1e2, "delta": 1e2, "ssm": 10.0}


@pytest.fixture(params=[*CASES, *PLAIN])
def model(request: pytest.FixtureRequest) -> Any:
    return made(request.param)


@pytest.fixture(params=CASES)
def machine(request: pytest.FixtureRequest) -> Any:
    """A model whose steps are a kernel's."""
    return made(request.param)


def made(name: str) -> Any:
    torch.manual_seed(0)
    options = dict((CASES | PLAIN)[name])
    model = make_model(options.pop("kind"), input_size=I, output_size=O, **options)
    with torch.no_grad():  # away from zero, so that float32 has its digits everywhere
        for parameter in model.parameters():
            parameter.add_(0.5 * torch.randn(parameter.shape))
    return model


def inputs_of(rows: int = 3, steps: int = 7, dtype: torch.dtype = torch.float32) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(rows, steps, I, generator=generator).to(dtype)


def exact_twin(model: Any) -> Any:
    """The same model by the reference in float64."""
    twin = copy.deepcopy(model).double()
    twin.backend = "reference"
    return twin


def assert_close(found: Tensor, expected: Tensor) -> None:
    assert relative_rms(found, expected) <= RELATIVE_RMS[torch.float32]


def functional(model: Any) -> Any:
    """The logits as a function of inputs and parameters, and the parameters."""
    names = [name for name, _ in model.named_parameters()]

    def run(inputs: Tensor, *parameters: Tensor) -> Tensor:
        state = dict(zip(names, parameters, strict=True))
        logits: Tensor = torch.func.functional_call(model, state, (inputs,))[0]
        return logits

    return run, [p.detach().clone().requires_grad_() for p in model.parameters()]


def test_every_kind_is_tested() -> None:
    assert {options["kind"] for options in (CASES | PLAIN).values()} == set(MODELS)


def test_logits_and_state_by_whole_sequence_by_steps_and_in_pieces(model: Any) -> None:
    model, inputs = model.double(), inputs_of(dtype=torch.float64)
    whole, end = model(inputs)
    assert whole.shape == (3, 7, O)
    state, stepped = None, []
    for t in range(7):
        logits, state = model.step(inputs[:, t], state)
        stepped.append(logits)
    torch.testing.assert_close(torch.stack(stepped, 1), whole)
    for a, b in zip(state, end, strict=True):
        torch.testing.assert_close(a, b)
    first, middle = model(inputs[:, :3])
    rest, _ = model(inputs[:, 3:], tuple(part.detach() for part in middle))
    torch.testing.assert_close(torch.cat([first, rest], 1), whole)


def test_rows_and_the_future_are_not_seen(model: Any) -> None:
    inputs = inputs_of(steps=8)
    whole = model(inputs)[0]
    assert_close(model(inputs[1:2])[0], whole[1:2])
    changed = inputs.clone()
    changed[:, 5] += 1
    other = model(changed)[0]
    assert torch.equal(other[:, :5], whole[:, :5])
    assert (other[:, 5:] != whole[:, 5:]).any()


def test_nan_stays_in_its_row_and_its_future(model: Any) -> None:
    inputs = inputs_of()
    inputs[1, 3, 0] = float("nan")
    logits = model(inputs)[0]
    assert logits[1, 3:].isnan().all()
    assert model.kind in SUMMING or logits[1, :3].isfinite().all()
    assert logits[[0, 2]].isfinite().all()


@pytest.mark.parametrize("scale", [0.0, 1e4])
def test_extreme_weights_give_finite_logits_and_gradients(model: Any, scale: float) -> None:
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(min(scale, LARGEST.get(model.kind, scale)))
    inputs = inputs_of(steps=20).requires_grad_()
    logits, state = model(inputs)
    logits.mean().backward()
    gradients = [parameter.grad for parameter in model.parameters()]
    assert all(tensor.isfinite().all() for tensor in (logits, *state, inputs.grad, *gradients))


def test_gradients_are_those_of_finite_differences(model: Any) -> None:
    run, parameters = functional(model.double())
    inputs = inputs_of(2, 3, torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(run, (inputs, *parameters), fast_mode=True)


def penalty_gradients(model: Any, inputs: Tensor) -> list[Tensor]:
    """Gradients of a loss with a gradient penalty."""
    inputs = inputs.clone().requires_grad_()
    logits, _ = model(inputs)
    (gradient,) = torch.autograd.grad(logits, inputs, torch.ones_like(logits), create_graph=True)
    loss = logits.mean() + 10 * (gradient.norm() - 1).square()
    return list(torch.autograd.grad(loss, list(model.parameters()), materialize_grads=True))


def test_a_gradient_penalty_counts(model: Any) -> None:
    found = penalty_gradients(model, inputs_of())
    expected = penalty_gradients(exact_twin(model), inputs_of(dtype=torch.float64))
    rounded = penalty_gradients(exact_twin(model).float(), inputs_of())
    for one, other, near in zip(found, expected, rounded, strict=True):
        allowed = max(RELATIVE_RMS[torch.float32], 3 * relative_rms(near, other))
        assert relative_rms(one, other) <= allowed


def test_a_checkpoint_gives_the_same_gradients(model: Any) -> None:
    inputs = inputs_of().requires_grad_()
    expected = torch.autograd.grad(model(inputs)[0].sum(), list(model.parameters()))
    output = checkpoint(lambda x: model(x)[0], inputs, use_reentrant=False)
    for one, other in zip(
        torch.autograd.grad(output.sum(), list(model.parameters())), expected, strict=True
    ):
        assert torch.equal(one, other)


@pytest.mark.filterwarnings("ignore:.*torch.jit.script. is deprecated:DeprecationWarning")
def test_transforms_of_torch_func(model: Any) -> None:
    if model.kind == "gru":
        pytest.skip("torch.nn.GRU, which it is, has no rule for vmap")
    dtype = torch.float64 if model.kind in {c["kind"] for c in PLAIN.values()} else torch.float32
    run, parameters = functional(model.to(dtype))
    plain = [parameter.detach() for parameter in parameters]

    def loss(parameters: list[Tensor], row: Tensor) -> Tensor:
        return run(row.unsqueeze(0), *parameters).square().sum()

    inputs = inputs_of(dtype=dtype)
    each = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0))(plain, inputs)
    for number, row in enumerate(inputs):
        expected = torch.autograd.grad(
            run(row.unsqueeze(0), *parameters).square().sum(), parameters
        )
        for one, other in zip(each, expected, strict=True):
            assert_close(one[number], other)
    tangent = torch.func.jvp(lambda x: run(x, *plain), (inputs,), (torch.ones_like(inputs),))[1]
    assert tangent.isfinite().all()


def test_export_for_any_batch(model: Any) -> None:
    if model.kind == "gru":
        pytest.skip("the export of torch.nn.GRU, which it is, warns of its own weights")
    batch = {"inputs": {0: torch.export.Dim("batch")}}
    program = torch.export.export(model, (inputs_of(2, 3),), dynamic_shapes=batch, strict=False)
    found, _ = program.module()(inputs_of(5, 3))
    assert_close(found, model(inputs_of(5, 3))[0])


@pytest.mark.parametrize("kind", ["ntm", "lstm"])
def test_export_for_any_length_is_refused(kind: str) -> None:
    """The reference has each step by itself: never a program of one length that is called any."""
    model = make_model(kind, input_size=I, output_size=1)
    steps = {"inputs": {1: torch.export.Dim("steps", min=2, max=9)}}
    with pytest.raises(UserError, match=r"Constraints violated \(steps\)"):
        torch.export.export(model, (inputs_of(2, 3),), dynamic_shapes=steps, strict=False)


def test_autocast_computes_in_the_dtype_of_the_weights(model: Any) -> None:
    inputs, linear = inputs_of(), nn.Linear(I, I)
    with torch.autocast("cpu", torch.bfloat16):
        before = linear(inputs)
        logits, state = model(before)
        again, _ = model(before, tuple(part.bfloat16() for part in state))
    assert before.dtype == torch.bfloat16
    assert {logits.dtype, again.dtype, *(part.dtype for part in state)} == {torch.float32}
    assert torch.equal(logits, model(before.float())[0])
    logits.sum().backward()
    assert linear.weight.grad is not None
    assert linear.weight.grad.count_nonzero() > 0
    model.backend = "reference"
    with torch.autocast("cpu", torch.bfloat16):
        assert_close(model(before)[0], logits)


def test_a_state_may_be_any_sequence_of_its_parts(model: Any) -> None:
    _, state = model(inputs_of())
    expected = model(inputs_of(), state)[0]
    for given in (tuple(state), list(state), tuple(part.detach() for part in state)):
        assert torch.equal(model(inputs_of(), given)[0], expected)
    for wrong in (tuple(state)[:-1], state[0], 3, (None,) * len(state), "state"):
        with pytest.raises(InputError, match="state must be tensors"):
            model(inputs_of(), wrong)
    with pytest.raises(InputError, match=r"state\.\w+ must have shape|state must"):
        model(inputs_of(2), state)
    with pytest.raises(InputError, match=r"state\.\w+ must be torch.float32"):
        model(inputs_of(), tuple(part.double() for part in state))


@pytest.mark.parametrize(
    "wrong",
    [
        torch.zeros(3, 7, I, dtype=torch.float64),
        torch.zeros(3, 7, I, dtype=torch.int64),
        torch.zeros(3, 7, I, dtype=torch.bool),
        torch.zeros(3, 7, I, dtype=torch.complex64),
        torch.zeros(3, 7, I).bfloat16(),
        torch.zeros(3, 7, I, device="meta"),
        torch.zeros(3, 7, I + 1),
        torch.zeros(3, I + 1),
        torch.zeros(0, I),
        torch.zeros(I),
        torch.zeros(1, 3, 7, I),
        torch.zeros(3, 0, I),
        [[0.0] * I],
    ],
    ids=lambda wrong: f"{getattr(wrong, 'dtype', '')} {tuple(getattr(wrong, 'shape', ()))}",
)
def test_wrong_inputs_are_refused_in_one_line(model: Any, wrong: Any) -> None:
    with pytest.raises(InputError, match="inputs must") as caught:
        model(wrong)
    assert "\n" not in str(caught.value)


def test_a_backend_is_one_of_the_table(machine: Any) -> None:
    model = machine
    options = model.options()
    with pytest.raises(
        InputError, match=r"backend must be 'auto', 'native'.* or 'reference', not 'tpu'"
    ):
        type(model)(**options, backend="tpu")
    model.backend = "fast"
    with pytest.raises(InputError, match="backend must be"):
        model(inputs_of())
    double = type(model)(**options, backend="native").double()
    with pytest.raises(InputError, match="use backend='auto' or backend='reference'"):
        double(inputs_of(dtype=torch.float64))


def test_copies_give_the_same(model: Any) -> None:
    inputs = inputs_of()
    expected = model(inputs)[0]
    again = type(model)(**model.options())
    again.load_state_dict(model.state_dict())
    buffer = io.BytesIO()
    torch.save(model, buffer)
    buffer.seek(0)
    copies = [again, copy.deepcopy(model), pickle.loads(pickle.dumps(model))]
    for copied in (*copies, torch.load(buffer, weights_only=False)):
        assert torch.equal(copied(inputs)[0], expected)
    assert make_model(model.kind, **model.options()).options() == model.options()


def test_it_trains_inside_another_network(model: Any) -> None:
    network = nn.ModuleDict({"before": nn.Linear(1, I), "model": model, "after": nn.Linear(O, 1)})
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05)
    x, losses = torch.randn(8, 6, 1, generator=torch.Generator().manual_seed(2)), []
    for _ in range(40):
        loss = (network["after"](model(network["before"](x))[0]) - 1).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
