"""The native scan of the NTM against its float64 reference, at sizes nobody would choose."""

import pytest
import torch

from ntmlab.kernels.backend import native_module
from ntmlab.kernels.ntm_scan import (
    HeadLayout,
    OutputWeights,
    ScanState,
    ScanWeights,
    ntm_scan,
    reference,
)
from tests.tolerances import RELATIVE_RMS, relative_rms

pytestmark = pytest.mark.skipif(native_module() is None, reason="native kernels were not built")

FLOAT = torch.float32
# B, T, N, W, R, V, C, L, S, LSTM controller
SIZES = {
    "paper": (16, 12, 128, 20, 1, 1, 100, 1, 3, False),
    "paper, lstm": (16, 12, 128, 20, 1, 1, 100, 1, 3, True),
    "one of everything": (1, 1, 1, 1, 1, 1, 1, 1, 1, False),
    "one of everything, lstm": (1, 1, 1, 1, 1, 1, 1, 1, 1, True),
    "odd": (3, 5, 13, 7, 1, 1, 11, 1, 3, False),
    "many heads": (2, 4, 19, 5, 3, 2, 9, 1, 5, False),
    "many writes": (2, 3, 17, 3, 1, 9, 8, 1, 3, False),
    "two layers": (3, 4, 33, 6, 2, 2, 10, 2, 3, False),
    "two layers, lstm": (3, 4, 33, 6, 2, 3, 10, 2, 3, True),
    "three layers, lstm": (2, 3, 16, 4, 1, 2, 5, 3, 1, True),
    "shifts beyond the slots": (2, 4, 3, 4, 1, 1, 6, 1, 9, False),
    "no shift": (2, 4, 20, 4, 1, 1, 6, 1, 1, True),
    "wide": (2, 3, 10, 70, 1, 1, 40, 1, 3, False),
    "seventy write heads": (1, 2, 5, 3, 1, 70, 4, 1, 3, False),
    "seventy-one shifts": (1, 3, 9, 3, 1, 1, 4, 1, 71, False),
    "130 slots": (2, 3, 130, 9, 2, 1, 17, 1, 7, False),
}


def make(name, dtype=FLOAT, scale=1.0):
    """Inputs of a scan, weights, state and the number of shifts."""
    B, T, N, W, R, V, C, L, S, lstm = SIZES[name]
    g = torch.Generator().manual_seed(len(name))
    G, K = (4 * C, L) if lstm else (C, 0)
    P = HeadLayout(R, V, W, S).size

    def normal(*shape, sd=1.0):
        return (torch.randn(*shape, generator=g) * sd).to(dtype)

    channels = 1 + B % 3
    weights = ScanWeights(
        normal(G, channels, sd=channels**-0.5),
        normal(G, sd=0.5),
        normal(G, R * W, sd=(R * W) ** -0.5),
        normal(K, G, C, sd=C**-0.5),
        normal(L - 1, G, C, sd=C**-0.5),
        normal(L - 1, G, sd=0.1),
        normal(P, C, sd=scale * C**-0.5),
        normal(P, sd=0.3 * scale),
    )
    state = ScanState(
        normal(B, N, W, sd=0.5),
        normal(B, R, W),
        torch.softmax(normal(B, R, N), -1),
        torch.softmax(normal(B, V, N), -1),
        normal(B, K, C, sd=0.5),
        normal(B, K, C),
    )
    return normal(B, T, channels), weights, state, S


def leaves(inputs, weights, state, dtype=FLOAT):
    """Copies of all tensors that want gradients."""
    return [t.detach().to(dtype).clone().requires_grad_() for t in (inputs, *weights, *state)]


def run(tensors, shifts, backend="auto", **options):
    """All differentiable outputs of a scan over flat tensors."""
    weights, state = ScanWeights(*tensors[1:9]), ScanState(*tensors[9:])
    result = ntm_scan(tensors[0], weights, state, shifts=shifts, backend=backend, **options)
    return [result.hidden, result.reads, *result.state]


def with_gradients(tensors, shifts, backend="auto", **options):
    """Outputs, and gradients of a random weighting of all of them."""
    outputs = run(tensors, shifts, backend, **options)
    g = torch.Generator().manual_seed(1)
    total = sum(
        (o * torch.randn(o.shape, generator=g, dtype=torch.float64).to(o)).sum() for o in outputs
    )
    wanted = [t for t in tensors if t.requires_grad and t.numel()]
    return [o.detach() for o in outputs], torch.autograd.grad(total, wanted)


def assert_close(found, expected):
    for i, (a, b) in enumerate(zip(found, expected, strict=True)):
        if b.numel():
            assert relative_rms(a, b) <= RELATIVE_RMS[FLOAT], i


