"""The models under `torch.compile` without a break, and as programs of `torch.export`."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from ntmlab.kernels.backend import native_module
from ntmlab.models import make_model
from tests.tolerances import RELATIVE_RMS, relative_rms

I, O = 2, 3  # noqa: E741  inputs and outputs
NTM = {"kind": "ntm", "controller_size": 6, "slots": 5, "slot_width": 3}
CASES: dict[str, dict[str, Any]] = {
    "lstm": {"kind": "lstm", "hidden_size": 5, "layers": 2},
    "ntm": {**NTM, "read_heads": 2, "output_reads": True},
    "ntm, lstm controller": {**NTM, "controller": "lstm", "read_heads": 2, "output_reads": True},
}
PARAMETERS = ["lstm", pytest.param("ntm", marks=pytest.mark.slow), "ntm, lstm controller"]
# PyTorch's own, while it reads a program.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")


@pytest.fixture(params=PARAMETERS)
def model(request: pytest.FixtureRequest) -> Any:
    torch.manual_seed(0)
    torch.compiler.reset()
    options = dict(CASES[request.param])
    return make_model(options.pop("kind"), input_size=I, output_size=O, **options)


def drawn(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


def assert_close(found: Tensor, expected: Tensor) -> None:
    assert relative_rms(found, expected) <= RELATIVE_RMS[expected.dtype]


def assert_same(compiled: Any, model: Any, inputs: Tensor) -> None:
    """Logits, the state, and gradients through both of inputs and weights."""
    results = []
    for run in (compiled, model):
        given = inputs.clone().requires_grad_()
        logits, state = run(given)
        total = logits.square().sum() + sum(part.square().sum() for part in state)
        gradients = torch.autograd.grad(total, [given, *model.parameters()])
        results.append([logits, *state, *gradients])
    for one, other in zip(*results, strict=True):
        assert_close(one, other)


def test_the_whole_model_is_one_graph_of_any_batch_and_length(model: Any) -> None:
    torch._dynamo.utils.counters.clear()
    compiled = torch.compile(model, backend="aot_eager", fullgraph=True)
    for shape in ((4, 6), (4, 7), (3, 7), (2, 9), (5, 11)):
        assert_same(compiled, model, drawn(*shape, I))
    counters = torch._dynamo.utils.counters["stats"]
    assert counters["unique_graphs"] <= 4  # and not one for every shape
    with torch.no_grad():
        assert_close(compiled(drawn(4, 6, I))[0], model(drawn(4, 6, I))[0])


def test_a_network_of_both_is_one_graph_in_a_process_that_has_run_neither() -> None:
    program = """
import torch
from ntmlab import LSTM, NTM
first, second = NTM(2, 2, slots=4, controller_size=5), LSTM(2, 2, hidden_size=4)
network = torch.compile(lambda x: second(first(x)[0])[0], backend="aot_eager", fullgraph=True)
inputs = torch.zeros(1, 3, 2)
assert torch.allclose(network(inputs), second(first(inputs)[0])[0])
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True)


def test_a_state_goes_in_and_out_of_a_compiled_step(model: Any) -> None:
    compiled = torch.compile(model.step, backend="aot_eager", fullgraph=True)
    inputs, state, logits = drawn(3, 5, I), None, []
    with torch.no_grad():
        for t in range(5):
            step, state = compiled(inputs[:, t], state)
            logits.append(step)
        assert_close(torch.stack(logits, 1), model(inputs)[0])


def test_another_number_of_threads_between_the_passes(model: Any) -> None:
    before, inputs = torch.get_num_threads(), drawn(4, 6, I)
    expected = torch.autograd.grad(model(inputs)[0].sum(), list(model.parameters()))
    compiled = torch.compile(model, backend="aot_eager", fullgraph=True)
    try:
        total = compiled(inputs)[0].sum()
        torch.set_num_threads(3 - before if before < 3 else 1)
        found = torch.autograd.grad(total, list(model.parameters()))
    finally:
        torch.set_num_threads(before)
    for one, other in zip(found, expected, strict=True):
        assert_close(one, other)


def test_a_compiled_network_under_autocast_and_a_checkpoint(model: Any) -> None:
    linear = nn.Linear(I, I)

    def run(x: Tensor) -> Tensor:
        inner = torch.utils.checkpoint.checkpoint(
            lambda y: model(linear(y))[0], x, use_reentrant=False
        )
        return inner.float().square().sum()

    parameters = [*linear.parameters(), *model.parameters()]
    compiled = torch.compile(run, backend="aot_eager", fullgraph=True)
    for computed in (torch.float32, torch.bfloat16):
        with torch.autocast("cpu", torch.bfloat16, enabled=computed == torch.bfloat16):
            totals = [compiled(drawn(3, 4, I)), run(drawn(3, 4, I))]
        found, expected = (
            torch.autograd.grad(total, parameters, allow_unused=True) for total in totals
        )
        for one, other in zip(found, expected, strict=True):
            assert (one is None) == (other is None)
            assert one is None or relative_rms(one, other) <= RELATIVE_RMS[computed]


