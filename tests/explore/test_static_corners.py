"""What the page without a server says of what its usual questions do not reach, beside Python."""

import base64
import json
import re
import struct

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from ntmlab import LSTM, NTM, InputError
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.pack import unpack
from ntmlab.explore.questions import view_question
from ntmlab.explore.static_page import write_static
from ntmlab.explore.view import view
from ntmlab.explore.wasm import BUILT
from ntmlab.runs.weights import digest, save_model
from tests.explore.conftest import served, watched
from tests.explore.local import asked, check_arrays, check_refused, on_view

pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="needs kernels.wasm: make wasm")

BITS = "0110100110010110" * 4


@pytest.mark.parametrize(
    "question",
    [
        {"symbols": BITS, "models": ["optimal", "oracle", "entropy", "kt-2"]},
        {"symbols": BITS, "models": ["oracle"]},
        {"seed": 0, "models": ["ntm", "kt-2"]},
        {"seed": 0, "models": ["optimal", "noise-0.001-5"], "arrows": 20},
        {"seed": 0, "models": ["optimal", "kt-2"], "arrows": 20, "window": [50, 120]},
        {"symbols": BITS, "models": ["optimal", "kt-2"], "arrows": 5, "window": [40, 90]},
        {"seed": 0, "models": ["optimal", "ctw-17", "kt-16"], "task": "dynamic-ngrams:letters=3"},
        {"seed": 0, "models": ["optimal", "ctw-17", "kt-16"], "task": "dynamic-ngrams:length=30"},
        {"seed": 0, "models": ["optimal", "kt-7", "ctw-3"], "task": "change-points:letters=5"},
    ],
)
def test_what_is_shown_is_what_the_server_shows(local, catalog, question):
    on_view(catalog, local, **question)


FURTHER = [
    "hmm:golden-mean",
    "hmm:length=30,process=rrxor",
    "hmm:mess3,x=1e-45",
    "change-points:hazard=0.3,prior=1e-150",
    "change-points:hazard=0.3,prior=1e-101",
    "lags:letters=3,prior=1e-110",
    "change-points:hazard=1.0",
    "change-points:hazard=0.0",
    "change-points:letters=256,length=8",
    "change-points:letters=4,prior=1/2/3/4",
    "change-points:letters=6,prior=2.0/2.0/2.0/2.0/2.0/2.0",
    "change-points:letters=6,prior=2.0/2.0/2.0/2.0/2.0/1.0",
    "dynamic-ngrams:order=17,length=20",
    "dynamic-ngrams:prior=0.3/2.5",
    "context-trees:depth=2,split=1",
    "hmm:mess3,x=0.25,a=1",
    "coins:biases=0.2/0.9",
    "coins:biases=1/0.5",
    "lags:length=6000,prior=50.0",
]


@pytest.mark.parametrize("task", FURTHER)
def test_further_forms_of_sources(local, catalog, task):
    models = ["optimal", "oracle", "entropy", "padded-1", "padded-3"]
    on_view(catalog, local, task=task, seed=1, models=models)


@pytest.mark.parametrize(
    ("task", "symbols"),
    [
        ("hmm:golden-mean", "0110111100"),
        ("hmm:golden-mean", "1111"),
        ("coins:biases=0.0/0.0", "0110"),
        ("coins:biases=1.0/0.5", "1101"),
        ("coins:biases=1.0/1.0", "1101"),
    ],
)
@pytest.mark.filterwarnings("ignore:the optimum of this comparison:ntmlab.errors.Remark")
def test_what_is_impossible_teaches_nothing(local, catalog, task, symbols):
    on_view(catalog, local, task=task, symbols=symbols, models=["optimal"])


def test_letters_of_context_where_a_name_has_none_are_as_many_as_python_takes(local, catalog):
    for letters in (5, 6, 9):
        task = f"change-points:letters={letters}"
        on_view(catalog, local, task=task, seed=0, models=["optimal", "padded"])


