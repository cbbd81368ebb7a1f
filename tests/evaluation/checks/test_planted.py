"""Every planted fault is found and named; right models of the same kinds pass."""

import dataclasses
from functools import partial
from typing import ClassVar

import numpy as np
import pytest
import torch

from ntmlab import LSTM, NTM, DynamicNGrams, InputError, make_task
from ntmlab.evaluation.checks import NAMES, check_predictor
from ntmlab.tasks import AnswerTask
from tests.evaluation.checks import planted

BITS = DynamicNGrams()
OURS = (NTM, LSTM)
THREE = "dynamic-ngrams:order=3,letters=3"


def made(kind, *sizes):
    torch.manual_seed(1)
    return kind(*sizes).eval()


def failed(model, task=BITS, **options):
    return {c.name: c for c in check_predictor(model, task, **options) if c.passed is False}


RIGHT = [planted.GRU, planted.CausalConvolution, planted.Attention, planted.LongConvolution]


@pytest.mark.parametrize(
    "task", [pytest.param("dynamic-ngrams", marks=pytest.mark.slow), THREE, "copy"]
)
@pytest.mark.parametrize("kind", [*RIGHT, *(pytest.param(m, marks=pytest.mark.slow) for m in OURS)])
def test_right_models_pass(kind, task):
    task = make_task(task)
    assert not failed(made(kind, task.input_size, task.output_size), task)


@pytest.mark.parametrize("kind", OURS)
def test_our_models_pass(kind):
    sizes = {"slots": 16} if kind is NTM else {"hidden_size": 32}
    assert not failed(made(partial(kind, **sizes), 1, 1), lengths=(1, 2, 64, 67))


def test_right_models_pass_whatever_they_are_of():
    assert not failed(made(partial(planted.GRU, layers=2), 1, 1), lengths=(1, 2, 64, 67))
    assert not failed(made(planted.Checkpointed))
    assert not failed(made(planted.Caches))
    momentum = planted.Momentum(drops=False).eval()
    assert not failed(momentum)
    assert not failed(planted.frequencies, THREE)
    assert not failed(made(planted.GRU).double(), lengths=(1, 2, 64, 67))
    assert not failed(made(planted.CausalConvolution).bfloat16(), lengths=(1, 2, 64, 67))


def test_rounding_is_no_leak():
    """Fourier transforms spread rounding over all time: about 1e-5 at large activations."""
    model = made(planted.LongConvolution, 1, 1, 30.0)
    inputs = BITS.sample(1, 0).inputs
    other = inputs.clone()
    other[:, 150:] = 1 - other[:, 150:]
    leaked = (model(inputs) - model(other)).detach()[:, :150].abs().max()
    assert 3e-6 < float(leaked) < 1e-3
    assert not failed(model)


SINGLE = {
    planted.BorderLeak: {"causality", "gradients", "state"},
    planted.WholeChunkLeak: {"causality", "state"},
    planted.Attentive: {"causality", "gradients"},
    planted.Centred: {"causality", "gradients", "state"},
    planted.OneAhead: {"causality", "gradients", "state"},
    planted.OneLate: {"past"},
    planted.NeverRuns: {"past", "gradients"},
    planted.Momentum: {"state"},
    planted.OffTheGrid: {"state"},
    planted.NeighbourMaximum: {"rows"},
    planted.WrongForThree: {"shape"},
    planted.DropoutOn: {"repeatable"},
    planted.Remembers: {"repeatable"},
    planted.Draws: {"repeatable"},
    planted.Seeds: {"repeatable"},
    planted.Rescales: {"untouched"},
    planted.Counts: {"untouched"},
    planted.WritesInputs: {"untouched"},
    planted.WritesState: {"untouched"},
    planted.Detached: {"gradients"},
    planted.BreaksBackward: {"gradients"},
    planted.NaNAt65: {"finite"},
    planted.FailsAt67: {"shape"},
    planted.Cropped: {"shape"},
    planted.Cancels: {"precision"},
}


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize("kind", SINGLE, ids=lambda kind: kind.__name__)
def test_each_fault_is_found_and_named(kind):
    found = failed(made(kind))
    assert set(found) - {"decode"} == SINGLE[kind], found


