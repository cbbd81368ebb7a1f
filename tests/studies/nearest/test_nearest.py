"""Which estimator a model is: known ones are found again, and mixtures with their weights."""

import itertools
import json

import numpy as np
import pytest
import torch

from ntmlab import DynamicNGrams, InputError, make_task
from ntmlab.cli import main
from ntmlab.optimal import named_predictor
from ntmlab.optimal.nearest import _descend, best_mixture, least_quadratic
from ntmlab.studies.nearest import draw, drawing, measure, nearest, to_text, usual_references
from ntmlab.tasks import Copy

TASK = DynamicNGrams(order=4, length=80)


def mixed(weights, letters=2):
    """A model that says what a mixture of known predictors says."""
    parts = [(weight, named_predictor(name, letters, 3)) for name, weight in weights.items()]
    return lambda inputs: sum(weight * part(inputs) for weight, part in parts)


@pytest.mark.parametrize("name", ["window-25", "kt-2", "ctw-3", "cap-4", "mixture-0-3", "ppm-3"])
def test_a_known_estimator_is_found(name):
    found = nearest(TASK, {"model": named_predictor(name, 2, 3)}, sequences=60)["model"]
    best = found.order[0]
    assert name in found.names[best].split(" = ")
    assert found.bits[best] == pytest.approx(0, abs=1e-9)
    assert found.weights[best] == pytest.approx(1, abs=1e-3)
    assert (found.bits[found.order[1:]] > 0.01).all()


def test_a_mixture_is_found_with_its_weights():
    weights = {"kt-1": 0.2, "kt-3": 0.5, "window-25": 0.3}
    found = nearest(TASK, {"model": mixed(weights)}, sequences=80)["model"]
    known = dict(zip(found.names, found.weights, strict=True))
    own = {name: sum(w for key, w in known.items() if name in key.split(" = ")) for name in weights}
    assert own == pytest.approx(weights, abs=5e-3)
    assert abs(found.mixture_bits) < 1e-5


def test_distances_are_divergences_from_the_model():
    model, other = named_predictor("kt-1"), named_predictor("kt-3")
    inputs = TASK.sample(50, seed=9).inputs
    p, q = model(inputs), other(inputs)
    bits = (p * (p / q).log2() + (1 - p) * ((1 - p) / (1 - q)).log2()).sum((1, 2))
    found = nearest(TASK, {"model": model}, ["kt-3", "coin"], sequences=50, seed=9)["model"]
    assert found.bits[0] == pytest.approx(float(bits.mean()), rel=1e-9)
    lengths = np.diff(found.blocks)
    assert found.profile.mean[0] @ lengths == pytest.approx(found.bits[0], rel=1e-9)
    assert lengths.tolist() == [4] * 20
    short = nearest(DynamicNGrams(order=2, length=7), {"model": model}, ["coin"], 2)["model"]
    assert short.blocks.tolist() == [*range(8)]


def test_predictors_that_say_the_same_are_one():
    found = nearest(TASK, {"model": named_predictor("coin")}, ["optimal", "kt-3", "kt-2"], 20)
    assert found["model"].names == ["optimal = kt-3", "kt-2"]
    said = np.full((60, 80, 1), 0.5)
    other = said.copy()
    other[7, 3] += 1e-6  # at one step of many
    every, scored = {"a": said, "b": other, "c": said}, np.ones((60, 80), dtype=bool)
    assert list(measure._distinct(every, scored)) == ["a = c", "b"]
    scored[7, 3] = False
    assert list(measure._distinct(every, scored)) == ["a = b = c"]


def test_what_the_nearest_mixture_leaves_is_of_a_sequence():
    found = nearest(TASK, {"model": named_predictor("kt-1")}, ["coin"], 20)["model"]
    assert found.mixture_bits == pytest.approx(found.bits[0])


@pytest.mark.parametrize(
    ("task", "counts", "mixture"),
    [
        (TASK, 5, "mixture-0-3"),
        (DynamicNGrams(order=12), 12, "mixture-0-11"),
        (make_task("hmm:mess3"), 7, "mixture-0-5"),
    ],
)
def test_counters_go_one_letter_beyond_the_task_s_or_the_usual_context(task, counts, mixture):
    names = usual_references(task)
    assert [name for name in names if name[:3] == "kt-"] == [f"kt-{n}" for n in range(counts)]
    assert mixture in names


