"""Masks, lengths and wrong bits in evaluation."""

import numpy as np
import pytest
import torch

from ntmlab import NTM
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.wrong import count_wrong, summed, wrong_bits
from ntmlab.models import ModulePredictor
from ntmlab.tasks import Copy, DynamicNGrams, RepeatCopy


def test_wrong_bits_by_hand():
    p = np.array([[[0.9, 0.4, 0.2], [0.1, 0.6, 0.9], [0.9, 0.9, 0.9]]])
    targets = np.float32([[[1, 1, 0], [1, 0, 1], [0, 0, 0]]])
    mask = np.float32([[1, 1, 0]])
    assert wrong_bits(p, targets, mask).sum() == 3
    assert count_wrong(p, targets, mask, 0)[:, 0].tolist() == [3, 6, 0, 0]
    assert count_wrong(p, targets, mask, 1)[:, 0].tolist() == [3, 4, 0, 2]
    counts = np.array([[3.0, 1.0], [4.0, 8.0], [0.0, 1.0], [2.0, 4.0]])
    result = summed(counts)
    assert (result.wrong_bits, result.wrong_rate) == (2.0, pytest.approx(4 / 12))
    assert (result.wrong_markers, result.wrong_marker_rate) == (0.5, pytest.approx(1 / 6))
    assert summed(counts * [[1], [1], [0], [0]]).wrong_markers is None


def nearly(task, wrong_vector, wrong_marker):
    """The exact answer with one wrong vector bit and one wrong marker a sequence."""
    answer = task.optimal()

    def predict(inputs):
        p = answer(inputs)
        first = (p[:, :, 0] != 0.5).int().argmax(1)
        rows = torch.arange(len(p))
        if wrong_vector:
            p[rows, first, 0] = 1 - p[rows, first, 0]
        if wrong_marker:
            p[rows, first, -1] = 1 - p[rows, first, -1]
        return p

    return predict


def test_evaluate_counts_markers_apart():
    task = RepeatCopy(width=4, max_length=3, max_repeats=3)
    predictors = {"v": nearly(task, True, False), "m": nearly(task, False, True)}
    scores = evaluate(task, predictors, 200, seed=0)
    steps = float(task.sample(200, seed=0).mask.sum())
    assert scores["v"].wrong[:3:2] == (1.0, pytest.approx(200 / (4 * steps)))
    assert (scores["v"].wrong.wrong_markers, scores["m"].wrong.wrong_markers) == (0.0, 1.0)
    assert scores["m"].wrong.wrong_bits == 0.0
    assert scores["m"].wrong.wrong_marker_rate == pytest.approx(200 / steps)
    assert scores["m"].bits == np.inf
    assert evaluate(DynamicNGrams(length=5), {"o": DynamicNGrams().optimal()}, 3)["o"].wrong is None


def test_evaluation_does_not_depend_on_how_sequences_are_grouped(monkeypatch):
    """Longer padding and other groups change no score."""
    torch.manual_seed(1)
    task = Copy(width=2, max_length=7)
    model = ModulePredictor(NTM(3, 2, controller_size=5, slots=6, slot_width=3))
    whole = evaluate(task, {"m": model}, 90, seed=4)["m"]
    home = "ntmlab.evaluation.scored"
    monkeypatch.setattr(f"{home}.STEPS_AT_ONCE", 15 * 7)
    monkeypatch.setattr("ntmlab.models.predictor.STEPS_AT_ONCE", 15 * 2)
    parts = evaluate(task, {"m": model}, 90, seed=4)["m"]
    assert parts.wrong == whole.wrong
    assert parts.bits == pytest.approx(whole.bits, rel=1e-6)


def test_a_fixed_length_is_exactly_that_length():
    score = evaluate(Copy(min_length=120, max_length=120), {"a": Copy().optimal()}, 3)["a"]
    assert score.bits == 0
    assert Copy(min_length=120, max_length=120).sample(5, 0).mask.sum(1).tolist() == [120.0] * 5