@pytest.mark.parametrize(
    "question",
    [
        {"changes": [{"kind": "clear", "step": 3, "slots": [1]}]},
        {"task": "hmm:mess3", "machine": "ntm"},
        {"task": "change-points:prior=10000000"},
        {"task": "change-points:prior=0"},
        {"task": "change-points:prior=1e-301"},
        {"task": "change-points:prior=1/2/3"},
        {"task": "change-points:letters=100,length=9999"},
        {"task": "dynamic-ngrams:letters=3,order=12"},
        {"task": "context-trees:depth=17"},
        {"task": "context-trees:letters=3,depth=11"},
        {"task": "hmm:rrxor,x=0.1"},
        {"task": "hmm:mess3,x=0"},
        {"task": "coins:m=3,biases=0.1/0.2"},
        {"task": "coins:biases=0.5/2"},
        {"task": "lags:letters=65,most=1024"},
        {"task": "change-points:3"},
        {"task": "dynamic-ngrams:order"},
        {"task": "dynamic-ngrams:order=3,order=4"},
        {"task": "dynamic-ngrams:order=3,,length=5"},
        {"task": "dynamic-ngrams:order=3,length="},
        {"task": "dynamic-ngrams:letters=3,prior=0.5/0.5"},
        {"task": "hmm:mess3,process=rrxor"},
        {"machine": "ntm", "changes": [{"kind": "clear", "step": 200, "slots": [1]}]},
    ],
)
def test_what_is_refused(local, catalog, question):
    check_refused(catalog, local, "view", {"seed": 0, "models": ["optimal"], **question})


@pytest.mark.parametrize(
    "question",
    [
        {"task": "hmm:nothing"},
        {"task": "nothing"},
        {"task": "dynamic-ngrams:orders=3"},
        {"models": ["small@7"]},
        {"models": ["kt-9"]},
    ],
)
def test_unknown_names_are_said_without_the_nearest(local, catalog, question):
    question = {"seed": 0, "models": ["optimal"], **question}
    with pytest.raises(InputError) as known:
        view(catalog, view_question(question))
    with pytest.raises(InputError) as own:
        asked(local, "view", question)
    there, here = str(known.value), str(own.value)
    there = re.sub(r"; did you mean [^?]*\?", "", there).replace(" package.module:factory,", "")
    assert here == there


@pytest.mark.parametrize(
    "task",
    [
        "mixture:of=coins:m=3+hmm:golden-mean+dynamic-ngrams:order=2;prior=1,weights=0.7/0.2/0.1",
        "change-points:prior=10000000",  # more than a page may ask for otherwise
    ],
)
def test_a_task_that_the_page_opens_on_is_python_s(browser, tmp_path, task):
    write_static(tmp_path / "page", task=task)
    with served(tmp_path / "page") as address, watched(browser, address) as page:
        page.goto(f"{address}#models=optimal")
        page.wait_for_selector("body[data-drawn]")
        for seed in range(6):
            on_view(Catalog(task=task), page, seed=seed, models=["optimal", "oracle"])


@pytest.mark.filterwarnings("ignore:the optimum of this comparison:ntmlab.errors.Remark")
def test_a_belief_that_had_vanished_comes_back(browser, tmp_path):
    """Two dice that never turn into each other: after 400 of a letter one has 1e-381."""
    both = {"transition": [[1, 0], [0, 1]], "emission": [[0.9, 0.1, 0], [0.1, 0.9, 0]]}
    (tmp_path / "dice.json").write_text(json.dumps(both | {"start": [0.5, 0.5]}))
    task = f"hmm:file={tmp_path}/dice.json"
    write_static(tmp_path / "page", task=task)
    with served(tmp_path / "page") as address, watched(browser, address) as page:
        page.goto(f"{address}#models=optimal")
        page.wait_for_selector("body[data-drawn]")
        for symbols in ("0" * 400 + "1" * 420, "0" * 400 + "2" + "1" * 420, "012"):
            _, arrays = on_view(Catalog(task=task), page, symbols=symbols, models=["optimal"])
        assert arrays["distributions"].shape == (1, 3, 3)


@pytest.mark.parametrize(
    "question",
    [
        {"model": "recall-ntm", "sizes": {"items": 1}},
        {"model": "copy-ntm", "sizes": {"length": 5000}},
        {"model": "repeat-copy-ntm", "sizes": {"length": 3333, "repeats": 2}},
        {"model": "recall-ntm", "sizes": {"items": 2499}},
        {"model": "copy-ntm", "sizes": {"items": 3}},
        {"model": "sort-ntm", "sizes": {"length": 3}},
        {"model": "copy-ntm", "task": "recall"},
        {"model": "ntm"},
        {"model": "kt-4"},
        {"model": "kt-4", "task": "copy"},
    ],
)
def test_answers_that_are_refused(local, catalog, question):
    check_refused(catalog, local, "answer", {"seed": 0, "sizes": {}, **question})