def test_the_best_mixture_beats_every_other():
    random = np.random.default_rng(0)
    known = random.dirichlet(np.ones(3), size=(5, 400))
    model = random.dirichlet(np.ones(3), size=400)
    best = best_mixture(model, known)
    assert best.weights.sum() == pytest.approx(1)
    assert (best.weights >= 0).all()
    for weights in random.dirichlet(np.ones(5), size=200):
        mixture = np.tensordot(weights, known, 1)
        bits = (model * np.log2(model / mixture)).sum(-1).mean()
        assert bits >= best.bits - best.slack - 1e-12


def test_what_even_weights_leave_to_be_won_is_said_in_bits(monkeypatch):
    """A model sure of one letter, to which two give 1/2 and 1/4: even weights 3/8, the best 1/2."""
    monkeypatch.setattr("ntmlab.optimal.nearest.MOST_ROUNDS", 1)
    known = np.array([[[0.5, 0.5]], [[0.25, 0.75]]])
    found = best_mixture(np.array([[1.0, 0.0]]), known)
    assert found.slack == pytest.approx(np.log2(1 / 0.375) - np.log2(1 / 0.5), rel=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_the_least_of_a_quadratic_is_that_of_all_sets_of_weights_above_0(seed):
    """Of rank below their number, so that weights on the way are blocked and let go again."""
    random = np.random.default_rng(seed)
    weights, rank = random.integers(5, 10), random.integers(2, 6)
    spread = np.abs(random.normal(size=(weights, rank))) if seed % 2 else 1.0
    each = random.normal(size=(weights, rank)) * spread
    curvature = each @ each.T
    slope = curvature @ random.random(weights) + each @ random.normal(size=rank)

    def value(y):
        return y @ curvature @ y / 2 - slope @ y

    found = least_quadratic(curvature, slope)
    assert (found >= 0).all()
    assert value(found) <= value(least_of_all_sets(curvature, slope)) + 1e-6 * value(found) ** 2


def least_of_all_sets(curvature, slope):
    """The y of at least 0 with the least yᵀHy / 2 − bᵀy: each set of numbers above 0 is tried."""
    best, least = np.zeros(len(slope)), 0.0
    for chosen in itertools.product([False, True], repeat=len(slope)):
        some = np.flatnonzero(chosen)
        part = np.ix_(some, some)
        if np.linalg.matrix_rank(curvature[part]) < len(some) or not len(some):
            continue
        y = np.zeros(len(slope))
        y[some] = np.linalg.solve(curvature[part], slope[some])
        if (y >= 0).all() and y @ curvature @ y / 2 - slope @ y < least:
            best, least = y, y @ curvature @ y / 2 - slope @ y
    return best


def test_certain_models_and_impossible_mixtures():
    certain = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = best_mixture(certain, np.array([certain, np.full((2, 2), 0.5)]))
    assert found.weights == pytest.approx([1, 0], abs=1e-6)
    with pytest.raises(InputError, match="impossible"):  # what two hold for certain is not all
        best_mixture(np.full((1, 2), 0.5), np.array([[[1.0, 0.0]], [[1.0, 0.0]]]))
    with pytest.raises(InputError, match="impossible"):
        best_mixture(certain, certain[None, ::-1])


def test_other_alphabets_and_sources():
    task = make_task("hmm:mess3", length=40)
    found = nearest(task, {"model": task.optimal()}, sequences=30)["model"]
    assert found.names[found.order[0]] == "optimal"
    assert found.weights[found.order[0]] == pytest.approx(1, abs=1e-3)


def test_the_picture_and_the_words():
    models = {f"{step}": mixed({"kt-0": 1 - step / 4, "kt-3": step / 4}) for step in (1, 2, 3)}
    found = nearest(TASK, models, sequences=40)
    axes = draw(found)
    assert [bar.get_text() for bar in axes["weights"].get_xticklabels()] == ["1", "2", "3"]
    assert {line.get_label() for line in axes["position"].containers} >= {"kt-0"}
    fillings = [bars.patches[0].get_hatch() for bars in axes["weights"].containers[:-1]]
    assert len(set(fillings)) == len(fillings)  # told without colour
    (legend,) = axes["weights"].get_figure(root=True).legends
    shown = [text.get_text() for text in legend.get_texts()]
    assert shown == [line.get_label() for line in axes["position"].containers]
    starts = {line.get_children()[0].get_markevery()[0] for line in axes["position"].containers}
    assert len(starts) > 1  # lines that coincide are told by markers at places of their own
    assert "75% optimal = kt-3 = window-100, 25% kt-0" in to_text(found)
    arrays = drawing(found).arrays
    assert arrays["weights"].shape == (3, len(found["1"].names))
    assert arrays["models"].tolist() == ["1", "2", "3"]
    assert arrays["names"].tolist() == found["3"].names
    mixture = dict(zip(arrays["names"], arrays["weights"][0], strict=True))
    assert mixture["kt-0"] == pytest.approx(0.75, abs=5e-3)


def test_what_has_no_estimators_is_refused():
    with pytest.raises(InputError, match="asks for answers"):
        usual_references(Copy())
    with pytest.raises(InputError, match="from 2 to"):
        nearest(TASK, {"model": named_predictor("coin")}, sequences=1)
    with pytest.raises(InputError, match="from 2 to"):
        nearest(TASK, {"model": named_predictor("coin")}, sequences=10**9)


def test_as_many_numbers_as_have_room_are_taken(monkeypatch):
    """Of a model and the references, letters and steps of every sequence."""
    monkeypatch.setattr(measure, "MOST_NUMBERS", 3 * 12 * 80 * 2)
    model, references = {"model": named_predictor("coin")}, ["coin", "kt-1"]
    assert nearest(TASK, model, references, sequences=12)["model"].bits[0] == 0
    with pytest.raises(InputError, match="from 2 to 12 here, not 13"):
        nearest(TASK, model, references, sequences=13)
    assert len(nearest(TASK, model, references, sequences=2)["model"].bits) == 2


def test_the_command_over_snapshots(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    model = "lstm:hidden_size=8,layers=1"
    task = "dynamic-ngrams:order=2,length=20"
    train = ["train", "--task", task, "--model", model, "--sequences", "640", "--snapshots", "2"]
    assert main([*train, "--out", "run"]) == 0
    capsys.readouterr()
    assert main(["nearest", "run", "--sequences", "20", "--json", "--out", "near.png"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert next(iter(said["models"])) == "0"  # before training
    assert list(said["models"])[-1] == "run"
    assert said["order"] == 2
    assert (tmp_path / "near.png").exists()
    assert (tmp_path / "near.npz").exists()


EACH = np.array([[0.9, 0.1], [0.1, 0.9]])
EVEN = np.array([0.5, 0.5])


def test_a_step_that_overshoots_is_halved():
    weights = np.array([0.3, 0.7])
    gains = EACH @ (EVEN / (weights @ EACH))
    found = _descend(weights, np.array([1.0, 0.0]), gains, EACH, EVEN)
    np.testing.assert_allclose(found, [0.65, 0.35])


def test_where_no_step_helps_the_gains_do():
    weights = np.array([0.3, 0.7])
    gains = EACH @ (EVEN / (weights @ EACH))
    found = _descend(weights, np.array([0.0, 1.0]), gains, EACH, EVEN)
    np.testing.assert_allclose(found, weights * gains / (weights * gains).sum())
    assert weights[0] < found[0] < 0.5
    larger = _descend(weights, np.array([0.0, 1.0]), 3 * gains, EACH, EVEN)
    np.testing.assert_allclose(larger, found)  # weights sum to 1


@pytest.mark.parametrize("seed", range(6))
def test_weights_are_found_again_among_predictors_that_are_nearly_certain(seed):
    random = np.random.default_rng(seed)
    known = random.dirichlet([0.02, 0.02, 0.02], size=(4, 50)) + 1e-12
    known /= known.sum(-1, keepdims=True)
    weights = random.dirichlet(np.full(4, 0.3))
    found = best_mixture(np.einsum("m,mnk->nk", weights, known), known)
    assert found.slack <= 1e-9
    np.testing.assert_allclose(found.weights, weights, atol=1e-4)
