"""The scan's kernels for a GPU: on a CPU fiber by fiber, by the compiler, and on a GPU itself."""

import re

import pytest
import torch

from ntmlab.errors import InputError
from ntmlab.kernels.autograd import run
from ntmlab.kernels.cuda import compile_source, why_not_here
from ntmlab.kernels.cuda.compiler import device_source
from ntmlab.kernels.ntm_scan import OutputWeights, ScanState, ScanWeights, ntm_scan, reference
from ntmlab.kernels.ntm_scan.calls import Given, as_result
from ntmlab.kernels.ntm_scan.gpu.call import Scan
from ntmlab.kernels.ntm_scan.gpu.plan import (
    kept_floats,
    make_plan,
    own_floats,
    record_vectors,
    sizes_of,
    source,
)
from ntmlab.kernels.ntm_scan.seeds import ntm_scan_seeds
from tests.gpu import needs_gpu
from tests.kernels.test_ntm_scan import SIZES, make, make_outputs
from tests.kernels.twin import COMPILER, Twin, ntm_library
from tests.tolerances import RELATIVE_RMS, relative_rms

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="needs a C++ compiler")
needs_nvrtc = pytest.mark.skipif(why_not_here() is not None, reason="needs NVRTC")
LIMIT = RELATIVE_RMS[torch.float32]
FREE = float("inf")
# Of SIZES, what goes through other branches of the code; the rest are slow.
TELLING = ("odd", "two layers, lstm", "shifts beyond the slots", "130 slots")
NAMES = [n if n in TELLING else pytest.param(n, marks=pytest.mark.slow) for n in SIZES]


def with_outputs(case, *, wide=True, count=2):
    """The tensors of a call, and how many shifts."""
    inputs, weights, state, shifts = case
    return [inputs, *weights, *state, *make_outputs(weights, state, count, wide=wide)], shifts


def forward_and_back(call, tensors, dtype=torch.float32, device="cpu"):
    """Outputs of a call, and the gradients of a random weighting of all of them."""
    leaves = [t.detach().to(device, dtype).clone().requires_grad_() for t in tensors]
    outputs = [output for output in call(leaves) if output.numel()]
    g = torch.Generator().manual_seed(3)
    factors = [torch.randn(output.shape, generator=g).to(output) for output in outputs]
    wanted = [leaf for leaf in leaves if leaf.numel()]
    return [o.detach() for o in outputs], torch.autograd.grad(outputs, wanted, factors)


def by_reference(tensors, shifts, activation="tanh", clip=FREE, device="cpu"):
    """The same in float64."""

    def call(leaves):
        weights, state = ScanWeights(*leaves[1:9]), ScanState(*leaves[9:15])
        result = reference.ntm_scan(
            leaves[0],
            weights,
            state,
            shifts=shifts,
            activation=activation,
            outputs=OutputWeights(*leaves[15:]) if leaves[15:] else None,
            clip_gradient=clip,
        )
        steps = (result.hidden, result.reads, result.outputs)
        return [*(s for s in steps if s is not None), *result.state]

    return forward_and_back(call, tensors, torch.float64, device)


def by_twin(tensors, shifts, activation="tanh", clip=FREE, twin=None):
    """The same by the kernels' code on the CPU."""
    scan = Scan(shifts, activation, False, clip, engine=twin or Twin())

    def call(leaves):
        return [output.squeeze(0) for output in run(scan, [leaf.unsqueeze(0) for leaf in leaves])]

    return forward_and_back(call, tensors)


def assert_close(found, expected):
    for part, exact in zip(found, expected, strict=True):
        for number, (one, other) in enumerate(zip(part, exact, strict=True)):
            assert relative_rms(one, other) <= LIMIT, number


@needs_compiler
@pytest.mark.parametrize("name", NAMES)
def test_outputs_and_gradients_equal_the_reference(name):
    tensors, shifts = with_outputs(make(name))
    assert_close(by_twin(tensors, shifts), by_reference(tensors, shifts))