def test_a_sequence_that_goes_on_or_ends_before_says_what_a_new_one_does(local, catalog):
    """Sequences of one beginning and several lengths, and changes in any order."""
    clear = {"kind": "clear", "step": 20, "slots": [5]}
    swap = {"kind": "swap", "step": 8, "slots": [1, 5]}
    question = {"models": ["optimal", "ntm", "ntm-lstm", "lstm"], "machine": "ntm"}
    for steps in (40, 24, 60, 25, 1, 33):
        on_view(catalog, local, **question, symbols=BITS[:steps], changes=[])
        if steps > 20:
            for changes in ([clear, swap], [swap], [swap, clear]):
                on_view(catalog, local, **question, symbols=BITS[:steps], changes=changes)


TAKE = """async (files) => {
  const { LocalPredictors } = await import(new URL("static/local.js", document.baseURI));
  window.own ??= new LocalPredictors();
  const file = ([name, text]) =>
    new File([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))], name);
  try {
    return { name: (await own.take(files.map(file))).names.at(-1) };
  } catch (error) {
    return { refused: error.message };
  }
}"""


def take(page, path):
    """What the page calls the model of a weights file and its card, or why it refused them."""
    every = [path, path.with_suffix(".json")]
    return page.evaluate(TAKE, [[p.name, base64.b64encode(p.read_bytes()).decode()] for p in every])


def take_whole(page, path):
    """What the page calls the model of a weights file and its card."""
    found = take(page, path)
    assert "refused" not in found, found
    return found["name"]


def seeded(kind, *sizes, **options):
    """A model none of whose weights is 0, as biases are at first."""
    torch.manual_seed(3)
    model = kind(*sizes, **options)
    with torch.no_grad():
        for weights in model.parameters():
            weights += 0.2 * torch.randn_like(weights)
    return model


CARD = {"task": "dynamic-ngrams", "seed": 0}
SMALL = {"slots": 6, "slot_width": 3, "controller_size": 5}
MACHINES = {
    "constant": {"memory_start": "constant", "memory_scale": 0.3},
    "usual-constant": {"memory_start": "constant"},
    "rectified": {"activation": "relu", "gain": 3.0},
    "reads": {"output_reads": True, "read_heads": 2},
    "layers": {"controller": "lstm", "controller_layers": 2, "write_heads": 2},
    "shifts": {"shift_range": 2},
    "still": {"shift_range": 0},
}


def check_own(page, path, **question):
    """A file of weights in the page and in Python, on the same question."""
    name = take_whole(page, path)
    question = {"symbols": BITS, "models": [name], **question}
    known = unpack(view(Catalog([str(path)]), view_question(question | {"models": [path.stem]})))
    own = asked(page, "view", question)
    check_arrays(own[1], known[1])
    return own


@pytest.mark.parametrize("form", MACHINES)
def test_machines_of_every_form_say_the_same(local, tmp_path, form):
    path = tmp_path / f"{form}.safetensors"
    save_model(seeded(NTM, 1, 1, **SMALL, **MACHINES[form]), path, CARD)
    freeze = {"kind": "freeze", "step": 12, "slots": []}
    for changes in ([], [freeze]):
        own = check_own(local, path, machine=form, changes=changes)
    assert own[1]["memory"].shape == (2, 6, 3)


def test_logits_beyond_what_a_float_holds_are_cut_as_python_cuts_them(local, tmp_path):
    for outputs, biases in {
        1: [[50.0], [-50.0], [float("inf")]],
        3: [[60.0, 0.0, -60.0], [float("inf"), 0.0, 1.0], [-float("inf"), 3e38, -3e38]],
    }.items():
        task = "dynamic-ngrams" if outputs == 1 else "dynamic-ngrams:letters=3,order=3"
        for number, bias in enumerate(biases):
            model = seeded(LSTM, outputs, outputs, hidden_size=3, layers=1)
            with torch.no_grad():
                model.output_bias.copy_(torch.tensor(bias))
            path = tmp_path / f"large-{outputs}-{number}.safetensors"
            save_model(model, path, CARD)
            symbols = "0120" if outputs == 3 else "0110"
            check_own(local, path, task=task, symbols=symbols)


