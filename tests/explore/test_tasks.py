"""Whatever the task: the page is told what it is, and shows what the command line says of it."""

import numpy as np
import pytest

from ntmlab import InputError, compare, make_task
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.evaluation.scored import draw
from ntmlab.explore.answers import answer
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.pack import unpack
from ntmlab.explore.questions import answer_question, view_question
from ntmlab.explore.tasks import Known, asked, check_steps, describe
from ntmlab.explore.view import view
from ntmlab.models import NTM
from ntmlab.runs.weights import save_model
from ntmlab.sequences import next_symbol, symbols_of
from ntmlab.tasks import TASKS

THREE = "dynamic-ngrams:order=3,letters=3,length=60"
MESS3 = "hmm:mess3,length=60"
DIE = "homemade:Die:sides=5,length=40"
BITS = "hmm:golden-mean,length=60"


@pytest.fixture(scope="module")
def loaded(runs):
    """A run on three letters and one on a die, beside what the other tests have."""
    for name, task in (("three", THREE), ("die", DIE)):
        made = make_task(task) if name == "three" else None
        letters = made.letters if made else 5
        options = made.options() if made else {"sides": 5, "length": 40}
        (runs / name).mkdir(exist_ok=True)
        model = NTM(letters, letters, slots=8, controller_size=8)
        card = {"task": "dynamic-ngrams" if made else "homemade:Die", "task_options": options}
        save_model(model, runs / name / "model.safetensors", card)
    return runs


@pytest.fixture(scope="module")
def catalog(loaded):
    patch = pytest.MonkeyPatch()
    patch.chdir(loaded)
    yield Catalog(["three", "die", "homemade:gru", "homemade:half"], DIE)
    patch.undo()


def seen(catalog, **question):
    return unpack(view(catalog, view_question(question)))


@pytest.mark.parametrize("spec", [THREE, MESS3, DIE, BITS, "dynamic-ngrams:length=60"])
def test_strips_costs_and_arrows_are_those_of_a_comparison(catalog, spec):
    names = ["optimal", "kt-1", "oracle"]
    catalog._add(catalog._given("kt-1"))
    header, arrays = seen(catalog, task=spec, seed=3, models=names, arrows=3, window=[5, 35])
    task = make_task(spec)
    sequences = draw(task, 1, 3, 0, truth=True)
    expected = compare(sequences, {name: find_predictor(name, task) for name in names})
    symbols = symbols_of(sequences.targets, task.letters)
    np.testing.assert_array_equal(arrays["symbols"], symbols[0])
    for i, model in enumerate(header["models"]):
        name = model["name"]
        np.testing.assert_allclose(arrays["costs"][i], expected.cost(name)[0], rtol=1e-5)
        np.testing.assert_allclose(
            arrays["divergences"][i], expected.divergence(name)[0], atol=1e-5
        )
        p = expected.outputs.distribution(expected.probabilities[name])[0]
        came = p[np.arange(len(p)), symbols[0]] if task.letters > 2 else p[:, 1]
        np.testing.assert_allclose(arrays["probabilities"][i], came, atol=1e-6)
        if task.letters > 2:
            np.testing.assert_allclose(arrays["distributions"][i], p, atol=1e-6)
    assert header["models"][1]["arrows"] == expected.divergences("kt-1", 0, 3, slice(5, 35))
    assert header["models"][0]["arrows"] == header["models"][2]["arrows"] == []
    assert header["task"]["letters"] == task.letters
    assert ("contexts" in arrays) == spec.startswith("dynamic-ngrams")


SOURCES = [name for name in TASKS if make_task(name).letters is not None]


@pytest.mark.parametrize("spec", [*SOURCES, "dynamic-ngrams:letters=36,order=2", "hmm:even"])
def test_every_source_has_a_page(catalog, spec):
    known = {task["name"]: task for task in catalog.public()["tasks"]}
    told = known[spec.partition(":")[0]]
    header, arrays = seen(catalog, task=spec, seed=1, models=["optimal", "coin", "oracle"])
    assert header["reference"] == "optimal"
    assert not header["left_out"]
    assert {option["name"] for option in header["task"]["options"]} >= {"length"}
    assert "optimal" in told["first"]
    letters = header["letters"]
    np.testing.assert_allclose(arrays["costs"][1], np.log2(letters), rtol=1e-6)
    assert arrays["costs"][2].sum() < arrays["costs"][1].sum()


def test_counts_and_prior_give_the_optimum_of_three_letters(catalog):
    header, arrays = seen(catalog, task=THREE, seed=2, models=["optimal"])
    prior, counts = np.array(header["prior"]), arrays["counts"]
    known = arrays["contexts"] >= 0
    assert known.tolist() == [False] * 2 + [True] * 58
    posterior = (counts + prior) / (counts.sum(1, keepdims=True) + prior.sum())
    np.testing.assert_allclose(arrays["distributions"][0][known], posterior[known], rtol=1e-5)
    context = header["context_names"][int(arrays["contexts"][10])]
    assert context == header["symbols"][8:10]


