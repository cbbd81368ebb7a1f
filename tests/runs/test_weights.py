"""Weights on disk: round trips, and everything that can be wrong with a file."""

import hashlib
import json

import pytest
import torch
from safetensors.torch import save, save_file

from ntmlab import LSTM, NTM, InputError, load_model
from ntmlab.weights import ALIASES, load_weights, read_card, save_model, shipped

CARD = {"task": "dynamic-ngrams", "seed": 0, "sequences": 1, "commit": None}


@pytest.fixture
def saved(tmp_path):
    """A small model on disk."""
    torch.manual_seed(0)
    model = NTM(1, 1, slots=4, slot_width=2, controller_size=3)
    path = tmp_path / "model.safetensors"
    save_model(model, path, CARD)
    return model, path


@pytest.mark.parametrize(
    "model",
    [
        NTM(2, 3, slots=4, slot_width=2, controller_size=3, read_heads=2, output_reads=True),
        NTM(1, 1, slots=4, slot_width=2, controller_size=3, controller="lstm", controller_layers=2),
        LSTM(1, 2, hidden_size=3, layers=2),
    ],
    ids=["ntm", "ntm-lstm", "lstm"],
)
def test_round_trip(model, tmp_path):
    path = tmp_path / "m.safetensors"
    save_model(model, path, CARD)
    again = load_model(str(path))
    x = torch.randn(2, 5, model.input_size)
    assert torch.equal(again(x)[0], model(x)[0])
    assert not again.training
    again(x)[0].sum().backward()  # still trainable
    assert read_card(path)["options"] == model.options()


def test_half_precision_on_disk_is_single_precision_in_use(saved):
    model, path = saved
    save_model(model.half(), path, CARD)
    again = load_model(str(path))
    assert {p.dtype for p in again.parameters()} == {torch.float32}
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value.float())


def test_run_folder_loads(saved):
    model, path = saved
    assert torch.equal(load_model(str(path.parent)).head_bias, model.head_bias)


def refused(path, message):
    with pytest.raises(InputError, match=message) as info:
        load_model(str(path))
    assert "\n" not in str(info.value)


def test_damaged_files_are_refused(saved):
    _, path = saved
    good = path.read_bytes()
    for damaged in (b"", b"\0" * 8, good[:20], good[:-4], b"PK\x03\x04 pickle", b"\xff" * 64):
        path.write_bytes(damaged)
        refused(path, "not a readable safetensors file")
    path.unlink()
    refused(path, "there is no weights file")
    path.with_suffix(".json").unlink()
    refused(path, "there is no weights file .*model.safetensors$")


def test_foreign_weights_are_refused(saved):
    _, path = saved
    save_file({"weight": torch.zeros(3)}, path)
    refused(path, "its digest is another")
    card = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps({**card, "sha256": None}))
    refused(path, "does not hold the weights its card names")


def test_cards_that_do_not_fit_are_refused(saved):
    _, path = saved
    card_path = path.with_suffix(".json")
    card = json.loads(card_path.read_text())

    def with_card(**changes):
        card_path.write_text(json.dumps({**card, **changes}))

    with_card(options={**card["options"], "slots": 5})
    refused(path, "does not hold the weights")
    with_card(options={**card["options"], "slots": 10**12})  # claims no memory
    refused(path, "slots must be at most")
    with_card(options={**card["options"], "slots": 10**7, "controller_size": 10**7})
    refused(path, "does not hold the weights")
    with_card(options={**card["options"], "colour": "red"})
    refused(path, "colour")
    with_card(model="perceptron")
    refused(path, "unknown model kind")
    with_card(format="other")
    refused(path, "not a card")
    with_card(options=None)
    refused(path, "does not say which model")
    card_path.write_text("{")
    refused(path, "damaged")
    card_path.unlink()
    refused(path, "no card")


def test_unknown_names_name_the_nearest(tmp_path):
    refused("lstmm", "did you mean 'lstm'")
    refused("x" * 304, "unknown model")
    refused("a\0b", "unknown model")
    refused(tmp_path, "holds no model.safetensors")


def test_every_alias_is_shipped_and_every_card_tells_its_origin():
    assert {ALIASES["ntm"], ALIASES["lstm"]} <= shipped().keys()
    for path in shipped().values():
        card = read_card(path)
        assert {"task", "recipe", "seed", "commit", "sequences", "command", "score"} <= card.keys()
        assert card["commit"]


def test_a_flipped_bit_is_found(tmp_path):
    """Every bit of one file, by a sample that starts anywhere: none loads."""
    path = tmp_path / "m.safetensors"
    save_model(LSTM(1, 1, hidden_size=2, layers=1), path, {})
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[place] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        with pytest.raises(InputError):
            load_weights(path)
    path.write_bytes(content)
    load_weights(path)


def test_a_card_without_a_digest_still_loads(tmp_path):
    path = tmp_path / "m.safetensors"
    saved = LSTM(1, 1, hidden_size=2, layers=1)
    save_model(saved, path, {})
    card = json.loads(path.with_suffix(".json").read_text())
    del card["sha256"]
    path.with_suffix(".json").write_text(json.dumps(card))
    loaded = load_weights(path).state_dict()
    assert all(torch.equal(loaded[name], values) for name, values in saved.state_dict().items())


def test_a_file_of_one_layer_may_name_weights_of_layers_above(tmp_path):
    path = tmp_path / "m.safetensors"
    model = LSTM(1, 1, hidden_size=2, layers=1)
    save_model(model, path, {})
    card = json.loads(path.with_suffix(".json").read_text())
    save_file(model.state_dict() | {"layer_weights": torch.empty(0, 8, 2)}, path)
    card.pop("sha256")
    path.with_suffix(".json").write_text(json.dumps(card))
    assert torch.equal(load_weights(path).bias, model.bias)


@pytest.mark.parametrize("dtype", [torch.int32, torch.bool, torch.complex64, torch.float64])
def test_weights_that_are_no_floats_or_of_several_dtypes_are_refused(saved, dtype):
    model, path = saved
    content = save(model.state_dict() | {"head_bias": model.head_bias.detach().to(dtype)})
    path.write_bytes(content)
    card = read_card(path) | {"sha256": hashlib.sha256(content).hexdigest()}
    path.with_suffix(".json").write_text(json.dumps(card))
    with pytest.raises(InputError, match=rf"head_bias is {dtype}; weights are floats"):
        load_weights(path)


@pytest.mark.parametrize("dtype", [torch.int32, torch.bool, torch.complex64])
def test_weights_of_which_all_are_no_floats_are_refused(saved, dtype):
    model, path = saved
    content = save({name: value.to(dtype) for name, value in model.state_dict().items()})
    path.write_bytes(content)
    card = read_card(path) | {"sha256": hashlib.sha256(content).hexdigest()}
    path.with_suffix(".json").write_text(json.dumps(card))
    with pytest.raises(InputError, match=rf"is {dtype}; weights are floats, all of one dtype"):
        load_weights(path)