def test_a_leak_at_large_inputs_is_found_where_inputs_are_numbers():
    assert set(failed(made(planted.LeakAtScale, 9, 8), make_task("copy"))) >= {"causality"}


def test_a_leak_says_where_and_how_large():
    found = failed(made(planted.BorderLeak), names=["causality"])["causality"]
    assert (found.where.length, found.where.step, found.where.other) == (65, 63, 64)
    assert found.size == pytest.approx(1e-4, rel=0.1)
    assert 0 < found.bits < 1e-6
    assert "64 times 0" in found.message


def test_one_ahead_is_guessed():
    found = failed(made(planted.OneAhead), names=["causality"])["causality"]
    assert (found.where.length, found.where.step, found.where.other) == (2, 0, 1)
    assert "aligned" in found.message
    assert found.bits > 1e-3


def test_a_state_s_failure_is_the_smallest():
    found = failed(made(planted.OffTheGrid), names=["state"])["state"]
    assert (found.where.length, found.where.other) == (2, 1)
    assert found.bits > 1e-4


def test_rows_name_the_neighbour():
    found = failed(made(planted.NeighbourMaximum), names=["rows"])["rows"]
    assert found.where.length <= 2
    assert {found.where.row, found.where.other} == {0, 1}


def test_a_nan_says_where():
    found = failed(made(planted.NaNAt65))["finite"]
    assert found.where.length == 65
    assert "NaN at step 0 of 65" in found.message


def test_the_task_s_own_length_is_tried():
    class NaNAt60(planted.GRU):
        def forward(self, inputs, state=None):
            logits, state = super().forward(inputs, state)
            return (logits * torch.nan if inputs.shape[1] == 60 else logits), state

    sixty = DynamicNGrams(order=3, length=60)
    assert failed(made(NaNAt60), sixty)["finite"].where.length == 60


def test_probabilities_that_are_none():
    found = failed(planted.short_of_one, THREE)
    assert set(found) == {"normalised", "decode"}
    assert "sum to 0.999" in found["normalised"].message
    assert found["normalised"].where.step == 0
    logits = failed(made(planted.SaysProbabilities, 3, 3), THREE)
    assert "look like probabilities" in logits["normalised"].message


def cost_in(unit, model=planted.frequencies):
    def cost(sequences):
        said = model(sequences.inputs).double()
        return -unit((said * sequences.targets).sum(-1)).sum(-1)

    return cost


def test_nats_for_bits():
    found = failed(planted.frequencies, THREE, claim=cost_in(torch.log))
    assert set(found) == {"decode"}
    assert "nats" in found["decode"].message
    assert not failed(planted.frequencies, THREE, claim=cost_in(torch.log2))
    double = failed(planted.frequencies, THREE, claim=lambda s: 2 * cost_in(torch.log2)(s))
    assert set(double) == {"decode"}


def test_a_code_by_steps_shows_a_claim_of_one_pass():
    """Its whole pass knows the mean of the sequence; step by step it does not."""
    assert "decode" in failed(made(planted.OneAhead))
    assert "symbol" in failed(made(planted.DropoutOn))["decode"].message


class Peeks(planted.GRU):
    def forward(self, inputs, state=None):
        self.seen = getattr(self, "seen", 0) + 1
        logits, state = super().forward(inputs, state)
        return (logits.expand(-1, -1, 2) if self.seen > 400 else logits), state


def test_what_fails_late_is_a_failure():
    assert failed(made(Peeks))


@pytest.mark.parametrize(
    "kind", ["copy", "recall", "hmm:mess3", "dynamic-ngrams:letters=4,order=2"]
)
def test_exact_predictors_pass(kind):
    task = make_task(kind)
    assert not failed(task.optimal(), task)


