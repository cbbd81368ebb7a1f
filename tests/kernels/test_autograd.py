"""Both native kernels inside autograd: what is differentiated again, kept or transformed."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from ntmlab import InputError
from ntmlab.kernels.autograd import run
from ntmlab.kernels.backend import native_module
from ntmlab.kernels.ntm_scan import HeadLayout, OutputWeights, ScanState, ScanWeights, ntm_scan
from tests.kernels import lstm_cases
from tests.tolerances import RELATIVE_RMS, relative_rms

pytestmark = [
    pytest.mark.skipif(native_module() is None, reason="native kernels were not built"),
    pytest.mark.usefixtures("one_thread"),
]

TOLERANCE = RELATIVE_RMS[torch.float32]
Scan = Callable[..., tuple[Tensor, ...]]  # of a backend and tensors


def lstm(backend: str, *tensors: Tensor) -> tuple[Tensor, ...]:
    return lstm_cases.scan(list(tensors), backend)


def ntm(backend: str, *tensors: Tensor, **options: object) -> tuple[Tensor, ...]:
    weights, state = ScanWeights(*tensors[1:9]), ScanState(*tensors[9:15])
    outputs = OutputWeights(*tensors[15:]) if tensors[15:] else None
    result = ntm_scan(
        tensors[0], weights, state, shifts=3, outputs=outputs, backend=backend, **options
    )
    steps = (result.hidden, result.reads, result.outputs)
    return (*(step for step in steps if step is not None), *result.state)


def clipped(backend: str, *tensors: Tensor) -> tuple[Tensor, ...]:
    return ntm(backend, *tensors, clip_gradient=0.05)


def ntm_tensors(*, recurrent: bool, outputs: bool) -> list[Tensor]:
    B, T, channels, N, W, R, V, C = 3, 4, 2, 5, 3, 2, 1, 6
    L, G, K = (2, 4 * C, 2) if recurrent else (1, C, 0)
    P = HeadLayout(R, V, W, 3).size
    shapes = [
        (B, T, channels),
        (G, channels),
        (G,),
        (G, R * W),
        (K, G, C),
        (L - 1, G, C),
        (L - 1, G),
        (P, C),
    ]
    shapes += [(P,), (B, N, W), (B, R, W), (B, R, N), (B, V, N), (B, K, C), (B, K, C)]
    shapes += [(2, C + R * W), (2,)] if outputs else []
    generator = torch.Generator().manual_seed(0)
    tensors = [0.5 * torch.randn(shape, generator=generator) for shape in shapes]
    for place in (11, 12):
        tensors[place] = torch.softmax(tensors[place], -1)
    return tensors


CASES: dict[str, tuple[Scan, Callable[[], list[Tensor]]]] = {
    "lstm": (lstm, lambda: lstm_cases.draw(lstm_cases.Sizes(3, 4, 2, 2, 5))),
    "ntm": (ntm, lambda: ntm_tensors(recurrent=False, outputs=True)),
    "ntm, lstm": (ntm, lambda: ntm_tensors(recurrent=True, outputs=False)),
    "ntm, clipped": (clipped, lambda: ntm_tensors(recurrent=False, outputs=True)),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[Scan, list[Tensor]]:
    scan, tensors = CASES[request.param]
    return scan, tensors()


def leaves(tensors: list[Tensor], dtype: torch.dtype = torch.float32) -> list[Tensor]:
    return [tensor.detach().to(dtype, copy=True).requires_grad_() for tensor in tensors]


def assert_close(found: list[Tensor], expected: list[Tensor]) -> None:
    for number, (one, other) in enumerate(zip(found, expected, strict=True)):
        assert relative_rms(one, other) <= TOLERANCE, number


def penalties(scan: Scan, backend: str, given: list[Tensor], place: int) -> list[Tensor]:
    """Gradients of a penalty on one tensor's gradient, which arrives linear: what was lost."""
    outputs = [output for output in scan(backend, *given) if output.numel()]
    ones = [torch.ones_like(output) for output in outputs]
    (gradient,) = torch.autograd.grad(outputs, given[place], ones, create_graph=True)
    if not gradient.requires_grad:  # constant, as that of a bias of outputs
        return [torch.zeros_like(tensor) for tensor in given]
    penalty = (gradient.norm() - 1).square()
    found = torch.autograd.grad(penalty, given, allow_unused=True)
    zeros = (torch.zeros_like(tensor) for tensor in given)
    return [z if f is None else f for f, z in zip(found, zeros, strict=True)]


def test_second_derivatives_are_the_references(case: tuple[Scan, list[Tensor]]) -> None:
    scan, tensors = case
    for place, tensor in enumerate(tensors):
        if not tensor.numel():
            continue
        found = penalties(scan, "native", leaves(tensors), place)
        expected = penalties(scan, "reference", leaves(tensors, torch.float64), place)
        rounded = penalties(scan, "reference", leaves(tensors), place)
        for number, (one, other, near) in enumerate(zip(found, expected, rounded, strict=True)):
            allowed = max(TOLERANCE, 3 * relative_rms(near, other))
            assert relative_rms(one, other) <= allowed, (place, number)