def test_models_of_another_alphabet_are_left_out_and_say_why(catalog):
    header, _ = seen(catalog, task=THREE, seed=1, models=["ntm", "three", "lstm"], machine="ntm")
    assert [model["name"] for model in header["models"]] == ["three"]
    assert "1 inputs and 1 outputs, but here are 3 and 3" in header["left_out"]["ntm"]
    assert "machine" not in header
    assert "three" in header["task"]["fitting"]
    assert not {"ntm", "lstm", "die"} & set(header["task"]["fitting"])
    alone, _ = seen(catalog, task=THREE, seed=1, models=["ntm"])
    assert [model["name"] for model in alone["models"]] == ["optimal"]


def test_a_machine_of_three_letters_shows_its_memory_and_bears_changes(catalog):
    change = {"kind": "clear", "step": 20, "slots": [1]}
    question = {"task": THREE, "seed": 1, "models": ["optimal", "three"], "machine": "three"}
    header, arrays = seen(catalog, **question, changes=[change])
    assert [model["label"] for model in header["models"]][1:] == ["three", "three changed"]
    np.testing.assert_allclose(arrays["distributions"].sum(-1), 1, atol=1e-5)
    plain, changed = arrays["distributions"][1:]
    np.testing.assert_allclose(plain[:20], changed[:20], atol=1e-6)
    assert np.abs(plain[20:] - changed[20:]).max() > 1e-6
    assert arrays["memory"].shape == (2, 8, 20)


def test_the_oracle_knows_drawn_sequences_only(catalog):
    header, _ = seen(catalog, task=MESS3, symbols="0120", models=["optimal", "oracle"])
    assert [model["name"] for model in header["models"]] == ["optimal"]
    assert "drawn sequences only" in header["left_out"]["oracle"]
    silent = Catalog(["homemade:gru"], "homemade:Noise")
    header, _ = seen(silent, seed=1, models=["optimal", "oracle", "coin", "homemade:gru"])
    assert [model["name"] for model in header["models"]] == ["coin", "homemade:gru"]
    assert set(header["left_out"]) == {"optimal", "oracle"}
    assert header["reference"] is None


def test_a_factory_is_made_for_the_sizes_that_are_shown(catalog):
    for task, k in ((DIE, 5), (THREE, 3)):
        _, arrays = seen(catalog, task=task, seed=1, models=["optimal", "homemade:gru"])
        assert arrays["distributions"].shape[2] == k
    header, _ = seen(catalog, task=BITS, seed=1, models=["homemade:gru"])
    assert not header["left_out"]


def test_a_trained_model_of_ones_own_task_belongs_to_it(catalog):
    told = {task["name"]: task for task in catalog.public()["tasks"]}
    assert set(told) == {*TASKS, "homemade:Die"}
    assert catalog.start == "homemade:Die"
    die = told["homemade:Die"]
    assert die["about"] == "Throws of one loaded die."
    assert die["letters"] == 5
    assert {"optimal", "die", "homemade:gru", "oracle"} <= set(die["models"])
    assert die["first"] == ["optimal", "die", "homemade:gru", "homemade:half"]
    assert die["machine"] == "die"
    assert told["dynamic-ngrams"]["specification"].startswith("dynamic-ngrams:")  # three is given


def test_without_a_task_the_page_opens_on_that_of_the_first_model(loaded, monkeypatch):
    monkeypatch.chdir(loaded)
    assert Catalog([]).start == "dynamic-ngrams"
    catalog = Catalog(["die", "three"])
    assert catalog.start == "homemade:Die"
    assert catalog.first.options() == {"sides": 5, "length": 40}
    assert Catalog(["three"]).first.letters == 3


def test_code_that_a_card_names_must_be_trusted(loaded, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="NTMLAB_TRUST"):
        Catalog([str(loaded / "die")])


def test_options_have_bounds_and_values():
    told = describe("dynamic-ngrams", make_task(THREE))
    options = {option["name"]: option for option in told["options"]}
    assert list(options) == ["length", "order", "prior", "letters"]
    assert (options["order"]["least"], options["order"]["most"]) == (1, 17)
    assert (options["letters"]["value"], options["length"]["value"]) == (3, 60)
    assert options["prior"]["value"] == [0.5, 0.5, 0.5]
    hmm = {option["name"]: option for option in describe("hmm", make_task("hmm"))["options"]}
    assert hmm["process"]["value"] == "mess3"
    assert "rrxor" in hmm["process"]["words"]
    assert hmm["x"]["kind"] == "number"
    copy = describe("copy", make_task("copy"))
    size = {"name": "length", "least": 1, "first": 20, "most": 120, "trained": "max_length"}
    assert copy["sizes"] == [size]


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("hmm:file=/etc/passwd", "file must be a number"),
        ("os:system", "unknown task 'os:system'"),
        ("homemade:Noise", "unknown task 'homemade:Noise'"),
        ("homemade:Die:sides=oops", "sides must be a number"),
        ("homemade:Die:length=1e9", "length must be"),
        ("homemade:Die:faces=3", "faces"),
        ("dynamic-ngrams:order=18", "order must be from 1 to 17"),
        ("dynamic-ngrams:ordre=3", "did you mean 'order'"),
        ("dynamic-ngrams:prior=[[[0]]]", "prior must be a number"),
        ("dynamic-ngrams:letters=36,length=9999,order=2", "at most 2777 steps of 36 letters"),
        ("hmm:process=mess4", "did you mean 'mess3'"),
        ("copy", "asks for answers"),
        ("[" * 900, "task"),
    ],
)
def test_tasks_that_a_page_may_not_ask_for(catalog, task, message):
    with pytest.raises(InputError, match=message):
        seen(catalog, task=task, seed=1)


