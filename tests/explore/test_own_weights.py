"""A user's own weights in the page without a server: what it makes of them, and what it refuses."""

import base64
import json
import struct

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from ntmlab import LSTM, NTM
from ntmlab.explore.catalog import Catalog
from ntmlab.explore.pack import unpack
from ntmlab.explore.questions import view_question
from ntmlab.explore.view import view
from ntmlab.explore.wasm import BUILT
from ntmlab.runs.weights import digest, save_model
from tests.explore.local import asked, check_arrays

pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="needs kernels.wasm: make wasm")

BITS = "0110100110010110" * 4
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
