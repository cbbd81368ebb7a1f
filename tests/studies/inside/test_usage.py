"""Traces beside what should have been counted, and machines with parts taken out."""

import numpy as np
import pytest
import torch

from ntmlab import NTM, DynamicNGrams
from ntmlab.models import ModulePredictor
from ntmlab.outputs import Bits
from ntmlab.studies.inside.lesions import lesions
from ntmlab.studies.inside.usage import record
from ntmlab.studies.traces import LAGS, content_change

TASK = DynamicNGrams(order=3, length=20)


def machine(heads=1, **options):
    torch.manual_seed(3)
    sizes = {"controller_size": 7, "slots": 9, "slot_width": 4}
    return NTM(1, 1, read_heads=heads, write_heads=heads, **sizes, **options)


@pytest.mark.parametrize("heads", [1, 2])
def test_content_change_against_the_memory_after_every_step(heads):
    model, inputs = machine(heads), TASK.sample(3, 0).inputs
    with torch.no_grad():
        trace = model.trace(inputs)
        found = content_change(model.initial_state(3).memory, trace)
        state, memories = model.initial_state(3), [model.initial_state(3).memory]
        for step in range(TASK.length):
            _, state = model.step(inputs[:, step], state)
            memories.append(state.memory)
    read = trace.read_weightings.mean(2)
    for step in range(TASK.length):
        for lag in range(LAGS):
            expected = torch.zeros(3)
            if step + lag < TASK.length:
                moved = memories[step + lag + 1] - memories[step + lag]
                expected = torch.einsum("bn,bnw->bw", read[:, step], moved).norm(dim=-1)
            torch.testing.assert_close(found[:, step, lag], expected, rtol=1e-3, atol=1e-5)


def test_record_counts_what_was_drawn_and_keeps_the_divergence():
    model, sequences = machine(), TASK.sample(5, 1)
    usage = record(model, sequences, TASK.context_bits, TASK.optimal())
    bits = sequences.targets[..., 0].numpy()
    np.testing.assert_array_equal(usage.bits, bits)
    for row, step in ((0, 2), (3, 19)):
        seen = [
            bits[row, t]
            for t in range(2, step)
            if (bits[row, t - 2 : t] == bits[row, step - 2 : step]).all()
        ]
        context = usage.contexts[row, step]
        assert context == 2 * bits[row, step - 2] + bits[row, step - 1]
        assert usage.ones[row, step, context] == sum(seen)
        assert usage.ones[row, step, context] + usage.zeros[row, step, context] == len(seen)
    p, q = ModulePredictor(model)(sequences.inputs), TASK.optimal()(sequences.inputs)
    expected = Bits(1).divergence_bits(q.numpy(), p.numpy(), sequences.mask.numpy())
    np.testing.assert_allclose(usage.divergence, expected, atol=1e-6)


@pytest.mark.parametrize("heads", [1, 2])
def test_record_keeps_means_of_weightings_and_the_vectors_of_all_heads(heads):
    model, sequences = machine(heads), TASK.sample(3, 1)
    usage = record(model, sequences, TASK.context_bits, TASK.optimal())
    with torch.no_grad():
        trace = model.trace(sequences.inputs)
    for name, weightings in (("read", trace.read_weightings), ("write", trace.write_weightings)):
        assert getattr(usage, name).shape == (3, TASK.length, 9)
        np.testing.assert_allclose(
            getattr(usage, name), sum(weightings[:, :, head] for head in range(heads)) / heads
        )
    for name, vectors in (("reads", trace.reads), ("adds", trace.adds)):
        assert getattr(usage, name).shape == (3, TASK.length, heads * 4)
        for head in range(heads):
            own = getattr(usage, name)[..., 4 * head : 4 * head + 4]
            np.testing.assert_array_equal(own, vectors[:, :, head])


@pytest.mark.parametrize("heads", [1, 2])
def test_lesions_take_out_one_thing_each(heads):
    model, inputs = machine(heads, output_reads=True), TASK.sample(2, 0).inputs
    before = {name: value.clone() for name, value in model.state_dict().items()}
    found = lesions(model)
    whole = model.trace(inputs)
    still = found["no writes"].trace(inputs)
    assert still.adds.abs().max() == 0
    assert still.erases.max() < 1e-15
    state = found["no writes"](inputs)[1]
    torch.testing.assert_close(state.memory, model.initial_state(2).memory, rtol=0, atol=1e-12)
    assert (whole.write_weightings[:, 0] == still.write_weightings[:, 0]).all()  # still addressed
    mute = found["outputs without reads"]
    torch.testing.assert_close(mute.trace(inputs).reads, whole.reads)
    size = model.controller_size
    assert torch.equal(mute.output_weights[:, :size], model.output_weights[:, :size])
    assert not mute.output_weights[:, size:].any()
    blind = found["controller without reads"].trace(inputs).keys
    same = inputs[0, :, 0] == 0  # a feedforward controller without reads sees its input only
    assert (blind[0, same] == blind[0, same][0]).all()
    for name, value in model.state_dict().items():
        assert (value == before[name]).all()  # the machine itself is whole
    assert "outputs without reads" not in lesions(machine(heads))