@needs_compiler
@pytest.mark.parametrize("name", ["odd", "two layers, lstm"])
def test_hidden_vectors_and_reads_equal_the_reference(name):
    inputs, weights, state, shifts = make(name)
    tensors = [inputs, *weights, *state]
    assert_close(by_twin(tensors, shifts), by_reference(tensors, shifts))


@needs_compiler
@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("odd", Twin(groups=2)),  # a block whose last sequence is none
        pytest.param("130 slots", Twin(warps=2, groups=2), marks=pytest.mark.slow),
        ("many heads", Twin(warps=4)),  # more warps than slots need
        ("odd", Twin(warps=2, limit=1_800)),  # weights where they were, nothing fetched ahead
        ("two layers, lstm", Twin(limit=4_600)),
        pytest.param("paper", Twin(), marks=pytest.mark.slow),  # weights in registers
        pytest.param("paper", Twin(warps=1, groups=8), marks=pytest.mark.slow),
        pytest.param("paper, lstm", Twin(warps=2, groups=4), marks=pytest.mark.slow),
    ],
)
def test_every_way_to_spread_a_scan_equals_the_reference(name, twin):
    tensors, shifts = with_outputs(make(name))
    assert_close(by_twin(tensors, shifts, twin=twin), by_reference(tensors, shifts))
    assert twin.launches == ["forward", "backward"]


def test_the_ways_that_are_tested_differ():
    z = _sizes(make("odd"))
    plans = [Twin().plan(z, backward=True), Twin(warps=2, limit=1_800).plan(z, backward=True)]
    assert [any(plan.here) for plan in plans] == [True, False]
    assert [plan.stages for plan in plans] == [2, 0]
    wide = Twin().plan(_sizes(make("paper")), backward=False)
    assert (wide.held, wide.warps) == (True, 4)
    many = Twin().plan(_sizes(make("seventy write heads")), backward=True)
    assert "-DNTM_UNROLL=0" in many.macros(_sizes(make("seventy write heads")))


@needs_compiler
def test_rectified_units_and_clipped_gradients_equal_the_reference():
    for name, options in (
        ("two layers", {"activation": "relu"}),
        ("many heads", {"clip": 0.02}),
        ("two layers, lstm", {"clip": 0.02}),
    ):
        tensors, shifts = with_outputs(make(name))
        found = by_twin(tensors, shifts, **options)
        assert_close(found, by_reference(tensors, shifts, **options))
        free = by_twin(tensors, shifts)
        assert any(not torch.equal(a, b) for a, b in zip(found[1], free[1], strict=True))


@needs_compiler
def test_many_seeds_in_one_launch_equal_each_alone():
    """Every seed with its own weights, and with a memory of its own size."""
    inputs, weights, state, shifts = make("two layers, lstm")
    sizes, parts = [33, 5, 20], [inputs, *weights, *state]
    g = torch.Generator().manual_seed(4)
    stacked = [
        torch.stack([p, 0.7 * p, p + 0.1 * torch.randn(p.shape, generator=g)]) for p in parts
    ]
    for place in (-4, -3):  # weightings stay what they are
        stacked[place] = torch.stack([parts[place]] * 3)
    twin = Twin(groups=2)
    scan = Scan(shifts, "tanh", False, FREE, tuple(sizes), twin)
    found = forward_and_back(lambda leaves: run(scan, leaves), stacked)
    assert len(twin.launches) == 2

    def loop(leaves):
        weights, state = ScanWeights(*leaves[1:9]), ScanState(*leaves[9:])
        result = ntm_scan_seeds(
            leaves[0], weights, state, shifts=shifts, slots=sizes, backend="reference"
        )
        return [result.hidden, result.reads, *result.state]

    assert_close(found, forward_and_back(loop, stacked, torch.float64))
    assert (found[0][2][1, :, 5:] == 0).all()  # of the memory beyond its size


