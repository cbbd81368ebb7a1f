"""The LSTM's layers for a GPU: on a CPU fiber by fiber, by the compiler, and on a GPU itself."""

import pytest
import torch
from torch import Tensor

from ntmlab.kernels.cuda import compile_source, why_not_here
from ntmlab.kernels.cuda.compiler import device_source
from ntmlab.kernels.lstm_scan import reference
from ntmlab.kernels.lstm_scan.gpu import lstm_scan
from ntmlab.kernels.lstm_scan.gpu.plan import make_plan, source
from ntmlab.kernels.lstm_scan.reference import LSTMState, LSTMWeights
from tests.gpu import needs_gpu
from tests.kernels.lstm_cases import AWKWARD, Sizes, draw, errors, results
from tests.kernels.twin import COMPILER, LIMIT, PROCESSORS, LSTMTwin
from tests.tolerances import RELATIVE_RMS, relative_rms

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="needs a C++ compiler")
needs_nvrtc = pytest.mark.skipif(why_not_here() is not None, reason="needs NVRTC")
TOLERANCE = RELATIVE_RMS[torch.float32]
PAPER = Sizes(64, 200, 1, 3, 128)
Results = tuple[list[Tensor], list[Tensor]]


def by(tensors: list[Tensor], dtype: torch.dtype, engine: LSTMTwin | None) -> Results:
    """Outputs, and gradients of a random weighting of all of them."""
    leaves = [t.detach().to(dtype).requires_grad_() for t in tensors]
    given = leaves[0], LSTMWeights(*leaves[1:5]), LSTMState(*leaves[5:7])
    hidden, end = lstm_scan(*given, engine) if engine else reference.lstm_scan(*given)
    outputs = [hidden, *end]
    g = torch.Generator().manual_seed(1)
    factors = [torch.randn(output.shape, generator=g).to(output) for output in outputs]
    wanted = [leaf for leaf in leaves if leaf.numel()]
    gradients = torch.autograd.grad(outputs, wanted, factors)
    return [output.detach() for output in outputs], list(gradients)


@needs_compiler
@pytest.mark.parametrize(
    ("number", "groups"),
    [
        *((0, 1), (2, 6), (3, 1), (9, 6)),
        *(pytest.param(*case, marks=pytest.mark.slow) for case in ((0, 6), (2, 1), (3, 6), (9, 1))),
    ],
)
def test_equals_reference(number: int, groups: int) -> None:
    sizes = AWKWARD[number]
    tensors, twin = list(draw(sizes)), LSTMTwin(groups)
    found, expected = by(tensors, torch.float32, twin), by(tensors, torch.float64, None)
    for part, exact in zip(found, expected, strict=True):
        for one, other in zip(part, exact, strict=True):
            assert relative_rms(one, other) <= TOLERANCE
    assert twin.launches == [True] * sizes.L + [False] * sizes.L


@needs_compiler
@pytest.mark.parametrize("special", [float("nan"), float("inf"), -float("inf"), 1e30])
def test_nan_is_where_the_reference_has_it(special: float) -> None:
    sizes = AWKWARD[2]
    for place in range(len(draw(sizes))):
        tensors = list(draw(sizes))
        if not tensors[place].numel():
            continue
        tensors[place].view(-1)[tensors[place].numel() // 2] = special
        found, exact = by(tensors, torch.float32, LSTMTwin()), by(tensors, torch.float32, None)
        for one, other in zip((*found[0], *found[1]), (*exact[0], *exact[1]), strict=True):
            assert torch.equal(one.isnan(), other.isnan()), place


@needs_nvrtc
@pytest.mark.parametrize("architecture", ["sm_80", "sm_90", "sm_100"])
def test_both_passes_compile(
    architecture: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for forward in (True, False):
        plan = make_plan(64, 128, forward=forward, limit=LIMIT, processors=PROCESSORS)
        assert plan is not None
        code = compile_source(device_source() + source(), architecture, plan.macros())
        assert code[:4] == b"\x7fELF"


def test_wide_layers_have_no_plan() -> None:
    wide = make_plan(64, 129, forward=True, limit=LIMIT, processors=PROCESSORS)
    small_chip = make_plan(1024, 128, forward=True, limit=100_000, processors=PROCESSORS)
    assert (wide, small_chip) == (None, None)


@needs_gpu
@pytest.mark.parametrize("sizes", [*AWKWARD, PAPER, PAPER._replace(B=700)], ids=str)
def test_a_gpu_equals_reference(sizes: Sizes) -> None:
    found = errors(sizes, backend="cuda", device="cuda")
    assert all(error <= TOLERANCE for error in found.values()), found


@needs_gpu
def test_a_gpu_repeats_itself_and_takes_this_path() -> None:
    first = results(draw(PAPER), "cuda", device="cuda")
    second = results(draw(PAPER), "auto", device="cuda")
    for name, value in first.items():
        assert torch.equal(value, second[name]), name