@pytest.mark.parametrize("name", SIZES)
def test_outputs_and_gradients_equal_the_reference(name):
    case = make(name)
    found = with_gradients(leaves(*case[:3]), case[3], "native")
    expected = with_gradients(leaves(*case[:3], torch.float64), case[3], "reference")
    for a, b in zip(found, expected, strict=True):
        assert_close(a, b)


@pytest.mark.parametrize("name", ["paper", "one of everything", "two layers", "wide"])
def test_rectified_units_equal_the_reference(name):
    case, options = make(name), {"activation": "relu"}
    found = with_gradients(leaves(*case[:3]), case[3], "native", **options)
    expected = with_gradients(leaves(*case[:3], torch.float64), case[3], "reference", **options)
    for a, b in zip(found, expected, strict=True):
        assert_close(a, b)
    assert (found[0][0] >= 0).all()  # hidden vectors
    if name != "one of everything":
        assert (found[0][0] == 0).any()
        assert (found[0][0] > 1).any()


@pytest.mark.parametrize("name", ["paper", "many heads", "two layers, lstm"])
def test_clipped_gradients_equal_the_reference(name):
    case, limit = make(name), 0.02
    found = with_gradients(leaves(*case[:3]), case[3], "native", clip_gradient=limit)
    exact = leaves(*case[:3], torch.float64)
    expected = with_gradients(exact, case[3], "reference", clip_gradient=limit)
    free = with_gradients(leaves(*case[:3]), case[3])
    assert_close(found[1], expected[1])
    assert_close(found[0], free[0])
    assert any(not torch.equal(a, b) for a, b in zip(found[1], free[1], strict=True))
    parts = sum(t.numel() > 0 for t in exact[9:])
    assert all(g.abs().max() <= limit for g in found[1][-parts:])


def make_outputs(weights, state, count, *, wide, dtype=FLOAT):
    """Weights of ``count`` outputs, from hidden vectors and, if wide, from reads."""
    g = torch.Generator().manual_seed(count)
    seen = weights.heads.shape[1] + wide * state.reads[0].numel()
    return [torch.randn(*size, generator=g).to(dtype) for size in ((count, seen), (count,))]


def outputs_with_gradients(case, count, *, wide, dtype=FLOAT, **options):
    """Outputs of a scan, gradients of a random weighting of them and of the end, and a trace."""
    inputs, weights, state, shifts = case
    tensors = leaves(inputs, weights, state, dtype)
    extra = [
        t.requires_grad_() for t in make_outputs(weights, state, count, wide=wide, dtype=dtype)
    ]
    given = tensors[0], ScanWeights(*tensors[1:9]), ScanState(*tensors[9:])
    options |= {"shifts": shifts, "outputs": OutputWeights(*extra)}
    result = ntm_scan(*given, **options)
    assert result.hidden is None
    assert result.reads is None
    g = torch.Generator().manual_seed(1)
    ends = [result.outputs, *result.state]
    total = sum((o * torch.randn(o.shape, generator=g).to(o)).sum() for o in ends)
    wanted = [t for t in (*tensors, *extra) if t.numel()]
    gradients = torch.autograd.grad(total, wanted)
    with torch.no_grad():
        traced = ntm_scan(*given, **options, trace=True)
    assert torch.equal(traced.outputs, result.outputs)
    return [o.detach() for o in ends], gradients, traced.trace


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("count", [1, 3, 17])
@pytest.mark.parametrize("name", ["one of everything", "paper", "many heads", "two layers, lstm"])
def test_outputs_inside_the_scan_equal_the_reference(name, count, wide):
    case = make(name)
    found = outputs_with_gradients(case, count, wide=wide, backend="native")
    exact = {"dtype": torch.float64, "backend": "reference"}
    expected = outputs_with_gradients(case, count, wide=wide, **exact)
    for a, b in zip(found, expected, strict=True):
        assert_close(a, b)
    hidden, reads, *_ = run(leaves(*case[:3]), case[3])
    weights, bias = make_outputs(*case[1:3], count, wide=wide)
    seen = torch.cat([hidden, reads], -1)[..., : weights.shape[1]]
    assert_close([found[0][0]], [(seen @ weights.T + bias).detach()])


def test_a_trace_has_gradients_where_they_may_be_asked_for():
    inputs, weights, state, shifts = make("odd")
    heads = weights.heads.clone().requires_grad_()
    weights = weights._replace(heads=heads)
    trace = ntm_scan(inputs, weights, state, shifts=shifts, trace=True).trace
    trace.write_weightings.square().sum().backward()
    assert heads.grad.count_nonzero() > 0
    with pytest.raises(ValueError, match="no gradients of a trace; use backend='reference'"):
        ntm_scan(inputs, weights, state, shifts=shifts, trace=True, backend="native")
    with torch.no_grad():
        found = ntm_scan(inputs, weights, state, shifts=shifts, trace=True, backend="native").trace
    assert_close(found, trace)


