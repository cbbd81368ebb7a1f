"""The LSTM scan by cuDNN: on the CPU with a stand-in for its operations, and on a GPU itself."""

import warnings

import pytest
import torch

from ntmlab import LSTM, InputError
from ntmlab.errors import Remark
from ntmlab.kernels import backend
from ntmlab.kernels.backend import BACKENDS, choose
from ntmlab.kernels.lstm_scan import LSTMState, LSTMWeights, cudnn, lstm_scan
from ntmlab.kernels.precision import cudnn as switched
from tests.gpu import needs_gpu
from tests.kernels import stand_in
from tests.kernels.lstm_cases import AWKWARD, Sizes, draw, errors, results
from tests.tolerances import CUDNN_RELATIVE_RMS, RELATIVE_RMS, relative_rms

TOLERANCE = RELATIVE_RMS[torch.float32]
LARGE = [Sizes(16, 112, 10, 3, 512), Sizes(64, 200, 1, 3, 128), Sizes(8, 30, 2, 2, 160)]


@pytest.fixture
def on_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """The path may be chosen on a CPU, where the stand-in computes."""
    stand_in.install(monkeypatch)
    rows = tuple(
        row._replace(why_not=lambda tensors: None) if row.name in ("cudnn", "layered") else row
        for row in BACKENDS["lstm_scan"]
        if row.name != "native"
    )
    monkeypatch.setitem(BACKENDS, "lstm_scan", rows)


@pytest.mark.usefixtures("on_a_cpu")
@pytest.mark.parametrize("sizes", AWKWARD, ids=str)
def test_layers_are_put_together_as_the_reference_has_them(sizes: Sizes) -> None:
    found = errors(sizes, backend="cudnn")
    assert all(error <= TOLERANCE for error in found.values()), found


@pytest.mark.usefixtures("on_a_cpu")
def test_a_part_of_the_outputs_and_of_the_gradients() -> None:
    tensors = draw(AWKWARD[5])
    for name, part in (("hidden", 0), ("final cell", 2)):
        given = [t.clone().requires_grad_(n in (3, 6)) for n, t in enumerate(tensors)]
        found, expected = (
            torch.autograd.grad(_scan(given, which)[part].sum(), [given[3], given[6]])
            for which in ("cudnn", "reference")
        )
        apart = [relative_rms(*pair) for pair in zip(found, expected, strict=True)]
        assert max(apart) <= TOLERANCE, (name, apart)


@pytest.mark.usefixtures("on_a_cpu")
def test_a_graph_that_is_kept_can_be_gone_back_twice_and_differentiated() -> None:
    given = [t.requires_grad_() for t in draw(AWKWARD[5])]
    total = _scan(given, "cudnn")[0].square().sum()
    first = torch.autograd.grad(total, given, retain_graph=True)
    again = torch.autograd.grad(total, given, retain_graph=True)
    assert all(map(torch.equal, first, again))
    (by_inputs,) = torch.autograd.grad(total, given[0], create_graph=True)
    second = torch.autograd.grad(by_inputs.square().sum(), given[1])[0]
    expected = _scan(given, "reference")[0].square().sum()
    (by_inputs,) = torch.autograd.grad(expected, given[0], create_graph=True)
    assert relative_rms(second, torch.autograd.grad(by_inputs.square().sum(), given[1])[0]) < 1e-4


@pytest.mark.usefixtures("on_a_cpu")
def test_it_trains_and_the_exact_path_evaluates() -> None:
    model, inputs = LSTM(1, 1, hidden_size=5), torch.zeros(1, 2, 1)
    weights = list(model.parameters())
    assert choose("lstm_scan", "auto", weights).name == "cudnn"
    with torch.no_grad():
        assert choose("lstm_scan", "auto", weights).name == "layered"
        assert choose("lstm_scan", "cudnn", weights).name == "cudnn"
        exact = model(inputs)[0]
        model.backend = "cudnn"
        assert torch.equal(model(inputs)[0], exact)
    assert choose("lstm_scan", "layered", weights).name == "layered"