def test_second_derivatives_within_autocast_keep_their_dtype(
    case: tuple[Scan, list[Tensor]],
) -> None:
    scan, tensors = case
    found = []
    for enabled in (False, True):
        given = leaves(tensors)
        total = scan("native", *given)[0].square().sum()
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            (one,) = torch.autograd.grad(total, given[0], create_graph=True)
        found.append([one, *torch.autograd.grad(one.square().sum(), given[:2])])
    assert_close(found[1], found[0])


def test_derivatives_by_the_arriving_gradient_and_of_third_order() -> None:
    x = torch.randn(2, 3, 2, generator=torch.Generator().manual_seed(3))
    tensors = ntm_tensors(recurrent=False, outputs=True)
    tensors = [
        tensor[:2] if k >= 9 and tensor.dim() == 3 else tensor for k, tensor in enumerate(tensors)
    ]

    def derived(backend: str, dtype: torch.dtype) -> list[Tensor]:
        start, direction = x.to(dtype).requires_grad_(), torch.ones(2, 3, 2, dtype=dtype)
        direction.requires_grad_()
        others = [tensor.to(dtype) for tensor in tensors[1:]]
        output = ntm(backend, start, *others)[0]
        (one,) = torch.autograd.grad(output, start, direction, create_graph=True)
        (two,) = torch.autograd.grad(one.square().sum(), direction, create_graph=True)
        (three,) = torch.autograd.grad(two.square().sum(), start)
        return [one, two, three]

    assert_close(derived("native", torch.float32), derived("reference", torch.float64))


def test_tensors_that_are_one_or_depend_on_each_other() -> None:
    def derived(backend: str, dtype: torch.dtype) -> list[Tensor]:
        tensors = leaves(CASES["lstm"][1](), dtype)
        tensors[6] = tensors[5]  # the cell starts as the hidden vector
        tensors[2] = tensors[2] + tensors[1].sum(-1)
        hidden = lstm(backend, *tensors)[0]
        wanted = [tensors[5], tensors[1], tensors[2]]
        first = torch.autograd.grad(hidden.sum(), wanted, create_graph=True)
        second = torch.autograd.grad(sum(g.square().sum() for g in first), tensors[0])
        return [*first, *second]

    assert_close(derived("native", torch.float32), derived("reference", torch.float64))


def test_the_graph_can_be_used_twice(case: tuple[Scan, list[Tensor]]) -> None:
    scan, tensors = case
    given = leaves(tensors)
    total = scan("native", *given)[0].square().sum()
    first = torch.autograd.grad(total, given[0], retain_graph=True)[0]
    second = torch.autograd.grad(total, given[0], create_graph=True)[0]
    third = torch.autograd.grad(total, given[0])[0]
    assert torch.equal(first, third)
    assert_close([second], [first])
    with pytest.raises(RuntimeError, match="second time"):
        torch.autograd.grad(total, given[0])


@pytest.mark.parametrize("reentrant", [False, True])
def test_checkpoints_recompute_and_keep_nothing(
    case: tuple[Scan, list[Tensor]], reentrant: bool
) -> None:
    scan, tensors = case
    given = leaves(tensors)
    expected = torch.autograd.grad(scan("native", *given)[0].sum(), given[:2])
    kept: list[int] = []

    def pack(tensor: Tensor) -> Tensor:
        kept.append(tensor.numel())
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        scan("native", *given)
        with_hooks = sum(kept)
        kept.clear()
        output = checkpoint(lambda *t: scan("native", *t)[0], *given, use_reentrant=reentrant)
    assert sum(kept) <= sum(tensor.numel() for tensor in given) < with_hooks
    output.sum().backward()
    for leaf, gradient in zip(given, expected, strict=False):
        assert torch.equal(leaf.grad, gradient)


def test_second_derivatives_through_a_checkpoint() -> None:
    def derived(backend: str, dtype: torch.dtype) -> list[Tensor]:
        given = leaves(CASES["ntm"][1](), dtype)
        output = checkpoint(lambda *t: ntm(backend, *t)[0], *given, use_reentrant=False)
        (one,) = torch.autograd.grad(output.sum(), given[0], create_graph=True)
        return [one, *torch.autograd.grad(one.square().sum(), given[:3])]

    assert_close(derived("native", torch.float32), derived("reference", torch.float64))


def test_nothing_is_kept_where_no_gradient_may_be_asked_for() -> None:
    asked: list[bool] = []

    class Doubling:
        def forward(self, tensors: list[Tensor], *, keep: bool) -> tuple[tuple[Tensor, ...], None]:
            asked.append(keep)
            return (2 * tensors[0],), None

    weights = torch.ones(3, requires_grad=True)
    run(Doubling(), [weights])
    run(Doubling(), [weights.detach()])
    with torch.no_grad():
        run(Doubling(), [weights])
    assert asked == [True, False, False]


