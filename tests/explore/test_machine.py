"""A machine under changes to its memory, against plain steps with the memory changed by hand."""

import numpy as np
import pytest
import torch

from ntmlab import NTM, InputError, load_model
from ntmlab.explore.machine import run_machine
from ntmlab.explore.questions import Change
from ntmlab.tasks import DynamicNGrams

STEPS = 40


def stepwise(model, inputs, changes):
    """The same by one step after the other: probabilities and the memory each step reads."""
    state, frozen = model.initial_state(1), False
    said, memories = [], []
    for t in range(inputs.shape[1]):
        memory = state.memory.clone()
        for change in changes:
            if change.step != t:
                continue
            if change.kind == "clear":
                memory[0, change.slots[0]] = 0.0
            elif change.kind == "swap":
                a, b = change.slots
                memory[0, a], memory[0, b] = memory[0, b].clone(), memory[0, a].clone()
            else:
                frozen = True
        state = state._replace(memory=memory)
        logits, state = model.step(inputs[:, t], state)
        if frozen:
            state = state._replace(memory=memory)
        said.append(torch.sigmoid(logits.double())[0])
        memories.append(memory[0])
    return torch.stack(said).numpy(), torch.stack(memories).numpy()


def replayed(run):
    """The memory each step reads, from a run's arrays by Eq. 3-4, as the page finds it."""
    memories, memory = [], None
    for t in range(len(run.probabilities)):
        if t in run.starts:
            memory = run.memory[run.starts.index(t)].astype(np.float64)
        memories.append(memory)
        w, e, a = (run.arrays[k][t] for k in ("write_weightings", "erases", "adds"))
        memory = memory * np.prod(1 - w[:, :, None] * e[:, None, :], axis=0)
        memory = memory + np.einsum("vn,vw->nw", w, a)
    return np.stack(memories)


CASES = {
    "nothing": (),
    "clear": (Change("clear", 10, (3,)),),
    "swap": (Change("swap", 5, (0, 2)), Change("swap", 21, (3, 3))),
    "freeze": (Change("freeze", 12, ()),),
    "freeze at once": (Change("freeze", 0, ()),),
    "all, out of order": (
        Change("freeze", 20, ()),
        Change("clear", 30, (1,)),
        Change("swap", 8, (1, 4)),
        Change("clear", 8, (4,)),
        Change("clear", STEPS - 1, (0,)),
    ),
}


def machine(controller, heads):
    torch.manual_seed(1)
    sizes = {"slots": 6, "slot_width": 5, "controller_size": 9, "read_heads": heads}
    return NTM(1, 1, controller=controller, write_heads=heads, output_reads=True, **sizes).eval()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("model", [("feedforward", 1), ("lstm", 2), "shipped"], ids=str)
def test_changes_equal_plain_steps(case, model):
    model = load_model("ngrams-ntm") if model == "shipped" else machine(*model)
    inputs = DynamicNGrams(length=STEPS).sample(1, 0).inputs
    with torch.no_grad():
        said, memories = stepwise(model, inputs, CASES[case])
    run = run_machine(model, inputs, CASES[case])
    np.testing.assert_allclose(run.probabilities, said, atol=2e-5)
    np.testing.assert_allclose(replayed(run), memories, atol=2e-5)


def test_changes_are_felt_from_their_step_on_and_not_before():
    model = load_model("ngrams-ntm")
    inputs = DynamicNGrams(length=STEPS).sample(1, 3).inputs
    plain = run_machine(model, inputs).probabilities
    for change in (Change("freeze", 15, ()), Change("clear", 15, (6,))):
        changed = run_machine(model, inputs, [change]).probabilities
        np.testing.assert_allclose(changed[:15], plain[:15], atol=1e-6)  # scans cut in two
    assert np.abs(changed[15:] - plain[15:]).max() > 0
    frozen = run_machine(model, inputs, [Change("freeze", 15, ())]).probabilities
    assert np.abs(frozen[15:] - plain[15:]).max() > 0.01


def test_changes_that_cannot_be_are_refused():
    model, inputs = machine("lstm", 1), torch.zeros(1, 4, 1)
    with pytest.raises(InputError, match="no step 4"):
        run_machine(model, inputs, [Change("freeze", 4, ())])
    with pytest.raises(InputError, match="no slot 6"):
        run_machine(model, inputs, [Change("clear", 1, (6,))])