class Restarts:
    """A filter whose update writes into the state that stays valid."""

    letters = 2

    def start(self, rows):
        return np.full((rows, 2), 1.0)

    def predict(self, state):
        return state / state.sum(1, keepdims=True)

    def update(self, state, symbols):
        state[np.arange(len(symbols)), symbols] += 1
        return state


def test_a_filter_is_checked_as_one():
    assert set(failed(Restarts())) == {"untouched"}


def test_checks_and_lengths_may_come_from_an_iterator():
    """Of checks none was tried then, which looked as if all had passed."""
    found = check_predictor(planted.frequencies, THREE, names=iter(["shape", "finite"]))
    assert [check.name for check in found] == ["shape", "finite"]
    (shape,) = check_predictor(planted.frequencies, THREE, names=["shape"], lengths=iter([2, 3]))
    assert shape.message == "at 2, 3 steps, batches of 1, 3 and 4"


@pytest.mark.parametrize("lengths", [(), (0,), (-3,), (2.0,), 5, (None,)])
def test_lengths_that_are_none_are_a_line(lengths):
    with pytest.raises(InputError, match="lengths are whole numbers from 1 on, as in"):
        check_predictor(planted.frequencies, THREE, names=["shape"], lengths=lengths)


@pytest.mark.parametrize("claim", [lambda s: None, lambda s: [], lambda s: "ten"])
def test_a_claim_that_is_no_number_is_a_line(claim):
    with pytest.raises(InputError, match="its claim is a number, bits of a sequence, not"):
        check_predictor(planted.frequencies, THREE, names=["decode"], claim=claim)


def test_a_claim_may_have_a_gradient():
    def claim(sequences):
        return cost_in(torch.log2)(sequences).clone().requires_grad_()

    assert not failed(planted.frequencies, THREE, names=["decode"], claim=claim)


def test_what_cannot_apply_is_skipped_with_a_reason():
    found = {c.name: c for c in check_predictor(planted.frequencies, THREE)}
    assert found["state"].passed is None
    assert "whole sequences" in found["state"].message
    assert list(found) == list(NAMES)
    none = check_predictor(lambda x: x[0, 0, 0, 0], THREE)
    assert {c.name for c in none if c.passed is False} == {"shape"}
    assert all(c.message for c in none)


def test_one_step_says_nothing_about_time():
    found = {c.name: c for c in check_predictor(made(planted.GRU), BITS, lengths=(1,))}
    assert {n for n, c in found.items() if c.passed is None} == {"causality", "past", "state"}
    assert not [c for c in found.values() if c.passed is False]


def test_a_model_with_a_limit_is_not_said_to_have_no_memory():
    """Two steps of next symbols have one that was seen, and it is the newest."""

    class Short(planted.GRU):
        def forward(self, inputs, state=None):
            if inputs.shape[1] > 2:
                raise ValueError("longer than 2")
            return super().forward(inputs, state)

    checks = check_predictor(made(Short), BITS, names=["shape", "past"])
    found = {c.name: c for c in checks}
    assert not found["shape"].passed
    assert found["past"].passed is None
    assert "2 steps, the most it was asked for" in found["past"].message
    blind = torch.nn.Linear(2, 1)  # of a task of answers two steps are enough to tell
    task = make_task(f"{__name__}:Shown")
    [check] = check_predictor(blind, task, names=["past"], lengths=(2,))
    assert check.passed is False


@dataclasses.dataclass(frozen=True)
class Shown(AnswerTask):
    """The bit that is shown."""

    name: ClassVar[str] = "shown"
    input_size, output_size, steps = 2, 1, 2

    def draw(self, rows, random):
        inputs = random.integers(0, 2, (rows, 2, 2))
        return inputs, inputs[..., :1], np.ones((rows, 2))


@pytest.mark.parametrize("nothing", [planted.GRU, 3, "gru"])
def test_no_predictor_at_all(nothing):
    with pytest.raises(InputError, match="a predictor is"):
        check_predictor(nothing, BITS)