def test_weights_of_outputs_that_do_not_fit_are_a_python_error():
    inputs, weights, state, shifts = make("odd")
    good, bias = make_outputs(weights, state, 2, wide=True)
    for wrong in ((good[:, :-1], bias), (good, bias[:1]), (good[:0], bias[:0]), (good[0], bias)):
        for backend in ("native", "reference"):
            options = {"shifts": shifts, "backend": backend}
            with pytest.raises(ValueError, match="outputs must have weights"):
                ntm_scan(inputs, weights, state, outputs=OutputWeights(*wrong), **options)


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan")])
def test_a_limit_of_gradients_must_be_positive(limit):
    inputs, weights, state, shifts = make("odd")
    with pytest.raises(ValueError, match="clip_gradient must be positive"):
        ntm_scan(inputs, weights, state, shifts=shifts, clip_gradient=limit)


@pytest.mark.parametrize("name", ["odd", "two layers, lstm"])
def test_threads_change_only_the_order_of_the_weights_sums(name, monkeypatch):
    """Sequences notice nothing; the weights' gradients are sums over threads, always the same."""
    case = make(name)

    def results(threads):
        monkeypatch.setattr("ntmlab.kernels.ntm_scan.native.thread_count", lambda: threads)
        outputs, gradients = with_gradients(leaves(*case[:3]), case[3])
        wanted = [i for i, t in enumerate((case[0], *case[1], *case[2])) if t.numel()]
        weights = [g for i, g in zip(wanted, gradients, strict=True) if 1 <= i <= 8]
        others = [g for i, g in zip(wanted, gradients, strict=True) if not 1 <= i <= 8]
        return [*outputs, *others], weights

    outputs, weights = results(1)
    for threads in (2, 7):
        found, sums = results(threads)
        assert all(torch.equal(a, b) for a, b in zip(outputs, found, strict=True))
        assert_close(sums, weights)
        assert all(torch.equal(a, b) for a, b in zip(sums, results(threads)[1], strict=True))


def test_non_contiguous_tensors():
    inputs, weights, state, shifts = make("odd")
    expected = run([inputs, *weights, *state], shifts)
    turned = [t.transpose(0, -1).contiguous().transpose(0, -1) for t in (inputs, *weights, *state)]
    found = run(turned, shifts)
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))
    expanded = torch.zeros(1, 1, inputs.shape[2]).expand(inputs.shape)
    assert torch.isfinite(run([expanded, *weights, *state], shifts)[0]).all()


@pytest.mark.parametrize("name", ["many heads", "two layers, lstm"])
def test_without_gradients_and_with_trace_it_is_the_same(name):
    inputs, weights, state, shifts = make(name)
    plain = ntm_scan(inputs, weights, state, shifts=shifts)
    traced = ntm_scan(inputs, weights, state, shifts=shifts, trace=True)
    wide = [ScanWeights(*(w.double() for w in weights)), ScanState(*(s.double() for s in state))]
    exact = reference.ntm_scan(inputs.double(), *wide, shifts=shifts, trace=True)
    with_grad = run(leaves(inputs, weights, state), shifts)
    for a, b in zip([plain.hidden, plain.reads, *plain.state], with_grad, strict=True):
        assert torch.equal(a, b)
    assert plain.trace is None
    assert_close(traced.trace, exact.trace)


def test_only_what_needs_a_gradient_gets_one():
    inputs, weights, state, shifts = make("odd")
    expected = leaves(inputs, weights, state)
    with_gradients(expected, shifts)
    for place in range(15):
        tensors = [t.clone() for t in (inputs, *weights, *state)]
        if not tensors[place].numel():
            continue
        tensors[place].requires_grad_()
        (found,) = with_gradients(tensors, shifts)[1]
        assert found.shape == tensors[place].shape
        assert torch.isfinite(found).all()


@pytest.mark.parametrize("scale", [1e3, 1e8, 1e30])
def test_extreme_head_parameters_stay_finite(scale):
    inputs, weights, state, shifts = make("many heads", scale=scale)
    outputs, gradients = with_gradients(leaves(inputs, weights, state), shifts)
    assert all(torch.isfinite(t).all() for t in [*outputs, *gradients])