@needs_compiler
def test_a_trace_equals_the_references():
    inputs, weights, state, shifts = make("many heads")
    tensors = [part.unsqueeze(0) for part in (inputs, *weights, *state)]
    twin = Twin()
    with torch.no_grad():
        results = run(Scan(shifts, "tanh", True, FREE, engine=twin), tensors)
        found = as_result(results, Given.of(tensors), trace=True)
        exact = [
            ScanWeights(*(w.double() for w in weights)),
            ScanState(*(s.double() for s in state)),
        ]
        expected = reference.ntm_scan(inputs.double(), *exact, shifts=shifts, trace=True)
    for one, other in zip(found.trace, expected.trace, strict=True):
        assert relative_rms(one[0], other) <= LIMIT
    assert twin.launches == ["forward"]  # and nothing is kept


@needs_compiler
@pytest.mark.parametrize("special", [float("nan"), float("inf"), -float("inf"), 3e19, 1e-40])
def test_nan_is_where_the_reference_has_it(special):
    for place in range(17):
        tensors, shifts = with_outputs(make("odd"))
        if not tensors[place].numel():
            continue
        tensors[place].view(-1)[tensors[place].numel() // 2] = special
        found, exact = by_twin(tensors, shifts), by_reference_in_float32(tensors, shifts)
        for one, other in zip((*found[0], *found[1]), (*exact[0], *exact[1]), strict=True):
            assert torch.equal(one.isnan(), other.isnan()), place


def by_reference_in_float32(tensors, shifts):
    """What the reference makes of numbers that are beyond float32 only."""

    def call(leaves):
        result = reference.ntm_scan(
            leaves[0],
            ScanWeights(*leaves[1:9]),
            ScanState(*leaves[9:15]),
            shifts=shifts,
            outputs=OutputWeights(*leaves[15:]) if leaves[15:] else None,
        )
        steps = (result.hidden, result.reads, result.outputs)
        return [*(s for s in steps if s is not None), *result.state]

    return forward_and_back(call, tensors)


@needs_compiler
@pytest.mark.parametrize("scale", [1e3, 1e8, 1e30])
def test_extreme_head_parameters_stay_finite(scale):
    """And are off by no more than a few times what the reference is in float32."""
    inputs, weights, state, shifts = make("many heads", scale=scale)
    tensors = [inputs, *weights, *state]
    outputs, gradients = by_twin(tensors, shifts)
    assert all(torch.isfinite(t).all() for t in [*outputs, *gradients])
    exact, rounded = by_reference(tensors, shifts)[0], by_reference_in_float32(tensors, shifts)[0]
    for one, other, rough in zip(outputs, exact, rounded, strict=True):
        assert relative_rms(one, other) <= max(LIMIT, 3 * relative_rms(rough, other))


@needs_compiler
@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("name", ["many heads", "two layers, lstm"])
def test_sizes_said_twice_agree(name, backward):
    z = _sizes(make(name))
    plan = Twin().plan(z, backward=backward)
    library = ntm_library("backward" if backward else "forward", plan.macros(z))
    own = own_floats(z, plan.warps, plan.slots, backward=backward, stages=plan.stages)
    assert library.twin_own_floats() == own
    assert library.twin_slot_vectors() == record_vectors(z)
    assert library.twin_kept() == kept_floats(z)


def test_what_fits_no_processor_has_no_plan():
    z = _sizes(make("odd"))
    assert make_plan(z._replace(C=200_000), backward=False, limit=232_448, processors=132) is None
    large = make_plan(z._replace(N=4096, W=64), backward=True, limit=232_448, processors=132)
    assert large is not None
    assert (large.warps, large.slots) == (16, 8)


@needs_nvrtc
@pytest.mark.parametrize("architecture", ["sm_80", "sm_90", "sm_100"])
def test_both_passes_compile_for_every_kind_of_gpu(architecture, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    z = _sizes(make("paper"))
    for name in ("forward", "backward"):
        plan = Twin().plan(z, backward=name == "backward")
        code = compile_source(device_source() + source(name), architecture, plan.macros(z))
        assert code[:4] == b"\x7fELF"


@needs_nvrtc
def test_what_was_compiled_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    given = ("__global__ void k() {}", "sm_90")
    code = compile_source(*given)
    (kept,) = (tmp_path / "ntmlab" / "kernels").iterdir()
    assert kept.read_bytes() == code
    kept.write_bytes(b"another")
    assert compile_source(*given) == b"another"
    assert compile_source(*given, ["-DX=1"]) != b"another"


@needs_nvrtc
def test_what_does_not_compile_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(InputError, match=re.compile("does not compile: .*nothing", re.DOTALL)):
        compile_source("__global__ void k() { nothing(); }", "sm_90")


def _doubled(state):
    return ScanState(*map(torch.Tensor.double, state))


def _sizes(case):
    inputs, weights, state, shifts = case
    given = Given.of([part.unsqueeze(0) for part in (inputs, *weights, *state)])
    return sizes_of(given, shifts, relu=False)


def by_gpu(tensors, shifts, activation="tanh", clip=FREE, backend="cuda"):
    """The same on a GPU."""

    def call(leaves):
        result = ntm_scan(
            leaves[0],
            ScanWeights(*leaves[1:9]),
            ScanState(*leaves[9:15]),
            shifts=shifts,
            activation=activation,
            outputs=OutputWeights(*leaves[15:]) if leaves[15:] else None,
            clip_gradient=clip,
            backend=backend,
        )
        steps = (result.hidden, result.reads, result.outputs)
        return [*(s for s in steps if s is not None), *result.state]

    return forward_and_back(call, tensors, device="cuda")


@needs_gpu
@pytest.mark.parametrize("name", SIZES)
def test_a_gpu_equals_the_reference_and_itself(name):
    tensors, shifts = with_outputs(make(name))
    found = by_gpu(tensors, shifts)
    assert_close(found, by_reference(tensors, shifts))
    again = by_gpu(tensors, shifts, backend="auto")
    for one, other in zip((*found[0], *found[1]), (*again[0], *again[1]), strict=True):
        assert torch.equal(one, other)


@needs_gpu
@pytest.mark.parametrize("batch", [1, 2, 63, 300, 700])
@pytest.mark.parametrize("name", ["paper", "paper, lstm"])
def test_a_gpu_equals_the_reference_at_every_batch(name, batch):
    inputs, weights, state, shifts = make(name)
    rows = torch.arange(batch) % len(inputs)
    g = torch.Generator().manual_seed(batch)
    inputs = inputs[rows] + 0.1 * torch.randn(batch, *inputs.shape[1:], generator=g)
    state = ScanState(*(part[rows] for part in state))
    tensors, _ = with_outputs((inputs, weights, state, shifts))
    assert_close(by_gpu(tensors, shifts), by_reference(tensors, shifts, device="cuda"))


@needs_gpu
def test_on_a_gpu_clipping_and_rectified_units_equal_the_reference():
    for name, options in (("two layers", {"activation": "relu"}), ("many heads", {"clip": 0.02})):
        tensors, shifts = with_outputs(make(name))
        assert_close(by_gpu(tensors, shifts, **options), by_reference(tensors, shifts, **options))


@needs_gpu
def test_second_derivatives_on_a_gpu_are_the_references():
    inputs, weights, state, shifts = make("odd")
    given = [t.cuda().requires_grad_() for t in (inputs, *weights, *state)]
    found = []
    for backend in ("cuda", "reference"):
        parts = ScanWeights(*given[1:9]), ScanState(*given[9:])
        result = ntm_scan(given[0], *parts, shifts=shifts, backend=backend)
        (first,) = torch.autograd.grad(result.hidden.square().sum(), given[0], create_graph=True)
        found.append(torch.autograd.grad(first.square().sum(), given[1])[0])
    assert relative_rms(*found) <= LIMIT


@needs_gpu
def test_a_gpu_keeps_nothing_without_gradients():
    inputs, weights, state, shifts = make("paper")
    parts = [ScanWeights(*(w.cuda() for w in weights)), ScanState(*(s.cuda() for s in state))]
    long = inputs.cuda().repeat(1, 100, 1)
    with torch.no_grad():
        ntm_scan(long[:, :2], *parts, shifts=shifts)
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        ntm_scan(long, *parts, shifts=shifts)
        used = torch.cuda.max_memory_allocated() - before
    steps = long.shape[0] * long.shape[1]
    assert used < 12 * steps * (weights.heads.shape[1] + 20) * 4