@pytest.mark.usefixtures("on_a_cpu")
def test_training_says_once_what_is_not_exact() -> None:
    cudnn._say.cache_clear()
    given = draw(AWKWARD[2])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _scan(given, "cudnn")
    given[1].requires_grad_()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        _scan(given, "auto")
        _scan(given, "auto")
    assert [remark.category for remark in said] == [Remark]
    assert "this LSTM is trained by cuDNN, whose gates are off by up to 2e-5" in str(
        said[0].message
    )


@pytest.mark.usefixtures("on_a_cpu")
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
def test_it_refuses_forward_mode() -> None:
    given = draw(AWKWARD[2])
    with torch.autograd.forward_ad.dual_level():
        given[0] = torch.autograd.forward_ad.make_dual(given[0], torch.ones_like(given[0]))
        with pytest.raises(InputError, match="forward-mode"):
            _scan(given, "cudnn")


def test_where_there_is_no_cudnn_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "is_available", lambda: False)
    with pytest.raises(InputError, match="the cudnn kernel cannot run: PyTorch has no cuDNN"):
        LSTM(1, 1, backend="cudnn")(torch.zeros(1, 2, 1))
    monkeypatch.setattr(torch.backends.cudnn, "is_available", lambda: True)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    with pytest.raises(InputError, match="cannot run: it is for float32 tensors on a GPU"):
        backend.implementation("lstm_scan", "cudnn", [torch.zeros(1)])


@pytest.mark.parametrize("everywhere", [None, "ieee", "tf32"])
def test_switches_are_afterwards_as_they_were(everywhere: str | None) -> None:
    if everywhere is not None and not hasattr(torch.backends, "fp32_precision"):
        pytest.skip("PyTorch has no such switch")
    before = getattr(torch.backends, "fp32_precision", None)
    try:
        if everywhere is not None:
            torch.backends.fp32_precision = everywhere
        was = (torch.backends.cudnn.enabled, torch.backends.cudnn.rnn.fp32_precision)
        for enabled in (True, False):
            with switched(enabled=enabled):
                assert torch.backends.cudnn.enabled == enabled
                assert torch.backends.cudnn.rnn.fp32_precision != "tf32"
            assert (torch.backends.cudnn.enabled, torch.backends.cudnn.rnn.fp32_precision) == was
    finally:
        if before is not None:
            torch.backends.fp32_precision = before


def _scan(given: list[torch.Tensor], name: str) -> tuple[torch.Tensor, ...]:
    weights, state = LSTMWeights(*given[1:5]), LSTMState(*given[5:])
    hidden, final = lstm_scan(given[0], weights, state, backend=name)
    return hidden, *final


@needs_gpu
@pytest.mark.parametrize("sizes", [*AWKWARD, *LARGE], ids=str)
def test_a_gpu_is_off_the_reference_by_what_is_said(sizes: Sizes) -> None:
    found = errors(sizes, backend="cudnn", device="cuda")
    assert all(error <= CUDNN_RELATIVE_RMS for error in found.values()), found


@needs_gpu
def test_on_a_gpu_training_takes_it_and_repeats_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    whole = cudnn.lstm_scan
    monkeypatch.setattr(cudnn, "lstm_scan", lambda *given: calls.append(1) or whole(*given))
    first, second = (results(draw(LARGE[0]), "auto", device="cuda") for _ in range(2))
    assert len(calls) == 2
    for name, value in first.items():
        assert torch.equal(value, second[name]), name


@needs_gpu
def test_on_a_gpu_tf32_is_never_used() -> None:
    """Whatever is allowed elsewhere, and in the backward pass too, which runs later."""
    before = torch.backends.cudnn.rnn.fp32_precision
    try:
        found = []
        for precision in ("ieee", "tf32"):
            torch.backends.cudnn.rnn.fp32_precision = precision
            found.append(results(draw(LARGE[1]), "cudnn", device="cuda"))
    finally:
        torch.backends.cudnn.rnn.fp32_precision = before
    for name, value in found[0].items():
        assert torch.equal(value, found[1][name]), name


@needs_gpu
def test_on_a_gpu_a_graph_that_is_kept_can_be_gone_back_twice() -> None:
    given = [t.cuda().requires_grad_() for t in draw(LARGE[2])]
    total = _scan(given, "cudnn")[0].square().sum()
    first = torch.autograd.grad(total, given, retain_graph=True)
    again = torch.autograd.grad(total, given)
    assert all(map(torch.equal, first, again))