class Packed(nn.Module):
    """Packs padded rows for a model, and pads what comes."""

    def __init__(self) -> None:
        super().__init__()
        self.model: Any = make_model("lstm", input_size=I, output_size=O, hidden_size=3, layers=1)

    def forward(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(self.model(packed)[0], batch_first=True)[0]


@pytest.mark.filterwarnings("ignore:(Converting a tensor|The .grad attribute):UserWarning")
@pytest.mark.slow
def test_packed_rows_between_breaks_of_the_graph_with_dynamic_shapes() -> None:
    """PyTorch reads no packing; what comes between was packed without the sizes of its batches."""
    torch.compiler.reset()
    network = Packed()
    inputs, lengths = drawn(2, 3, I), torch.tensor([3, 3])  # of one length: fewer graphs
    compiled = torch.compile(network, backend="aot_eager", dynamic=True)
    assert_close(compiled(inputs, lengths), network(inputs, lengths))


@pytest.mark.slow
def test_other_numbers_and_the_reference_are_compiled_operation_by_operation(model: Any) -> None:
    double = model.double()
    compiled = torch.compile(double, backend="aot_eager", fullgraph=True)
    assert_same(compiled, double, drawn(2, 1, I).double())
    slow = model.float()
    slow.backend = "reference"
    assert_same(torch.compile(slow, backend="aot_eager", fullgraph=True), slow, drawn(2, 1, I))


def test_a_compiled_module_in_place_and_its_state_dict(model: Any) -> None:
    expected, names = model(drawn(3, 4, I))[0], list(model.state_dict())
    model.compile(backend="aot_eager", fullgraph=True)
    assert_close(model(drawn(3, 4, I))[0], expected)
    assert list(model.state_dict()) == names


@pytest.mark.skipif(native_module() is None, reason="native kernels were not built")
def test_a_scan_is_one_operator(model: Any) -> None:
    graphs: list[Any] = []

    def backend(graph: Any, example: Any) -> Any:
        graphs.append(graph)
        return graph.forward

    torch.compile(model, backend=backend, fullgraph=True)(drawn(3, 4, I))
    (graph,) = graphs
    names = [str(node.target) for node in graph.graph.nodes]
    assert sum(f"ntmlab.{model.kind}_scan" in name for name in names) == 1
    assert len(names) < 60


def test_export_of_a_step_and_of_a_fixed_length(model: Any) -> None:
    inputs, (_, state) = drawn(2, 3, I), model(drawn(2, 4, I))
    state = type(state)(*(part.detach() for part in state))
    for strict in (False, True):
        program = torch.export.export(model, (inputs, state), strict=strict)
        found, end = program.module()(inputs, state)
        expected, expected_end = model(inputs, state)
        for one, other in zip([found, *end], [expected, *expected_end], strict=True):
            assert_close(one, other)
    assert not any("ntmlab" in str(node.target) for node in program.graph.nodes)


ELSEWHERE = """
import sys
sys.modules["ntmlab"] = None
import torch
program, inputs, state = torch.export.load(sys.argv[1]).module(), *torch.load(sys.argv[2])
logits, end = program(inputs, state)
torch.save([logits, *end], sys.argv[3])
"""


class Plain(nn.Module):
    """A model whose state is no class of this package: a program that is saved can have none."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, inputs: Tensor, state: Any) -> tuple[Tensor, tuple[Tensor, ...]]:
        logits, end = self.model(inputs, state)
        return logits, tuple(end)


@pytest.mark.slow
def test_an_exported_program_runs_where_this_package_is_not(model: Any, tmp_path: Path) -> None:
    inputs, (_, state) = drawn(2, 3, I), model(drawn(2, 4, I))
    plain = tuple(part.detach() for part in state)
    program, given, found = (str(tmp_path / name) for name in ("m.pt2", "given.pt", "found.pt"))
    torch.export.save(torch.export.export(Plain(model), (inputs, plain), strict=False), program)
    torch.save((inputs, plain), given)
    command = [sys.executable, "-c", ELSEWHERE, program, given, found]
    subprocess.run(command, check=True, capture_output=True)
    logits, end = model(inputs, plain)
    for one, other in zip(torch.load(found), [logits, *end], strict=True):
        assert_close(one, other)


@pytest.mark.slow
def test_transforms_inside_a_compiled_function(model: Any) -> None:
    parameters = {name: p.detach() for name, p in model.named_parameters()}

    def loss(parameters: dict[str, Tensor], row: Tensor) -> Tensor:
        logits: Tensor = torch.func.functional_call(model, parameters, (row[None],))[0]
        return logits.square().sum()

    each = torch.func.vmap(torch.func.grad(loss), (None, 0))
    expected = each(parameters, drawn(2, 2, I))
    found = torch.compile(each, backend="aot_eager", fullgraph=True)(parameters, drawn(2, 2, I))
    for name in parameters:
        assert_close(found[name], expected[name])
