"""Padding changes nothing: no cost, no gradient, no state. Batches made by hand and drawn ones."""

import pytest
import torch
from torch import Tensor

from ntmlab import LSTM, NTM
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.models import ModulePredictor
from ntmlab.sequences import Sequences
from ntmlab.tasks import Copy, Recall, RepeatCopy
from ntmlab.training.cost import mean_cost
from tests.tolerances import RELATIVE_RMS, relative_rms

TASKS = [Copy(width=3, max_length=6), RepeatCopy(width=3, max_length=3, max_repeats=3), Recall()]
KINDS = ["feedforward", "lstm", "baseline"]
JUNK = 1e3  # what no padding should hold, and no result may notice


def make_model(task, kind):
    """A small model in float32, so that native kernels run where they are built."""
    torch.manual_seed(3)
    sizes = (task.input_size, task.output_size)
    if kind == "baseline":
        return LSTM(*sizes, hidden_size=7, layers=2)
    heads = {"read_heads": 2, "write_heads": 2}
    return NTM(*sizes, controller=kind, controller_size=7, slots=9, slot_width=5, **heads)


def padded_with(sequences, value):
    """The same sequences whose inputs and targets after each one's end hold something else."""
    ends = [int(torch.nonzero(row)[-1]) + 1 for row in sequences.mask]
    inputs, targets = sequences.inputs.clone(), sequences.targets.clone()
    for row, end in enumerate(ends):
        inputs[row, end:], targets[row, end:] = value, 1
    assert len(set(ends)) > 1  # else nothing is padded
    return sequences._replace(inputs=inputs, targets=targets)


