"""What the server answers is what the command line and the figure say of the same sequence."""

import numpy as np
import pytest

from ntmlab import DynamicNGrams, InputError, compare, load_model
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.wrong import count_wrong
from ntmlab.explore.answers import answer, sized_task
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.pack import unpack
from ntmlab.explore.questions import answer_question, view_question
from ntmlab.explore.view import view
from ntmlab.figures import strip_arrays
from ntmlab.models import ModulePredictor
from ntmlab.optimal import visits
from ntmlab.weights import shipped


@pytest.fixture(scope="module")
def catalog(runs):
    patch = pytest.MonkeyPatch()
    patch.chdir(runs)
    yield Catalog(["small", "copier", "homemade:half", "kt-2"])
    patch.undo()


NAMES = ["optimal", "ntm", "lstm"]


@pytest.mark.parametrize("window", [None, [30, 90]])
@pytest.mark.parametrize("machine", [None, "ntm"])
def test_predictions_costs_and_arrows_are_those_of_the_figure(catalog, window, machine):
    names = [*NAMES, "kt-2"]  # which departs clearly, however well the others are trained
    question = {"task": "dynamic-ngrams:length=120", "seed": 14, "models": names, "arrows": 3}
    header, arrays = unpack(
        view(catalog, view_question(question | {"window": window, "machine": machine}))
    )
    task = DynamicNGrams(length=120)
    sequences = task.sample(1, 14)
    expected = compare(sequences, {name: find_predictor(name, task) for name in names})
    shown = strip_arrays(expected, 0, window=window and tuple(window), arrows=3)
    assert header["symbols"] == "".join(f"{b:.0f}" for b in sequences.targets.flatten())
    assert [model["name"] for model in header["models"]] == names
    for i, model in enumerate(header["models"]):
        name = model["name"]
        assert model["arrows"] == shown[f"arrows/{name}"].tolist()
        np.testing.assert_allclose(
            arrays["probabilities"][i], expected.probabilities[name][0, :, 0], atol=1e-6
        )
        np.testing.assert_allclose(arrays["costs"][i], expected.cost(name)[0], rtol=1e-5)
        np.testing.assert_allclose(
            arrays["divergences"][i], expected.divergence(name)[0], atol=1e-6
        )
        assert model["bits"] == pytest.approx(float(expected.cost(name).sum()), abs=1e-4)
    assert any(model["arrows"] for model in header["models"])


@pytest.mark.parametrize(("order", "prior"), [(1, [0.5, 0.5]), (3, [1, 2]), (6, [0.5, 0.5])])
def test_counts_are_those_behind_the_optimum(catalog, order, prior):
    task = f"dynamic-ngrams:length=90,order={order},prior={prior[0]}/{prior[1]}"
    question = {"task": task, "seed": 2}
    header, arrays = unpack(view(catalog, view_question(question)))
    zeros, ones = arrays["counts"].T
    assert header["prior"] == prior[::-1]
    known = np.arange(90) >= order - 1
    posterior = (ones + prior[0]) / (ones + zeros + sum(prior))
    np.testing.assert_allclose(arrays["probabilities"][0][known], posterior[known], rtol=1e-6)
    seen = visits(np.array([[int(bit) for bit in header["symbols"]]]), order - 1)[0]
    np.testing.assert_array_equal((ones + zeros)[known], seen[known])


def test_a_factory_a_run_and_a_snapshot_are_predictors_like_others(catalog, runs):
    names = ["homemade:half", "small", "small@160", "kt-2"]
    header, arrays = unpack(view(catalog, view_question({"symbols": "011010011", "models": names})))
    assert header["reference"] is None
    assert "divergences" not in arrays
    sequences = DynamicNGrams(length=9).sample(1, 0)
    inputs = sequences.inputs.clone()
    inputs[0, 1:, 0] = inputs.new_tensor([0, 1, 1, 0, 1, 0, 0, 1])
    np.testing.assert_array_equal(arrays["probabilities"][0], np.full(9, 0.5))
    for row, path in ((1, runs / "small"), (2, runs / "small/snapshots/160.safetensors")):
        expected = ModulePredictor(load_model(str(path)))(inputs)[0, :, 0]
        np.testing.assert_allclose(arrays["probabilities"][row], expected, atol=1e-6)
    assert not np.allclose(arrays["probabilities"][1], arrays["probabilities"][2])


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("broken", "predictor homemade:broken failed: RuntimeError"),
        ("shapeless", "predictor homemade:shapeless returned shape"),
        ("nonsense", "predictor homemade:nonsense returned no probabilities: 1.5 at step 0"),
    ],
)
def test_a_factory_that_fails_is_named(runs, monkeypatch, factory, message):
    monkeypatch.chdir(runs)
    name = f"homemade:{factory}"
    with pytest.raises(InputError, match=message) as error:
        view(Catalog([name]), view_question({"symbols": "0101", "models": [name]}))
    assert "\n" not in str(error.value)


