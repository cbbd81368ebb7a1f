"""What every model must do, run over all of them, a user's own among them."""

import json
import sys
from pathlib import Path

import pytest
import torch

from ntmlab import InputError, load_model
from ntmlab.models import MODELS, Foreign, make_model, split_model
from ntmlab.runs.weights import save_model
from tests.tolerances import RELATIVE_RMS, relative_rms

SPECIFICATIONS = [
    "ntm:slots=4,slot_width=3,controller_size=5",
    "ntm:slots=4,slot_width=3,controller_size=5,controller=lstm,output_reads=true",
    "lstm:hidden_size=5,layers=2",
    "gru:hidden_size=5",
    "transformer:width=8,heads=2",
    "mingru:width=6,hidden_size=5",
    "delta:width=8,heads=2,convolution=3",
    "delta:width=8,heads=2,rule=additive,expansion=0",
    "ssm:width=6,states=3",
    "dnc:hidden_size=6,slots=4,slot_width=3,read_heads=2",
    "tests.models.own:GRU:width=5",
]
SIZES = {"input_size": 2, "output_size": 3}


def close(actual, expected):
    assert relative_rms(actual, expected) < RELATIVE_RMS[torch.float32]


@pytest.fixture(params=SPECIFICATIONS)
def model(request):
    torch.manual_seed(0)
    return make_model(request.param, **SIZES).eval()


def test_every_kind_is_here():
    assert {text.partition(":")[0] for text in SPECIFICATIONS} >= MODELS.keys()


def test_logits_have_the_right_shape_and_steps_equal_the_whole(model):
    inputs = torch.rand(4, 7, 2)
    whole, _ = model(inputs)
    assert whole.shape == (4, 7, 3)
    assert whole.dtype == torch.float32
    first, state = model(inputs[:, :3])
    second, _ = model(inputs[:, 3:], state)
    close(torch.cat([first, second], 1), whole)


def test_no_rows_give_no_rows(model):
    logits, state = model(torch.rand(0, 5, 2))
    assert logits.shape == (0, 5, 3)
    assert model(torch.rand(0, 2, 2), state)[0].shape == (0, 2, 3)


def test_the_future_and_other_rows_are_not_seen(model):
    inputs = torch.rand(3, 6, 2)
    whole, _ = model(inputs)
    changed = inputs.clone()
    changed[:, 4] = 1 - changed[:, 4]
    assert torch.equal(model(changed)[0][:, :4], whole[:, :4])
    close(model(inputs[1:2])[0], whole[1:2])


def test_options_survive_json_and_make_the_same_model_again(model, tmp_path):
    options = json.loads(json.dumps(model.options()))
    again = make_model(model.kind, **options)
    assert again.state_dict().keys() == model.state_dict().keys()
    path = tmp_path / "m.safetensors"
    save_model(model, path, {})
    before = torch.get_rng_state()
    loaded = load_model(str(path))
    assert torch.equal(torch.get_rng_state(), before)
    inputs = torch.rand(2, 5, 2)
    assert torch.equal(loaded(inputs)[0], model(inputs)[0])
    assert not loaded.training
    assert loaded.options() == model.options()


@pytest.mark.parametrize("shape", [(2, 5), (2, 5, 3), (2, 0, 2), (0, 0, 2)])
def test_inputs_of_other_shapes_are_refused(model, shape):
    with pytest.raises(InputError, match="inputs must have shape"):
        model(torch.zeros(shape))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lsmt", "did you mean 'lstm'"),
        ("lstm:hiden_size=3", "did you mean 'hidden_size'"),
        ("lstm:hidden_size=0", "hidden_size must be"),
        ("lstm:hidden_size=x", "hidden_size must be"),
        ("lstm:hidden_size=99999999999999999999", "hidden_size must be at most 16,777,216"),
        ("lstm:small", "no variants such as 'small'.* there is no lstm.py here"),
        ("lstm:5", "no variants such as '5'"),
        ("transformer:width=10,heads=4", "width must be a multiple of 2 x 4 heads, not 10"),
        ("delta:width=10,heads=4", "width must be a multiple of 4 heads, not 10"),
        ("delta:rule=hebb", "rule must be 'delta' or 'additive', not 'hebb'"),
        ("ssm:expansion=-1", "expansion must be a whole number of at least 0"),
        ("nowhere.at_all:GRU", "cannot import nowhere.at_all"),
        ("tests.models.own:Gru", "has no Gru"),
        ("tests.models.own:GRU:depth=2", "unexpected keyword argument 'depth'"),
        ("tests.models.own:leaves", "its factory failed: SystemExit: 3"),
        ("tests.models.own:no_module", "made a int, not a PyTorch module"),
    ],
)
def test_what_is_no_model_is_a_line(text, message):
    with pytest.raises(InputError, match=message) as info:
        make_model(text, **SIZES)
    assert "\n" not in str(info.value)


def test_a_module_may_be_called_as_a_model_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    other = [place for place in sys.path if not Path(place, "gru.py").exists()]
    monkeypatch.setattr(sys, "path", other)  # where code of other tests was found
    text = "gru:GRU:width=4"
    for own in (text, "gru:GRU"):
        with pytest.raises(InputError, match=r"for a GRU of your own there is no gru\.py"):
            split_model(own)
    Path("gru.py").write_text("")
    assert split_model(text) == ("gru:GRU", {"width": 4})
    assert split_model("gru:GRU") == ("gru:GRU", {})
    assert split_model("gru:hidden_size=4") == ("gru", {"hidden_size": 4})
    assert split_model("gru") == ("gru", {})
    with pytest.raises(InputError, match="no variants such as '5'"):
        split_model("gru:5")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("raises", "its forward pass failed: KeyError: 'two.*lines'"),
        ("nothing", r"must return logits \(2, 4, 1\) .*, not NoneType"),
        ("sizes", r"must return logits \(2, 4, 1\) .*, not \(2, 4, 2\)"),
        ("integers", "real logits, not torch.int64"),
        ("parameters", "no parameters to train"),
        ("detached", "logits without a gradient"),
        ("complex", "parameters that are no real numbers"),
        ("state", "keeps _extra_state, which is no tensor"),
    ],
)
def test_a_module_that_cannot_be_trained_is_a_line_with_its_name(wrong, message):
    model = Foreign("tests.models.own:Odd", 1, 1, {"wrong": wrong})
    with pytest.raises(InputError, match=rf"^model tests.models.own:Odd.*{message}") as info:
        model.try_out(torch.zeros(2, 4, 1))
    assert "\n" not in str(info.value)


def test_weights_have_the_names_that_the_users_module_gives_them():
    model = make_model("tests.models.own:GRU", **SIZES)
    assert "gru.weight_ih_l0" in model.state_dict()
    model.module.load_state_dict(model.state_dict())
