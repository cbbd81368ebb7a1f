"""A user's own task of answers: what it draws is what is scored, and what is none is one line."""

import dataclasses
from typing import ClassVar

import numpy as np
import pytest
import torch

from ntmlab import AnswerTask, InputError, compare, make_task
from ntmlab.cli import main
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.explore.answers import answer
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.pack import unpack
from ntmlab.explore.questions import answer_question
from ntmlab.tasks import fix_sizes
from ntmlab.tasks.optimum import optimum_of
from ntmlab.weights.trained import load_trained


@dataclasses.dataclass(frozen=True)
class Flip(AnswerTask):
    """Bits, and each again a step later, but for some that are turned over."""

    length: int = 6
    noise: float = 0.0
    wrong: str = ""

    name: ClassVar[str] = "flip"
    input_size: ClassVar[int] = 1
    output_size: ClassVar[int] = 1

    @property
    def steps(self):
        return self.length

    @property
    def deterministic(self):
        return self.noise == 0

    def draw(self, rows, random):
        bits = random.integers(0, 2, (rows, self.length, 1))
        before = np.concatenate([np.zeros_like(bits[:, :1]), bits[:, :-1]], axis=1)
        targets = before ^ (random.random(bits.shape) < self.noise)
        asked = np.ones((rows, self.length), dtype=bool)
        asked[:, [0, -1]] = False
        return {
            "two": (bits, targets),
            "inputs": (bits[..., 0], targets, asked),
            "targets": (bits, targets.repeat(2, -1), asked),
            "mask": (bits, targets, asked[:, 1:]),
            "soft": (bits, targets * 0.9, asked),
            "weights": (bits, targets, asked * 2.0),
            "none": None,
            "unscored": (bits, targets, asked & False),
            "unasked": (bits, np.where(asked[..., None], targets, np.nan), asked),
        }.get(self.wrong, (bits, targets, asked))

    def answer(self, inputs):
        said = np.abs(inputs - self.noise)
        inputs[:] = 7  # its own copy
        if self.wrong == "ahead":
            return np.roll(said, -1, axis=1)
        return np.concatenate([np.full_like(said[:, :1], 0.5), said[:, :-1]], axis=1)


class Unanswered(Flip):
    answer = AnswerTask.answer


def test_a_sequence_depends_on_seed_and_number_alone():
    whole = Flip().sample(600, seed=3)
    assert whole.inputs.shape == (600, 5, 1)  # up to the last scored step
    for start, count in ((0, 1), (250, 10), (599, 1)):
        part = Flip().sample(count, seed=3, start=start)
        for one, other in zip(part[:3], whole[:3], strict=True):
            assert torch.equal(one, other[start : start + count])
    assert not torch.equal(whole.inputs, Flip().sample(600, seed=4).inputs)
    assert whole.mask.unique(dim=0).tolist() == [[0, 1, 1, 1, 1]]
    assert torch.equal(whole.targets[:, 1:], whole.inputs[:, :-1])


def test_the_exact_answer_costs_nothing_and_wrong_bits_are_counted():
    task = make_task(f"{__name__}:Flip")
    never = {"optimal": task.optimal(), "never": lambda x: torch.full_like(x, 0.25)}
    scores = evaluate(task, never, 500, seed=1)
    assert (scores["optimal"].bits, scores["optimal"].wrong.wrong_bits) == (0, 0)
    ones = task.sample(500, seed=1).targets[:, 1:].sum(1).mean().item()
    assert scores["never"].wrong.wrong_bits == pytest.approx(ones)
    assert scores["never"].gap == pytest.approx(2 * ones + (4 - ones) * np.log2(4 / 3))


def test_a_noisy_answer_costs_its_entropy():
    task = Flip(noise=0.25)
    score = evaluate(task, {"optimal": task.optimal()}, 2000, seed=1)["optimal"]
    assert score.wrong is None
    assert abs(score.bits - 4 * 0.811278) < 5 * score.bits_se


def test_without_an_answer_costs_have_no_gap():
    task = Unanswered()
    assert optimum_of(task) is None
    assert evaluate(task, {"coin": find_predictor("coin", task)}, 10)["coin"].gap is None
    with pytest.raises(InputError, match="task flip has no exact predictor"):
        find_predictor("optimal", task)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("two", "its draw failed: ValueError: not enough values to unpack"),
        ("none", "its draw failed: TypeError"),
        ("inputs", r"its draw gave inputs of shape \(256, 6\), not \(256, 6, 1\), for 256 rows"),
        ("targets", r"its draw gave targets of shape \(256, 6, 2\), not \(256, 6, 1\)"),
        ("mask", r"its draw gave mask of shape \(256, 5\), not \(256, 6\)"),
        ("soft", r"its draw gave a target of 0\.9"),
        ("unscored", "its draw gave no step that is scored"),
        ("weights", "its draw gave a mask of 2 at step 1 of sequence 0"),
    ],
)
def test_what_is_drawn_wrong_is_one_line(wrong, message):
    with pytest.raises(InputError, match=f"^task flip: {message}"):
        Flip(wrong=wrong).sample(3, seed=0)