def cost_and_gradients(model, sequences):
    model.zero_grad()
    inputs = sequences.inputs.clone().requires_grad_(True)
    cost = mean_cost(model, sequences._replace(inputs=inputs))
    cost.backward()
    return cost.detach(), inputs.grad, [p.grad.clone() for p in model.parameters()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_what_padding_holds_changes_no_bit_of_cost_or_gradient(task, kind):
    model, batch = make_model(task, kind), task.sample(9, seed=4)
    cost, to_inputs, gradients = cost_and_gradients(model, batch)
    again, junk_to_inputs, junk_gradients = cost_and_gradients(model, padded_with(batch, JUNK))
    assert torch.equal(cost, again)
    assert torch.equal(to_inputs, junk_to_inputs)
    assert all(map(torch.equal, gradients, junk_gradients))
    after = torch.cat(
        [row[int(torch.nonzero(m)[-1]) + 1 :] for row, m in zip(to_inputs, batch.mask, strict=True)]
    )
    assert len(after)
    assert (after == 0).all()
    assert all((row != 0).any() for row in to_inputs)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_batch_costs_and_teaches_what_its_sequences_do_alone(task, kind):
    model, batch = make_model(task, kind), task.sample(9, seed=4)
    cost, _, gradients = cost_and_gradients(model, batch)
    alone = [cost_and_gradients(model, batch.take(slice(i, i + 1)).trim()) for i in range(9)]
    tolerance = RELATIVE_RMS[torch.float32]
    assert relative_rms(torch.stack([a[0] for a in alone]).double().mean(), cost) < tolerance
    for number, gradient in enumerate(gradients):
        mean = torch.stack([a[2][number] for a in alone]).double().mean(0)
        assert relative_rms(gradient, mean) < tolerance


@pytest.mark.parametrize("controller", KINDS[:2])
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_machine_does_the_same_in_a_padded_batch_as_alone(task, controller):
    """Weightings, adds, reads and outputs of every step up to a sequence's end."""
    model, batch = make_model(task, controller), padded_with(task.sample(9, seed=4), JUNK)
    together = model.trace(batch.inputs)
    for row in range(9):
        short = batch.take(slice(row, row + 1)).trim()
        steps = short.mask.shape[1]
        for name, part, whole in zip(
            together._fields, model.trace(short.inputs), together, strict=True
        ):
            error = relative_rms(part[0], whole[row, :steps])
            assert error < RELATIVE_RMS[torch.float32], name


@pytest.mark.parametrize("kind", KINDS)
def test_the_state_at_a_sequences_end_is_its_own(kind):
    """Going on from there gives what going on alone gives: padding has not been there yet."""
    task = TASKS[0]
    model, batch = make_model(task, kind), padded_with(task.sample(9, seed=4), JUNK)
    ends = batch.mask.cumsum(1).argmax(1) + 1
    more = torch.randn(1, 4, task.input_size)
    for row in range(9):
        end = int(ends[row])
        _, alone = model(batch.inputs[row : row + 1, :end])
        _, together = model(batch.inputs[:, :end])
        mine = type(together)(*(_row(part, row, len(batch.inputs)) for part in together))
        error = relative_rms(model(more, mine)[0], model(more, alone)[0])
        assert error < RELATIVE_RMS[torch.float32]


def _row(part, row, batch):
    """One sequence's part of a state, wherever its batch dimension stands."""
    dimension = part.shape.index(batch)
    return part.narrow(dimension, row, 1)


def test_the_training_loss_by_hand():
    """Two sequences of one and two scored steps, one output; logits are the inputs."""
    logits = torch.tensor([[[2.0], [-1.0], [50.0]], [[0.0], [3.0], [-1.0]]])
    targets = torch.tensor([[[1.0], [0.0], [0.0]], [[1.0], [0.0], [1.0]]])
    mask = torch.tensor([[0.0, 1.0, 0.0], [0.0, 1.0, 1.0]])

    def nats(logit, target):
        return torch.nn.functional.softplus(torch.tensor(-logit if target else logit))

    expected = (nats(-1.0, 0) + nats(3.0, 0) + nats(-1.0, 1)) / 2
    loss = mean_cost(lambda inputs: (inputs, None), Sequences(logits, targets, mask))
    torch.testing.assert_close(loss, expected)


class Crafted:
    """A task of one batch made by hand: the answer, wrong in padding and unscored steps only."""

    name, steps, marker_channels, deterministic = "crafted", 4, 0, True

    def __init__(self, wrong_at: list[tuple[int, int]]) -> None:
        self.targets = torch.tensor([[0.0, 1, 0, 0], [0, 1, 1, 1]])[..., None]
        self.mask = torch.tensor([[0.0, 1, 0, 0], [0, 1, 1, 1]])
        self.wrong_at = wrong_at

    def answer(self, inputs: Tensor) -> Tensor:
        p = self.targets.double() * 0.5 + 0.25
        for place in self.wrong_at:
            p[place] = 1 - p[place]
        return p

    def sample(self, count: int, seed: int, start: int = 0) -> Sequences:
        return Sequences(torch.zeros(2, 4, 1), self.targets, self.mask)

    def optimal(self):
        return lambda inputs: self.targets.double() * 0.5 + 0.25


@pytest.mark.parametrize(
    ("wrong_at", "wrong", "rate"),
    [([], 0.0, 0.0), ([(0, 0), (0, 2), (0, 3), (1, 0)], 0.0, 0.0), ([(0, 1), (1, 3)], 1.0, 0.5)],
)
def test_evaluation_counts_scored_steps_only(wrong_at, wrong, rate):
    task = Crafted(wrong_at)
    score = evaluate(task, {"model": task.answer}, 2, seed=0)["model"]
    assert (score.wrong.wrong_bits, score.wrong.wrong_rate) == (wrong, rate)
    right, missed = -torch.tensor([0.75, 0.25]).log2().double()
    assert score.bits == pytest.approx(float((4 - 2 * wrong) * right + 2 * wrong * missed) / 2)


@pytest.mark.parametrize("kind", KINDS)
def test_predictions_at_scored_steps_do_not_see_padding(kind):
    task = TASKS[1]
    predictor, batch = ModulePredictor(make_model(task, kind)), task.sample(9, seed=4)
    scored = batch.mask > 0
    clean, junk = (predictor(b.inputs)[scored] for b in (batch, padded_with(batch, JUNK)))
    assert torch.equal(clean, junk)
