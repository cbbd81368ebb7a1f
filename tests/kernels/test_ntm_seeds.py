"""Scans of several machines at once are those of each alone."""

import pytest
import torch

from ntmlab import InputError
from ntmlab.kernels.ntm_scan import OutputWeights, ScanState, ScanWeights, native, ntm_scan
from ntmlab.kernels.ntm_scan.seeds import ntm_scan_seeds
from tests.kernels.test_ntm_scan import make

MACHINES = 3


def machines(name, count=MACHINES):
    """Machines of one size, each of its own numbers: inputs, weights, state, outputs' weights."""
    found = []
    for machine in range(count):
        inputs, weights, state, shifts = make(name)
        g = torch.Generator().manual_seed(machine)

        def noisy(part, g=g):
            return part + 0.1 * torch.rand(part.shape, generator=g)

        C, reads = weights.heads.shape[1], state.reads[0].numel()
        outputs = OutputWeights(torch.randn(2, C + reads, generator=g), torch.randn(2, generator=g))
        every = (
            noisy(inputs),
            ScanWeights(*map(noisy, weights)),
            ScanState(*map(noisy, state)),
            outputs,
        )
        found.append(every)
    return found, shifts


def stacked(found):
    """The same with a leading axis, as leaves that want gradients."""
    inputs, weights, state, outputs = zip(*found, strict=True)

    def stack(parts):
        return torch.stack(parts).requires_grad_()

    groups = (zip(*part, strict=True) for part in (weights, state, outputs))
    w, s, o = ([stack(parts) for parts in group] for group in groups)
    return stack(inputs), ScanWeights(*w), ScanState(*s), OutputWeights(*o)


def flat(result):
    """All that a result has."""
    steps = [part for part in result[:3] if part is not None]
    return [*steps, *result.state]


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("name", ["odd", "two layers, lstm", "many heads"])
def test_each_machine_is_as_alone_to_the_bit(name, wide):
    found, shifts = machines(name)
    inputs, weights, state, outputs = stacked(found)
    options = {"shifts": shifts, "clip_gradient": 0.05}
    together = ntm_scan_seeds(inputs, weights, state, outputs=outputs if wide else None, **options)
    sum(part.square().sum() for part in flat(together)).backward()
    for machine, (x, w, s, o) in enumerate(found):
        alone = [t.clone().requires_grad_() for t in (x, *w, *s, *o)]
        own = OutputWeights(*alone[15:]) if wide else None
        result = ntm_scan(
            alone[0], ScanWeights(*alone[1:9]), ScanState(*alone[9:15]), outputs=own, **options
        )
        sum(part.square().sum() for part in flat(result)).backward()
        for a, b in zip(flat(together), flat(result), strict=True):
            assert torch.equal(a[machine], b)
        for a, b in zip((inputs, *weights, *state, *outputs), alone, strict=True):
            if b.grad is not None and b.numel():
                assert torch.equal(a.grad[machine], b.grad)


def test_memories_of_several_sizes():
    found, shifts = machines("odd")
    inputs, weights, state, _ = stacked(found)
    sizes = [13, 1, 7]
    together = ntm_scan_seeds(inputs, weights, state, shifts=shifts, slots=sizes)
    for machine, ((x, w, s, _), size) in enumerate(zip(found, sizes, strict=True)):
        cut = s._replace(
            memory=s.memory[:, :size],
            read_weightings=s.read_weightings[..., :size],
            write_weightings=s.write_weightings[..., :size],
        )
        alone = ntm_scan(x, w, cut, shifts=shifts)
        assert torch.equal(together.hidden[machine], alone.hidden)
        memory = together.state.memory[machine]
        assert torch.equal(memory[:, :size], alone.state.memory)
        assert not memory[:, size:].any()
        weightings = together.state.read_weightings[machine]
        assert torch.equal(weightings[..., :size], alone.state.read_weightings)
        assert not weightings[..., size:].any()


def test_a_backend_that_does_all_together_is_asked(monkeypatch):
    asked = []

    def together(*arguments, **options):
        asked.append((arguments, options))
        return "found"

    monkeypatch.setattr(native, "ntm_scan_seeds", together, raising=False)
    found, shifts = machines("odd")
    inputs, weights, state, outputs = stacked(found)
    given = (inputs, weights, state)
    assert ntm_scan_seeds(*given, shifts=shifts, outputs=outputs, slots=[1, 2, 3]) == "found"
    options = {
        "shifts": shifts,
        "activation": "tanh",
        "outputs": outputs,
        "clip_gradient": float("inf"),
        "slots": [1, 2, 3],
    }
    assert asked == [(given, options)]
    assert ntm_scan_seeds(*given, shifts=shifts, backend="reference") != "found"


def test_what_does_not_fit_is_refused_in_a_line():
    found, shifts = machines("odd")
    inputs, weights, state, _ = stacked(found)
    with pytest.raises(InputError, match="one leading axis S"):
        ntm_scan_seeds(inputs[:2], weights, state, shifts=shifts)
    for slots in ([13, 13], [0, 1, 2], [14, 1, 1], [1.5, 1, 1]):
        with pytest.raises(InputError, match="from 1 to 13 for each of 3"):
            ntm_scan_seeds(inputs, weights, state, shifts=shifts, slots=slots)
    flat_state = ScanState(*(torch.zeros(3, 2) for _ in state))
    with pytest.raises(InputError, match=r"must be \(S, B, N, W\)"):
        ntm_scan_seeds(inputs, weights, flat_state, shifts=shifts)