def test_what_is_kept_may_move(case: tuple[Scan, list[Tensor]]) -> None:
    scan, tensors = case
    given = leaves(tensors)
    expected = torch.autograd.grad(scan("native", *given)[0].sum(), given[:2])

    def moved(tensor: Tensor) -> Tensor:  # no longer where a vector begins
        return torch.cat([torch.zeros(1), tensor.flatten()])[1:].view(tensor.shape)

    with torch.autograd.graph.saved_tensors_hooks(Tensor.clone, moved):
        output = scan("native", *given)[0].sum()
    found = torch.autograd.grad(output, given[:2])
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))
    with torch.autograd.graph.save_on_cpu():
        output = scan("native", *given)[0].sum()
    found = torch.autograd.grad(output, given[:2])
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


def test_what_hooks_give_back_may_be_strided_and_is_refused_in_another_dtype(
    case: tuple[Scan, list[Tensor]],
) -> None:
    scan, tensors = case
    given = leaves(tensors)
    expected = torch.autograd.grad(scan("native", *given)[0].sum(), given[:2])

    def strided(tensor: Tensor) -> Tensor:
        return torch.stack([tensor, tensor], -1)[..., 0]

    with torch.autograd.graph.saved_tensors_hooks(Tensor.clone, strided):
        output = scan("native", *given)[0].sum()
    found = torch.autograd.grad(output, given[:2])
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))
    with torch.autograd.graph.saved_tensors_hooks(Tensor.bfloat16, lambda packed: packed):
        output = scan("native", *given)[0].sum()
    with pytest.raises(InputError, match=r"gave back torch.bfloat16 in place of torch.float32"):
        torch.autograd.grad(output, given[:2])


def test_many_gradients_at_once(case: tuple[Scan, list[Tensor]]) -> None:
    scan, tensors = case
    given = leaves(tensors)
    output = scan("native", *given)[0]
    directions = torch.stack([torch.ones_like(output), output.detach()])
    (found,) = torch.autograd.grad(
        output, given[0], directions, is_grads_batched=True, retain_graph=True
    )
    for row, direction in zip(found, directions, strict=True):
        (expected,) = torch.autograd.grad(output, given[0], direction, retain_graph=True)
        assert_close([row], [expected])


# What PyTorch itself compiles on its first forward-mode derivative.
@pytest.mark.filterwarnings("ignore:.*torch.jit.script. is deprecated:DeprecationWarning")
def test_transforms_run_the_reference(case: tuple[Scan, list[Tensor]]) -> None:
    scan, tensors = case

    def total(inputs: Tensor, *others: Tensor) -> Tensor:
        return scan("auto", inputs, *others)[0].square().sum()

    given = leaves(tensors)
    (expected,) = torch.autograd.grad(total(*given), given[0])
    assert_close([torch.func.grad(total)(*tensors)], [expected])
    closed = torch.func.vmap(lambda factor: factor * total(*tensors))(torch.ones(2))
    assert_close([closed], [total(*tensors).expand(2)])
    _, tangent = torch.func.jvp(lambda x: total(x, *tensors[1:]), (tensors[0],), (expected,))
    if scan is not clipped:  # a clip is on the way back alone
        assert_close([tangent], [expected.square().sum()])
    with pytest.raises(InputError, match=r"inside torch\.func.*backend='reference'"):
        torch.func.grad(lambda x: scan("native", x, *tensors[1:])[0].sum())(tensors[0])


@pytest.mark.filterwarnings("ignore:.*torch.jit.script. is deprecated:DeprecationWarning")
def test_forward_mode_is_refused_by_name(case: tuple[Scan, list[Tensor]]) -> None:
    scan, tensors = case
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(tensors[0], torch.ones_like(tensors[0]))
        with pytest.raises(InputError, match="backend='reference'"), torch.no_grad():
            scan("auto", dual, *tensors[1:])
        output = scan("reference", dual, *tensors[1:])[0]
        assert torch.autograd.forward_ad.unpack_dual(output).tangent is not None


def test_tracing_sees_every_operation() -> None:
    tensors = CASES["lstm"][1]()
    traced = torch.fx.experimental.proxy_tensor.make_fx(
        lambda x: lstm("auto", x, *tensors[1:])[0], tracing_mode="real"
    )(tensors[0])
    other = tensors[0] + 1
    assert_close([traced(other)], [lstm("auto", other, *tensors[1:])[0]])


def test_a_negated_view_is_read_as_what_it_means() -> None:
    tensors = lstm_cases.draw(lstm_cases.Sizes(1, 1, 1, 1, 1))
    turned = torch._neg_view(tensors[0])
    assert turned.is_neg()
    found = lstm("auto", turned, *tensors[1:])
    assert_close(list(found), list(lstm("native", -tensors[0], *tensors[1:])))
