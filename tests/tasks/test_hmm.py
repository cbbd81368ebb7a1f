"""Hidden Markov models as sources: names, files, numbers of the literature."""

import json

import numpy as np
import pytest
import torch

from ntmlab import InputError
from ntmlab.optimal import expected as module
from ntmlab.optimal.expected import belief_costs, chain_cost
from ntmlab.outputs import Bits
from ntmlab.sequences import symbols_of
from ntmlab.tasks import HiddenMarkov, hmm, make_task, specification

COINS = {"transition": [[0.9, 0.1], [0.2, 0.8]], "emission": [[0.5, 0.5, 0], [0, 0.25, 0.75]]}


def cost(task, p, sequences):
    return task.outputs.cost_bits(p.numpy(), sequences.targets.numpy(), sequences.mask.numpy())


def test_mess3_costs_what_was_computed_elsewhere():
    task = make_task("hmm:mess3")
    sequences = task.sample(4096, seed=1)
    p = task.optimal()(sequences.inputs).numpy()
    expected = task.outputs.entropy_bits(p, sequences.mask.numpy()).sum(1)
    error = expected.std() / 64
    assert expected.mean() == pytest.approx(229.5143, abs=5 * error)
    assert error < 0.06


def test_rrxor_costs_the_exact_number_on_every_sequence():
    task = make_task("hmm:rrxor")
    sequences = task.sample(512, seed=1)
    p = task.optimal()(sequences.inputs).numpy()
    expected = task.outputs.cost_bits(p, sequences.targets.numpy(), sequences.mask.numpy())
    assert expected.sum(1).mean() == pytest.approx(135.58496, abs=0.3)


def test_the_truth_knows_the_hidden_state():
    task = HiddenMarkov("golden-mean", length=50)
    sequences = task.sample(300, seed=0, truth=True)
    assert isinstance(task.outputs, Bits)
    symbols = symbols_of(sequences.targets, 2)
    truth = sequences.truth[..., 0].numpy()
    assert set(np.unique(truth)) == {0.5, 1.0}
    after_zero = np.flatnonzero(symbols[0, :-1] == 0) + 1
    assert (truth[0, after_zero] == 1).all()
    assert np.isfinite(cost(task, sequences.truth, sequences)).all()


@pytest.mark.parametrize("process", ["mess3", "rrxor", "even"])
def test_rows_followed_one_by_one_are_those_of_the_whole_block(process, monkeypatch):
    task = HiddenMarkov(process, length=1100)
    few = [task.sample(*rows, truth=True) for rows in ((1, 4), (3, 4, 254), (5, 4, 77))]
    monkeypatch.setattr(hmm, "FEW", 0)
    for one, rows in zip(few, ((1, 4), (3, 4, 254), (5, 4, 77)), strict=True):
        other = task.sample(*rows, truth=True)
        assert torch.equal(one.targets, other.targets)
        assert torch.equal(one.truth, other.truth)


def test_a_process_of_many_states_is_walked_as_any(tmp_path):
    states = 80
    turn = np.roll(np.eye(states), 1, 1).tolist()
    emits = [[0.25 + 0.5 * (s % 2), 0.75 - 0.5 * (s % 2)] for s in range(states)]
    path = tmp_path / "ring.json"
    path.write_text(json.dumps({"transition": turn, "emission": emits, "start": [1] + [0] * 79}))
    task = HiddenMarkov(file=str(path), length=10)
    truth = task.sample(1, seed=0, truth=True).truth[0, :, 0].tolist()
    assert truth == [0.75, 0.25] * 5


