"""The NTM among the models of transformers: its own numbers, saved, loaded, generating, checked."""

import copy
import subprocess
import sys

import pytest
import torch

from ntmlab import NTM, InputError, check_predictor, from_transformers, load_model, make_task
from ntmlab.outputs import next_symbol_outputs
from ntmlab.sequences import symbols_of

transformers = pytest.importorskip("transformers")

from ntmlab.transformers import NTMConfig, NTMForCausalLM, letters_tokenizer  # noqa: E402

SIZES = {"controller_size": 6, "slots": 5, "slot_width": 3}


@pytest.fixture(params=[2, 3])
def model(request):
    torch.manual_seed(0)
    made = NTMForCausalLM(NTMConfig(letters=request.param, options=SIZES)).eval()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(0.5 * torch.randn(parameter.shape))
    return made


def ids_of(model, rows=3, steps=7):
    k, generator = model.config.letters, torch.Generator().manual_seed(1)
    letters = torch.randint(0, k, (rows, steps), generator=generator)
    return torch.cat([torch.full((rows, 1), k), letters], 1)


def test_a_letter_has_the_probability_that_the_machine_gives_it(model):
    letters = model.config.letters
    sequences = make_task(f"dynamic-ngrams:order=2,length=9,letters={letters}").sample(4, seed=0)
    outputs = next_symbol_outputs(letters)
    own = outputs.distribution(
        outputs.probabilities(model.ntm(sequences.inputs)[0]).detach().numpy()
    )
    symbols = (
        sequences.targets.long().argmax(-1) if letters > 2 else sequences.targets[..., 0].long()
    )
    ids = torch.cat([torch.full((4, 1), letters), symbols[:, :-1]], 1)
    said = torch.softmax(model(ids).logits.double(), -1)
    assert not said[..., letters].any()
    torch.testing.assert_close(said[..., :letters], torch.from_numpy(own), rtol=1e-6, atol=1e-7)


def test_shipped_weights_are_the_same_machine():
    own = load_model("ngrams-ntm")
    made = NTMForCausalLM.from_ntmlab("ngrams-ntm")
    bits = torch.randint(0, 2, (2, 20), generator=torch.Generator().manual_seed(0))
    inputs = torch.cat([torch.zeros(2, 1), bits.float()], 1)[..., None]
    logits = made(torch.cat([torch.full((2, 1), 2), bits], 1)).logits
    assert torch.equal(logits[..., 1:2] - logits[..., :1], own(inputs)[0])
    for wrong in (load_model("ngrams-lstm"), NTM(3, 2), NTM(2, 2)):
        with pytest.raises(InputError, match="from_ntmlab takes an NTM of next letters"):
            NTMForCausalLM.from_ntmlab(wrong)


def test_auto_classes_save_and_load(model, tmp_path):
    model.save_pretrained(tmp_path)
    config = transformers.AutoConfig.from_pretrained(tmp_path)
    assert (type(config), config.options, config.letters) == (
        NTMConfig,
        SIZES,
        model.config.letters,
    )
    loaded = transformers.AutoModelForCausalLM.from_pretrained(tmp_path)
    assert torch.equal(loaded(ids_of(model)).logits, model(ids_of(model)).logits)
    torch.manual_seed(3)
    made, other = (transformers.AutoModelForCausalLM.from_config(config) for _ in range(2))
    assert not torch.equal(made(ids_of(model)).logits, other(ids_of(model)).logits)


def test_the_state_is_carried(model):
    ids = ids_of(model)
    whole, first = model(ids), model(ids[:, :4])
    rest = model(ids[:, 4:], state=first.state)
    torch.testing.assert_close(torch.cat([first.logits, rest.logits], 1), whole.logits)
    assert model(ids, use_cache=False).state is None
    assert torch.equal(model(ids, return_dict=False)[0], whole.logits)


@pytest.mark.parametrize("side", ["left", "right"])
def test_padded_rows_are_each_alone(model, side):
    ids, lengths = ids_of(model), [8, 3, 5]
    rows = [row[:length] for row, length in zip(ids, lengths, strict=True)]
    padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_side=side)
    ones = [torch.ones(length, dtype=torch.int64) for length in lengths]
    mask = torch.nn.utils.rnn.pad_sequence(ones, batch_first=True, padding_side=side)
    found = model(padded, attention_mask=mask)
    for number, row in enumerate(rows):
        alone = model(row[None])
        torch.testing.assert_close(found.logits[number][mask[number] > 0], alone.logits[0])
        for part, own in zip(found.state, alone.state, strict=True):
            torch.testing.assert_close(part[number], own[0])


def test_generation_goes_on_as_whole_passes_say(model):
    ids, lengths = ids_of(model), [8, 3]
    rows = [row[:length] for row, length in zip(ids, lengths, strict=False)]
    padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_side="left")
    ones = [torch.ones(length, dtype=torch.int64) for length in lengths]
    mask = torch.nn.utils.rnn.pad_sequence(ones, batch_first=True, padding_side="left")
    options = {"max_new_tokens": 6, "do_sample": False, "pad_token_id": 0}
    found = model.generate(padded, attention_mask=mask, **options)
    slow = model.generate(padded, attention_mask=mask, use_cache=False, **options)
    assert torch.equal(found, slow)
    for number, row in enumerate(rows):
        for _ in range(6):
            row = torch.cat([row, model(row[None]).logits[0, -1:].argmax(-1)])
        assert torch.equal(found[number, -6:], row[-6:])
    with pytest.raises(InputError, match="beams would need"):
        model.generate(padded, attention_mask=mask, num_beams=2, **options)