class Marked(Flip):
    marker_channels = 1

    @property
    def output_size(self):
        return self.length - 5


@pytest.mark.parametrize("markers", [-1, 1, 2, 0.5])
def test_markers_are_some_of_the_targets_not_all(markers, monkeypatch):
    """Of -1 the rate of wrong bits was half of what it is; of all it was no number."""
    monkeypatch.setattr(Marked, "marker_channels", markers)
    with pytest.raises(InputError, match="marker_channels must be a whole number from 0 to 0"):
        Marked().sample(3, seed=0)


def test_targets_of_steps_that_are_not_scored_reach_nothing():
    """Marked by NaN they made the loss no number."""
    one, other = (Flip(wrong=wrong).sample(9, seed=0) for wrong in ("", "unasked"))
    assert torch.equal(other.targets, one.targets * one.mask[..., None])


class Again(Flip):
    """Draws into an array of its own each time."""

    def draw(self, rows, random):
        inputs, targets, mask = super().draw(rows, random)
        OWN.resize(inputs.shape, refcheck=False)
        OWN[:] = inputs
        return OWN, targets, mask


OWN = np.zeros(0)


def test_what_was_drawn_stays_where_the_next_block_is_drawn_into_it():
    assert torch.equal(Again().sample(300, seed=0).inputs, Flip().sample(300, seed=0).inputs)


def test_an_answer_that_looks_ahead_is_refused():
    task = Flip(wrong="ahead")
    with pytest.raises(InputError, match="predictor optimal looks ahead"):
        compare(task.sample(8, seed=0), {"optimal": task.optimal()})


def test_sizes_are_options_of_their_names():
    assert Flip().sizes == {"length": ("length",)}
    assert fix_sizes(f"{__name__}:Flip", {"length": 9}) == {"length": 9}
    with pytest.raises(InputError, match="has no --items; it takes --length"):
        fix_sizes(f"{__name__}:Flip", {"items": 9})


def test_sizes_may_depend_on_the_options():
    """The task was made without them: it failed where one is needed, or had other sizes."""
    name = f"{__name__}:chosen"
    assert fix_sizes(name, {"length": 9}, kind="flip") == {"length": 9}
    with pytest.raises(InputError, match="has no --length"):
        fix_sizes(name, {"length": 9}, kind="fixed")


class Fixed(Flip):
    sizes: ClassVar = {}


def chosen(kind):
    return {"flip": Flip, "fixed": Fixed}[kind]()


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    return status, *capsys.readouterr()


def test_commands_say_where_no_optimum_is_known(tmp_path, capsys):
    """They ended in a traceback, and training proposed the optimum that there is none of."""
    own = f"{__name__}:Unanswered"
    status, out, err = run(capsys, "evaluate", own, "--models", "optimal")
    assert (status, out) == (2, "")
    assert err == (
        "ntmlab evaluate: error: task flip has no exact predictor: its optimum is not known\n"
    )
    status, out, err = run(capsys, "evaluate", own)
    assert (status, out) == (2, "")
    assert err.endswith("has no known optimum and no shipped model: give --models\n")
    small = ("--model", "lstm:hidden_size=2,layers=1", "--sequences", 8, "--set", "batch=4")
    status, out, err = run(capsys, "train", "--task", own, *small, "--out", tmp_path / "run")
    assert (status, out) == (0, f"{tmp_path / 'run'}\n")
    assert f"ntmlab evaluate {own} --models {tmp_path / 'run'} --seed 1" in err


def test_a_run_is_shown_on_the_task_it_was_trained_on(tmp_path, capsys):
    """Pictures made it of its default options: 40 of 40 bits were wrong where none is."""
    own, path = f"{__name__}:Flip:noise=0.25", tmp_path / "run"
    small = ("--model", "lstm:hidden_size=2,layers=1", "--sequences", 8, "--set", "batch=4")
    assert run(capsys, "train", "--task", own, *small, "--out", path)[0] == 0
    task = load_trained(str(path)).make_task({"length": 9})
    assert task.options() == {"length": 9, "noise": 0.25, "wrong": ""}
    status, out, err = run(capsys, "generalise", path, "--out", tmp_path / "x.png")
    assert (status, out) == (2, "")
    assert "those of task flip do not follow from its inputs" in err
    page = Catalog([str(path)], own)
    model = page.fitting(f"{__name__}:Flip", page.task(f"{__name__}:Flip")[1])[0]
    told, arrays = unpack(answer(page, answer_question({"model": model})))
    assert told["deterministic"] is False  # crosses on the page were of noise, not of the model
    assert not arrays["wrong_bits"].any()
