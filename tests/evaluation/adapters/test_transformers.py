"""Causal models of transformers: aligned, whole or carried on by their caches where these hold."""

import sys

import pytest
import torch

from ntmlab import InputError, from_transformers, make_task
from ntmlab.errors import Remark
from ntmlab.evaluation.checks import check_predictor
from ntmlab.models import ModulePredictor

transformers = pytest.importorskip("transformers")

SOURCE = make_task("hmm:mess3,length=40")


def gpt2(vocabulary=4, bos=None, **options):
    size = {"n_embd": 16, "n_layer": 1, "n_head": 2, "n_positions": 256}
    return transformers.GPT2Config(
        vocab_size=vocabulary, bos_token_id=bos, eos_token_id=None, **size, **options
    )


def mamba():
    return transformers.MambaConfig(
        vocab_size=4,
        hidden_size=16,
        state_size=4,
        num_hidden_layers=2,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=None,
    )


def made(config, **options):
    torch.manual_seed(0)
    return from_transformers(config, 3, renormalise=True, **options)


def said(model, inputs):
    return ModulePredictor(model, SOURCE.outputs)(inputs)


@pytest.mark.filterwarnings("ignore::ntmlab.errors.Remark")
def test_each_symbol_is_predicted_from_those_before_it():
    model = made(gpt2(7, bos=1), ids=[4, 0, 6])
    sequences = SOURCE.sample(3, seed=1)
    symbols = sequences.targets.argmax(-1)
    shown = torch.tensor([4, 0, 6])[symbols[:, :-1]]
    tokens = torch.cat([torch.full((3, 1), 1), shown], 1)
    with torch.no_grad():
        logits = model.module.model(input_ids=tokens).logits[..., [4, 0, 6]]
    expected = torch.softmax(logits.double(), -1)
    torch.testing.assert_close(said(model, sequences.inputs), expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    ("vocabulary", "bos", "ids", "start"),
    [
        (9, 5, None, 5),
        (9, 1, None, 3),
        (9, None, None, 3),
        (9, 50, [8, 0, 1], 2),
        (3, 0, None, None),
    ],
)
def test_what_is_fed_first(vocabulary, bos, ids, start):
    config = gpt2(vocabulary)
    config.bos_token_id = bos
    assert made(config, ids=ids, cache=False).start == start


@pytest.mark.filterwarnings("ignore::ntmlab.errors.Remark")
def test_a_cache_that_holds_is_used_and_left_alone():
    model = made(gpt2())
    assert model.keyword == "carried"
    checks = check_predictor(model, SOURCE, lengths=[2, 33, 67])
    assert [check.name for check in checks if check.passed is not True] == []


def test_a_cache_that_does_not_hold_is_not_used():
    with pytest.warns(Remark, match="the cache of MambaForCausalLM is not used: in pieces of"):
        model = made(mamba())
    assert model.keyword is None
    assert made(mamba(), cache=True).keyword == "carried"
    with pytest.warns(Remark, match="no letter"):
        (check,) = check_predictor(made(mamba(), cache=True), SOURCE, names=["state"])
    assert check.passed is False


def test_mass_outside_the_alphabet_is_no_letter_s():
    torch.manual_seed(0)
    model = from_transformers(gpt2(vocabulary=4), 3, cache=False)
    inputs = SOURCE.sample(1, seed=0).inputs
    with pytest.raises(InputError, match=r"up to 0\.\d+ of the probability.*renormalise=True"):
        said(model, inputs)
    model.renormalise = True
    with pytest.warns(Remark, match="is left out"):
        assert float(said(model, inputs).sum(-1)[0, 0]) == pytest.approx(1)


def test_precision_and_mode():
    torch.manual_seed(0)
    half = transformers.AutoModelForCausalLM.from_config(gpt2()).bfloat16().train()
    model = from_transformers(half, 3, cache=False)
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert not model.training or not model.module.model.training


@pytest.mark.parametrize(
    ("model", "options", "reason"),
    [
        (torch.nn.Linear(1, 1), {}, "Linear is no model of transformers"),
        ("no/such/folder", {}, "making the model failed"),
        (gpt2(), {"ids": [1, 2, 9]}, "below the vocabulary's 4"),
        (gpt2(), {"ids": [1, 2, 4]}, "below the vocabulary's 4"),
        (gpt2(), {"ids": [1, 2]}, "ids must be 3 different ones"),
    ],
)
def test_what_is_no_causal_model_is_one_line(model, options, reason, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(InputError, match=reason) as caught:
        from_transformers(model, 3, **options)
    assert "\n" not in str(caught.value)


def test_a_start_of_0_is_one():
    model = made(gpt2(9, bos=5), ids=[1, 2, 3], start=0, cache=False)
    assert model.start == 0


def test_of_a_model_in_several_precisions_all_is_float32():
    torch.manual_seed(0)
    mixed = transformers.AutoModelForCausalLM.from_config(gpt2())
    mixed.transformer.ln_f.bfloat16()
    model = from_transformers(mixed, 3, cache=False)
    assert {p.dtype for p in model.parameters()} == {torch.float32}


def test_what_is_left_out_is_said_though_the_trial_of_the_cache_met_it_before():
    model = made(gpt2())
    assert (model.keyword, model.outside) == ("carried", 0.0)
    with pytest.warns(Remark, match="is left out"):
        said(model, SOURCE.sample(1, seed=0).inputs)


class Restless(torch.nn.Module):
    """Logits at random, and a cache that nothing can be said of."""

    def forward(self, input_ids, use_cache=True, past=None):
        return transformers.utils.ModelOutput(logits=torch.randn(*input_ids.shape, 4), past=[])


def test_a_cache_that_could_not_be_tried_is_not_used():
    assert made(Restless()).keyword is None
    assert made(Restless(), cache=True).keyword == "carried"


def test_an_encoder_is_one_line():
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = transformers.BertConfig(vocab_size=4, intermediate_size=16, pad_token_id=None, **size)
    with pytest.raises(InputError, match="causal language model"):
        from_transformers(transformers.BertModel(config), 3)


def test_without_transformers_a_line_names_the_extra(monkeypatch):
    config = gpt2()
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(InputError, match=r"pip install 'ntmlab\[transformers\]'"):
        from_transformers(config)