def test_a_file_in_either_form(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "coins.json").write_text(json.dumps(COINS))
    task = make_task("hmm:file=coins.json,length=30")
    edges = [
        [[e * a for a in row] for row, e in zip(COINS["transition"], emits, strict=True)]
        for emits in zip(*COINS["emission"], strict=True)
    ]
    (tmp_path / "edges.json").write_text(json.dumps({"matrices": edges, "start": [2 / 3, 1 / 3]}))
    other = make_task("hmm:file=edges.json,length=30")
    inputs = task.sample(5, seed=0).inputs
    assert (task.optimal()(inputs) - other.optimal()(inputs)).abs().max() < 1e-14
    assert task.letters == 3
    text = specification(task.name, task.options())
    assert text == "hmm:length=30,file=coins.json"
    assert make_task(text) == task


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1]", "no JSON object"),
        ("{", "damaged"),
        ('{"matrices": []}', "shape"),
        ('{"start": [1]}', "must hold"),
        ('{"transition": [[1]], "emission": [[0.5, 0.4]]}', "emission"),
        ('{"transition": [[1]], "emission": [["a"]]}', "numbers"),
        ('{"transition": 1, "emission": [[0.5, 0.5]]}', "shape"),
        ('{"matrices": [[[0.5]], [[0.5]]], "start": {"a": 1}}', "start"),
        ('{"matrices": [[[NaN]], [[0.5]]]}', "between 0 and 1"),
        ('{"matrices": [[[1%s]], [[0.5]]]}' % ("0" * 400), "401 digits is too large"),
    ],
)
def test_a_file_that_holds_no_model_is_refused_in_one_line(content, message, tmp_path):
    path = tmp_path / "model.json"
    path.write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        make_task("hmm", file=str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hmm:mess4", "did you mean 'mess3'"),
        ("hmm:even,x=0.1", "parameters of mess3"),
        ("hmm:mess3,x=0.6", "between 0 and 0.5"),
        ("hmm:mess3,a=true", "between 0 and 1"),
        ("hmm:file=none.json", "no file"),
        ("hmm:file=3", "must be a path"),
        ("hmm:even,file=a.json", "not both"),
        ("hmm:even,order=3", "order"),
        ("hmm:length=0", "length"),
    ],
)
def test_wrong_options_are_refused_in_one_line(text, message):
    with pytest.raises(InputError, match=message) as caught:
        make_task(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["hmm:mess3", "hmm:rrxor,length=9", "hmm:mess3,x=0.1,a=1.0"])
def test_specifications_come_back(text):
    task = make_task(text)
    assert specification(task.name, task.options()) == text


@pytest.mark.parametrize(
    "text",
    [
        "hmm:mess3,x=0.1,a={}",
        "change-points:hazard={}",
        "context-trees:split={}",
        "partition-tree:split={}",
        "mixture:of=coins+lags,weights=1/0",
    ],
)
def test_a_whole_number_for_a_real_one_is_the_same_task(text):
    one, other = make_task(text.format(1)), make_task(text.format("1.0"))
    assert specification(one.name, one.options()) == specification(other.name, other.options())
    assert one == other


def test_a_process_is_given_once():
    with pytest.raises(InputError, match=r"mess3,process=rrxor: process is given twice"):
        make_task("hmm:mess3,process=rrxor")
    with pytest.raises(InputError, match=r"process is given twice"):
        make_task("mixture:of=hmm:golden-mean;process=rrxor+coins")


def test_what_is_not_followed_lies_between_the_cost_of_a_letter_and_of_one_told_the_state(
    monkeypatch,
):
    """Of 10 letters the last six are 6 times the mean of the bounds, off by half their width."""
    model, steps = make_task("hmm:mess3").filter(), 10
    whole = chain_cost(model, steps)
    assert (whole.error, whole.how) == (0, "all beliefs followed")
    each = belief_costs(model, model.initial[None], 4)
    told = belief_costs(model, np.diag(model.initial), 3)  # three beliefs to begin with
    monkeypatch.setattr(module, "MOST_BELIEFS", 3**3)  # after so many letters
    found = chain_cost(model, steps)
    low, high = each.sum() + 6 * told[-1], each.sum() + 6 * each[-1]
    assert low < whole.bits < high
    assert found.bits == pytest.approx((low + high) / 2, rel=1e-12)
    assert found.error == pytest.approx((high - low) / 2, rel=1e-9)
    assert found.how == "the first 4 letters exact, the others between two bounds"