@pytest.mark.parametrize("pad", [None, 0, "start"])
def test_a_start_is_no_padding_and_starts_before_it_are(model, pad):
    """Without a mask transformers left out the only start, and where a letter pads all of those."""
    k = model.config.letters
    pad = k if pad == "start" else pad
    ids = torch.tensor([[k, 0, 1, 1, 0], [k, k, k, 1, 0]])
    options = {"max_new_tokens": 4, "do_sample": False, "pad_token_id": pad}
    found = model.generate(ids, **options, output_logits=True, return_dict_in_generate=True)
    for number, begin in enumerate([0, 2]):
        row = found.sequences[number : number + 1, begin:]
        logits = torch.stack([step[number] for step in found.logits])
        torch.testing.assert_close(logits, model(row).logits[0, -5:-1])


def test_labels_are_shifted_and_train(model):
    ids = ids_of(model)
    labels = ids.clone()
    labels[1, 4:] = -100
    said = model(ids, labels=labels)
    expected = torch.nn.functional.cross_entropy(
        said.logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=-100
    )
    torch.testing.assert_close(said.loss, expected)
    said.loss.backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())


def test_it_passes_the_checks_of_any_causal_model(model):
    letters = model.config.letters
    adapted = from_transformers(model, letters)
    assert adapted.keyword == "carried"
    task = make_task(f"dynamic-ngrams:order=2,length=20,letters={letters}")
    wrong = [c for c in check_predictor(adapted, task, lengths=[2, 20]) if c.passed is False]
    assert not wrong


@pytest.mark.parametrize("ids", [[[9]], [[-1]], [0]])
def test_wrong_ids_are_a_line(model, ids):
    with pytest.raises(InputError, match="input_ids must be"):
        model(torch.tensor(ids))


def test_a_tokenizer_is_saved_beside_the_model(model, tmp_path):
    k = model.config.letters
    letters_tokenizer(k).save_pretrained(tmp_path)
    loaded = transformers.AutoTokenizer.from_pretrained(tmp_path)
    assert loaded("101").input_ids == [k, 1, 0, 1]  # as the machine was trained
    assert loaded("101", add_special_tokens=False).input_ids == [1, 0, 1]
    assert loaded.decode([1, 0, 1]) == "101"
    assert loaded.bos_token_id == model.config.bos_token_id
    with pytest.raises(InputError, match="one character up to 36"):
        letters_tokenizer(37)


def test_without_transformers_a_line_names_the_extra():
    code = "import sys; sys.modules['transformers'] = None; import ntmlab.transformers"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert ended.stderr.splitlines()[-1].endswith("pip install 'ntmlab[transformers]'")


@pytest.mark.filterwarnings("ignore")  # of the trainer's own parts
def test_the_trainer_trains_evaluates_and_predicts(model, tmp_path):
    """Its loss falls, a run taken up ends as one in a piece, predictions are the model's logits."""
    pytest.importorskip("accelerate")
    letters = model.config.letters
    task = make_task(f"dynamic-ngrams:order=1,length=12,letters={letters}")
    ids = ids_of(model, 64, 12)
    symbols = symbols_of(task.sample(64, seed=0).targets, letters)
    ids[:, 1:] = torch.from_numpy(symbols)
    rows = [{"input_ids": row, "labels": row} for row in ids]
    options = transformers.TrainingArguments(
        str(tmp_path),
        max_steps=8,
        save_steps=4,
        learning_rate=0.01,
        report_to=[],
        use_cpu=True,
        disable_tqdm=True,
    )

    def trainer(trained):
        given = {
            "train_dataset": rows,
            "compute_metrics": lambda said: {"steps": said.label_ids.size},
        }
        return transformers.Trainer(trained, options, **given)

    whole, again = trainer(model), trainer(copy.deepcopy(model))
    before = whole.evaluate(rows)["eval_loss"]
    whole.train()
    found = whole.predict(rows)
    assert found.metrics["test_loss"] < before
    assert found.metrics["test_steps"] == 64 * 13
    torch.testing.assert_close(torch.from_numpy(found.predictions), model(ids).logits.detach())
    again.train(resume_from_checkpoint=str(tmp_path / "checkpoint-4"))
    for one, other in zip(model.parameters(), again.model.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


@pytest.mark.filterwarnings("ignore")  # of the trainer's own parts
def test_steps_that_are_gathered_are_one_of_a_larger_batch(model, tmp_path):
    """The loss was a mean over each part, and the gradient of four parts four times as large."""
    pytest.importorskip("accelerate")
    ids = ids_of(model, 8, 5)
    labels = ids.clone()
    labels[::3, 3:] = -100
    rows = [{"input_ids": i, "labels": one} for i, one in zip(ids, labels, strict=True)]

    def trained(batch, parts):
        options = transformers.TrainingArguments(
            str(tmp_path),
            max_steps=1,
            per_device_train_batch_size=batch,
            gradient_accumulation_steps=parts,
            optim="sgd",
            learning_rate=1.0,
            max_grad_norm=0.0,
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            disable_tqdm=True,
        )
        changed = copy.deepcopy(model)
        transformers.Trainer(changed, options, train_dataset=rows).train()
        return changed.parameters()

    for one, other in zip(trained(8, 1), trained(2, 4), strict=True):
        torch.testing.assert_close(one, other)


def test_what_a_pass_gives_can_be_gathered_without_the_state(model):
    """As `Trainer` does it, which makes lists and tuples anew, but no named ones."""
    from transformers.trainer_pt_utils import nested_detach

    found = model(ids_of(model))
    assert found.state is not None
    left_out = transformers.AutoConfig.for_model("ntmlab-ntm").keys_to_ignore_at_inference
    (logits,) = nested_detach(tuple(v for k, v in found.items() if k not in left_out))
    assert torch.equal(logits, found.logits)