def test_no_numbers_are_an_error(local, tmp_path):
    model = seeded(LSTM, 1, 1, hidden_size=3, layers=1)
    with torch.no_grad():
        model.output_bias.fill_(float("nan"))
    path = tmp_path / "none.safetensors"
    save_model(model, path, CARD)
    name = take_whole(local, path)
    with pytest.raises(Exception, match="a model returned logits that are not numbers"):
        asked(local, "view", {"symbols": BITS, "models": [name]})


def test_half_precision_is_read_down_to_its_smallest_numbers(local, tmp_path):
    model = seeded(LSTM, 1, 1, hidden_size=3, layers=1)
    halves = {k: np.zeros(v.shape, np.float16) for k, v in model.state_dict().items()}
    halves["input_weights"] += np.float16(4e-5)  # below all of usual precision, and alone heard
    halves["output_weights"] += np.float16(2e4)
    path = tmp_path / "half.safetensors"
    content = save(halves)
    path.write_bytes(content)
    card = {"format": "ntmlab-weights-1", "model": "lstm", "options": model.options(), **CARD}
    path.with_suffix(".json").write_text(json.dumps(card | {"sha256": digest(content)}))
    _, arrays = check_own(local, path)
    assert np.ptp(arrays["probabilities"]) > 0.01


def test_a_task_s_options_in_training_come_with_own_weights(local, catalog, tmp_path):
    path = tmp_path / "narrow,copy@2.safetensors"
    options = {"width": 4, "min_length": 2, "max_length": 3}
    card = {"task": "copy", "task_options": options, "seed": 0}
    save_model(seeded(NTM, 5, 4, **SMALL), path, card)
    name = take_whole(local, path)
    assert name == "narrow-copy-2"
    header, arrays = asked(local, "answer", {"model": name, "seed": 0, "sizes": {"length": 3}})
    assert header["steps"] == 7
    assert arrays["targets"].shape == (7, 4)


def changed_card(card, **changes):
    return {key: value for key, value in {**card, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"model": "gru"},
            "the card of other.safetensors: a model of kind gru needs Python; here are ntm and "
            "lstm",
        ),
        ({"task": None}, "the card of other.safetensors names no task or no options"),
        (
            {"task": "mine"},
            "the card of other.safetensors names the task mine, which this page does not know",
        ),
        (
            {"options": {"input_size": 1, "output_size": 1, "hidden_size": 4, "layers": 1}},
            "other.safetensors does not hold the weights its card names; wrong: bias",
        ),
    ],
)
def test_cards_of_others_are_refused(local, tmp_path, changes, words):
    path = tmp_path / "other.safetensors"
    save_model(seeded(LSTM, 1, 1, hidden_size=3, layers=1), path, CARD)
    card = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps(changed_card(card, **changes)))
    assert take(local, path) == {"refused": words}


def file_of(header, data=b""):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"1234567", "it is too short"),
        (struct.pack("<Q", 50) + b"{}", "its header is too large"),
        (struct.pack("<Q", 2) + b"{]", "its header is no JSON"),
        (
            file_of({"a": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}}, bytes(2)),
            "a is of type BF16, not F32 or F16",
        ),
        (
            file_of({"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 6]}}, bytes(6)),
            "a has no shape",
        ),
        (
            file_of({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, bytes(8)),
            "a lies outside of the file",
        ),
        (
            file_of({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, bytes(4)),
            "a lies outside of the file",
        ),
        (
            file_of({"a": {"dtype": "F32", "shape": [2], "data_offsets": [-4, 4]}}, bytes(8)),
            "a lies outside of the file",
        ),
    ],
)
def test_files_that_are_none_are_refused(local, tmp_path, content, why):
    path = tmp_path / "odd.safetensors"
    path.write_bytes(content)
    card = {"format": "ntmlab-weights-1", "model": "lstm", "options": {}, **CARD}
    path.with_suffix(".json").write_text(json.dumps(card))
    why = f"odd.safetensors is not a readable safetensors file: {why}"
    assert take(local, path) == {"refused": why}