@pytest.mark.parametrize("part", ["beta", "gamma"])
def test_numbers_beyond_their_limit_have_no_slope(part):
    """Of a head whose raw strength or sharpening lies beyond it, where slots are almost alike."""
    inputs, weights, state, shifts = make("many heads")
    near = 0.5 + 1e-3 * state.memory
    even = torch.full_like(state.read_weightings, 1 / near.shape[1])
    place, slopes, outputs = HeadLayout(3, 2, 5, shifts).places()[1][part], [], []
    for raw in (900.0, 2000.0, 3000.0):
        bias = weights.heads_bias.clone()
        bias[place] = raw
        tensors = leaves(
            inputs[:, :1],
            weights._replace(heads_bias=bias),
            state._replace(memory=near, read_weightings=even),
        )
        said, found = with_gradients(tensors, shifts)
        outputs.append(said)
        slopes.append(next(g for g in found if g.shape == bias.shape)[place].item())
    assert slopes[0] != 0
    assert slopes[1:] == [0, 0]
    assert all(torch.equal(a, b) for a, b in zip(*outputs[1:], strict=True))


def test_an_infinite_input_saturates_units_and_outputs_stay_numbers():
    """However many lanes of a vector the controller's units fill."""
    inputs, weights, state, shifts = make("odd")
    inputs[1, 2] = float("inf")
    outputs = OutputWeights(torch.ones(2, 11), torch.zeros(2))
    found, expected = (
        ntm_scan(
            inputs.to(dtype),
            ScanWeights(*(w.to(dtype) for w in weights)),
            ScanState(*(s.to(dtype) for s in state)),
            shifts=shifts,
            outputs=OutputWeights(*(w.to(dtype) for w in outputs)),
            backend=backend,
        ).outputs
        for backend, dtype in (("native", FLOAT), ("reference", torch.float64))
    )
    assert expected.isfinite().all()
    assert_close([found], [expected])


def test_zero_key_and_zero_memory():
    inputs, weights, state, shifts = make("odd")
    weights = weights._replace(heads=weights.heads * 0, heads_bias=weights.heads_bias * 0)
    state = state._replace(memory=state.memory * 0)
    outputs, gradients = with_gradients(leaves(inputs, weights, state), shifts)
    assert all(torch.isfinite(t).all() for t in [*outputs, *gradients])


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_nan_in_gives_nan_out(activation):
    inputs, weights, state, shifts = make("odd")
    inputs[1, 2, 0] = float("nan")
    hidden = run([inputs, *weights, *state], shifts, activation=activation)[0]
    assert torch.isnan(hidden[1, 2:]).any(-1).all()
    assert torch.isfinite(hidden[[0, 2]]).all()  # rows do not see each other
    assert torch.isfinite(hidden[1, :2]).all()


def test_wrong_shapes_are_a_python_error():
    inputs, weights, state, shifts = make("odd")
    for wrong in (
        (inputs[:, :0], weights, state),
        (inputs[:, :, :-1], weights, state),
        (inputs[:2], weights, state),
        (inputs, weights._replace(heads=weights.heads[:-1]), state),
        (inputs, weights._replace(reads=weights.reads[:, :-1]), state),
        (inputs, weights, state._replace(memory=state.memory[:, :-1])),
        (inputs, weights, state._replace(cell=torch.zeros(3, 1, 11))),
    ):
        for backend in ("native", "reference"):
            with pytest.raises(ValueError, match="must"):
                ntm_scan(*wrong, shifts=shifts, backend=backend)
    with pytest.raises(ValueError, match="odd"):
        ntm_scan(inputs, weights, state, shifts=2)
    with pytest.raises(ValueError, match="tanh, relu"):
        ntm_scan(inputs, weights, state, shifts=shifts, activation="sigmoid")
    wide = ScanWeights(*(w.double() for w in weights)), ScanState(*(s.double() for s in state))
    with pytest.raises(ValueError, match="needs float32"):
        ntm_scan(inputs.double(), *wide, shifts=shifts, backend="native")
    with pytest.raises(ValueError, match=r"weights\.inputs must be torch\.float64 on cpu"):
        ntm_scan(inputs.double(), weights, state, shifts=shifts)
    with pytest.raises(ValueError, match="backend"):
        ntm_scan(inputs, weights, state, shifts=shifts, backend="fast")


def test_every_output_is_written(monkeypatch):
    """Memory that the kernel forgets to write would show as NaN."""
    case = make("two layers, lstm")
    expected = with_gradients(leaves(*case[:3]), case[3])
    new_empty, empty_like = torch.Tensor.new_empty, torch.empty_like

    def poisoned(t, *shape, **options):
        return new_empty(t, *shape, **options).fill_(float("nan"))

    monkeypatch.setattr(torch.Tensor, "new_empty", poisoned)
    monkeypatch.setattr(torch, "empty_like", lambda t: empty_like(t).fill_(float("nan")))
    found = with_gradients(leaves(*case[:3]), case[3])
    for a, b in zip(found, expected, strict=True):
        assert all(torch.equal(x, y) for x, y in zip(a, b, strict=True))
