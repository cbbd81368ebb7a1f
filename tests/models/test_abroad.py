"""The models in ONNX, over processes, as the compiler's own code, and on long sequences."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from ntmlab import LSTM, NTM, load_model
from ntmlab.kernels.backend import native_module

I, O = 2, 3  # noqa: E741  inputs and outputs
CASES: dict[str, Any] = {
    "ntm": lambda: NTM(I, O, controller_size=6, slots=5, slot_width=3),
    "lstm": lambda: LSTM(I, O, hidden_size=5, layers=2),
}
pytestmark = pytest.mark.slow


def drawn(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.filterwarnings("ignore")  # of the exporter's own parts
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("steps", [1, 4])
def test_onnx_of_a_step_and_of_a_fixed_length(name: str, steps: int, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    runtime = pytest.importorskip("onnxruntime")
    torch.manual_seed(0)
    model = CASES[name]()
    inputs, state = drawn(3, steps, I), tuple(p.detach() for p in model(drawn(3, 2, I))[1])
    path = str(tmp_path / "model.onnx")
    torch.onnx.export(model, (inputs, state), path, dynamo=True, verbose=False)
    session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
    given = dict(
        zip(
            ["inputs", *(f"state_{k}" for k in range(len(state)))],
            [inputs, *state],
            strict=True,
        )
    )
    # The exporter gives an input that is an output as it came, as a part without numbers, this end.
    feeds = {i.name: given[i.name.removesuffix("_orig")].numpy() for i in session.get_inputs()}
    logits, end = model(inputs, state)
    found = session.run(None, feeds)
    for one, other in zip(found, [logits, *end], strict=True):
        torch.testing.assert_close(torch.from_numpy(one), other.detach())


@pytest.mark.filterwarnings("ignore")  # of the compiler's own parts
@pytest.mark.parametrize("name", CASES)
def test_the_compilers_own_code(name: str) -> None:
    torch.compiler.reset()
    model = CASES[name]()
    compiled = torch.compile(model, fullgraph=True)
    for shape in ((4, 6), (3, 7)):
        results = []
        for run in (compiled, model):
            logits, _ = run(drawn(*shape, I))
            grads = torch.autograd.grad(logits.square().sum(), list(model.parameters()))
            results.append([logits, *grads])
        for one, other in zip(*results, strict=True):
            torch.testing.assert_close(one, other)


def trained(rank: int, store: str, name: str) -> None:
    """One of two processes: gradients of its half are the mean of both."""
    torch.set_num_threads(1)
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{store}", rank=rank, world_size=2
    )
    try:
        torch.manual_seed(0)
        model = CASES[name]()
        both = nn.parallel.DistributedDataParallel(model)
        both(drawn(4, 6, I)[2 * rank : 2 * rank + 2])[0].square().mean().backward()
        torch.manual_seed(0)
        alone = CASES[name]()
        alone(drawn(4, 6, I))[0].square().mean().backward()
        for one, other in zip(model.parameters(), alone.parameters(), strict=True):
            torch.testing.assert_close(one.grad, other.grad)
    finally:
        torch.distributed.destroy_process_group()


@pytest.mark.parametrize("name", CASES)
def test_distributed_data_parallel(name: str, tmp_path: Path) -> None:
    torch.multiprocessing.spawn(trained, (str(tmp_path / "store"), name), nprocs=2)


@pytest.mark.parametrize("controller", ["feedforward", "lstm"])
def test_gradients_over_twenty_thousand_steps_are_finite(controller: Any) -> None:
    torch.manual_seed(0)
    model = NTM(1, 1, controller=controller)
    bits = (drawn(1, 20_000, 1) > 0).float()
    nn.functional.binary_cross_entropy_with_logits(model(bits)[0], bits).backward()
    assert 0 < nn.utils.clip_grad_norm_(model.parameters(), 1.0) < 10


@pytest.mark.skipif(native_module() is None, reason="native kernels were not built")
def test_a_trained_machine_whose_gradients_overflow_says_which_limit_to_set() -> None:
    torch.manual_seed(0)
    model: Any = load_model("ngrams-ntm")
    bits = torch.randint(0, 2, (1, 20_000, 1)).float()

    def norm() -> Tensor:
        model.zero_grad()
        nn.functional.binary_cross_entropy_with_logits(model(bits)[0], bits).backward()
        return nn.utils.clip_grad_norm_(model.parameters(), 1.0)

    with pytest.warns(RuntimeWarning, match=r"over 20000 steps .* model\.clip_gradient = 10"):
        assert not norm().isfinite()
    model.clip_gradient = 10
    assert norm().isfinite()