@pytest.mark.parametrize(
    ("symbols", "message"),
    [("0123", "'3' at character 4"), ("", "1 to"), ("0" * 33_334, "at most")],
)
def test_letters_that_are_none(catalog, symbols, message):
    with pytest.raises(InputError, match=message):
        seen(catalog, task=THREE, symbols=symbols)


@pytest.mark.parametrize("name", ["copy", "sort", "repeat-copy", "recall"])
def test_tasks_with_answers_open_on_a_machine(catalog, name):
    told = {task["name"]: task for task in catalog.public()["tasks"]}[name]
    first = told["first"][0]
    header, arrays = unpack(answer(catalog, answer_question({"task": name, "model": first})))
    assert first == f"{name}-ntm"
    assert header["machine"]["name"] == first
    assert "memory" in arrays


def test_letters_are_cycled_through_as_the_server_reads_them(catalog):
    """A sequence drawn and the same typed are answered alike, whatever the alphabet."""
    for task in (THREE, DIE, "dynamic-ngrams:letters=12,order=2,length=30"):
        header, arrays = seen(catalog, task=task, seed=4)
        again, same = seen(catalog, task=task, symbols=header["symbols"])
        assert again["symbols"] == header["symbols"]
        np.testing.assert_array_equal(arrays["costs"], same["costs"])
    symbols = arrays["symbols"].astype(int)[None]
    expected = make_task(task).optimal()(next_symbol(symbols, 12).inputs)[0]
    np.testing.assert_allclose(arrays["distributions"][0], expected, atol=1e-6)


def test_what_looks_ahead_has_no_row_unasked(loaded, monkeypatch):
    monkeypatch.chdir(loaded)
    question = {"task": "dynamic-ngrams", "seed": 1, "models": ["optimal", "homemade:peeking"]}
    header, _ = seen(Catalog(["homemade:peeking"]), **question)
    assert [model["name"] for model in header["models"]] == ["optimal"]
    assert "looks ahead: what it says at step" in header["left_out"]["homemade:peeking"]
    header, _ = seen(Catalog(["homemade:peeking"], unchecked=True), **question)
    assert header["models"][1]["label"] == "homemade:peeking (looks ahead)"


@pytest.mark.parametrize(
    ("option", "ends", "beyond"),
    [
        ("length", ("1", "10000"), ("0", "10001")),
        ("letters", ("2", "256"), ("1", "257")),
        ("order", ("1", "17"), ("0", "18")),
        ("prior", ("0.001", "1000000"), ("1000000.1", "-1000000.1")),
    ],
)
def test_the_ends_of_every_option_may_be_set(option, ends, beyond):
    known = {"dynamic-ngrams": Known("dynamic-ngrams", {})}
    begin = "dynamic-ngrams:" + ("" if option == "order" else "order=1,")
    for value in ends:
        task = asked(known, f"{begin}{option}={value}")[1]
        assert np.ravel(getattr(task, option))[0] == float(value)
    for value in beyond:
        with pytest.raises(InputError, match=f"{option} must be (from|a number of at most 1e.06)"):
            asked(known, f"{begin}{option}={value}")


def test_as_many_steps_are_shown_as_their_letters_leave_room_for():
    for letters, most in ((2, 10_000), (10, 10_000), (11, 9090), (36, 2777), (256, 390)):
        check_steps(most, letters)
        with pytest.raises(InputError, match=f"at most {most} steps of {letters} letters"):
            check_steps(most + 1, letters)


@pytest.mark.parametrize(
    ("letters", "prior", "told"),
    [
        (4, 0.5, [0.5] * 4),  # a field for each
        (4, (1.0, 2.0, 3.0, 4.0), [1, 2, 3, 4]),
        (5, 0.5, 0.5),  # one for all
        (5, (1.0, 2.0, 3.0, 4.0, 5.0), None),
    ],
)
def test_lists_of_up_to_four_numbers_have_a_field_each(letters, prior, told):
    task = make_task("dynamic-ngrams", letters=letters, order=2, prior=prior)
    options = {one["name"]: one["value"] for one in describe("dynamic-ngrams", task)["options"]}
    assert options.get("prior") == told