def test_a_changed_machine_stands_beside_the_unchanged_one(catalog):
    change = {"kind": "freeze", "step": 20}
    task = "dynamic-ngrams:length=60"
    question = {"task": task, "seed": 1, "models": NAMES, "machine": "ntm"}
    header, arrays = unpack(view(catalog, view_question(question | {"changes": [change]})))
    assert [model["label"] for model in header["models"]][-1] == "NTM changed"
    ntm, changed = arrays["probabilities"][1], arrays["probabilities"][3]
    np.testing.assert_allclose(ntm[:20], changed[:20], atol=1e-6)
    assert np.abs(ntm[20:] - changed[20:]).max() > 0.01
    assert (arrays["erases"][20:] == 0).all()
    assert (arrays["adds"][20:] == 0).all()
    assert header["machine"]["starts"] == [0, 20]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"models": ["nmt"]}, "did you mean 'ntm'"),
        ({"models": ["../../etc/passwd"]}, "unknown model"),
        ({"models": ["small@7"]}, "unknown snapshot of small"),
        ({"models": ["copier"]}, "is for task copy"),
        ({"machine": "lstm"}, "no NTM"),
        ({"machine": "optimal"}, "no NTM"),
        ({"machine": "copier"}, "one by one"),
        ({"changes": [{"kind": "freeze", "step": 1}]}, "need a machine"),
        ({"machine": "ntm", "changes": [{"kind": "freeze", "step": 50}]}, "no step 50"),
        ({"machine": "ntm", "changes": [{"kind": "clear", "step": 1, "slots": [128]}]}, "no slot"),
    ],
)
def test_what_cannot_be_answered_says_why(catalog, question, message):
    with pytest.raises(InputError, match=message):
        view(catalog, view_question({"symbols": "0101", **question}))


def test_answers_are_those_of_the_evaluation(catalog):
    question = answer_question({"model": "copier", "seed": 5, "sizes": {"length": 30}})
    header, arrays = unpack(answer(catalog, question))
    name, task = sized_task(catalog, catalog["copier"], question)
    drawn = task.sample(1, 5)
    p = catalog.predictor("copier", name, task)(drawn.inputs).numpy()
    wrong, bits, *_ = count_wrong(p, drawn.targets.numpy(), drawn.mask.numpy(), 0)[:, 0]
    assert (header["wrong"], header["bits"]) == (wrong, bits)
    assert arrays["wrong_bits"].sum() == wrong
    np.testing.assert_allclose(arrays["outputs"], p[0], atol=1e-6)
    assert arrays["read_weightings"].shape == (61, 2, 16)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"model": "ntm"}, "has no answers"),
        ({"model": "copier", "sizes": {"items": 3}}, "copy has no size items"),
        ({"model": "copier", "sizes": {"length": 9999}}, "at most 10000"),
        ({"model": "sorter"}, "unknown model"),
    ],
)
def test_answers_that_cannot_be_given_say_why(catalog, question, message):
    with pytest.raises(InputError, match=message):
        answer(catalog, answer_question(question))


def test_the_catalog_tells_names_and_no_paths(catalog, runs):
    told = str(catalog.public())
    assert str(runs) not in told
    assert {"small", "copier", "homemade:half", "kt-2"} <= set(catalog.entries)
    models = {model["name"]: model for model in catalog.public()["models"]}
    assert models["small"]["snapshots"] == [0, 160, 320, 480]
    assert models["small"]["given"]
    tasks = [model["task"] for model in models.values()]
    assert len(tasks) >= len(shipped()) + 7


def test_a_name_taken_twice_gets_a_number(runs):
    catalog = Catalog([str(runs / "small"), str(runs / "small" / "model.safetensors")])
    assert {"small", "model"} <= set(catalog.entries)
    again = Catalog([str(runs / "small"), f"{runs}/copier/../small"])
    assert {"small", "small-2"} <= set(again.entries)
