"""What an adapted module gives to what is no letter: refused, or said with what it is worth."""

import warnings

import pytest
import torch
from torch import nn

from ntmlab import InputError, compare, from_torch, make_task
from ntmlab.errors import Remark

SEQUENCES = make_task("dynamic-ngrams:order=2,length=70").sample(4, seed=5)


class Elsewhere(nn.Module):
    """Two letters alike, and a share on the start symbol, in a logit of any size."""

    def __init__(self, share, level=0.0, dtype=torch.float32):
        super().__init__()
        said = torch.tensor([(1 - share) / 2, (1 - share) / 2, share])
        self.said = nn.Parameter((said.log() + level).to(dtype))

    def forward(self, ids):
        return self.said.expand(*ids.shape, 3)

    def adapted(self):
        return from_torch(self, inputs="ids", outputs="logits", start=2)


class AtOneStep(nn.Module):
    """Two letters alike, but that one step of one row has another distribution."""

    def __init__(self, *said, meaning="probabilities"):
        super().__init__()
        self.said, self.meaning = torch.tensor(said), meaning

    def forward(self, ids):
        shown = torch.full((*ids.shape, len(self.said)), 0.0)
        shown[..., :2] = 0.5
        shown[1, 7] = self.said
        return shown if self.meaning == "probabilities" else shown.log()


@pytest.mark.parametrize("meaning", ["probabilities", "log-probabilities"])
def test_one_step_alone_of_another_sum_is_refused(meaning):
    model = AtOneStep(0.5, 0.49, meaning=meaning)
    adapted = from_torch(model, inputs="ids", outputs=meaning)
    with pytest.raises(InputError, match=rf"no {meaning}: they sum to 0\.99, not 1"):
        adapted(SEQUENCES.inputs)


def test_the_most_that_one_step_gives_to_what_is_no_letter_is_said():
    adapted = from_torch(AtOneStep(0.5, 0.25, 0.25), inputs="ids", outputs="probabilities", start=2)
    with pytest.warns(Remark, match=r"up to 0\.25 of the .* up to 0\.415 bits less"):
        adapted(SEQUENCES.inputs)
    assert adapted.outside == pytest.approx(0.25)


def test_mass_on_what_is_no_letter_is_said_with_what_it_is_worth():
    """0.99 % of it is 2.87 bits of 200 steps, which nothing said."""
    model = Elsewhere(0.0099).adapted()
    said = (
        r"^up to 0\.0099 of the .* it is left out, by which a step costs up to 0\.0144 bits less$"
    )
    with pytest.warns(Remark, match=said) as remarks:
        bits = compare(SEQUENCES, {"mine": model}, unchecked=True).score("mine").bits
    assert len(remarks) == 1  # though it is asked more than once
    assert bits == pytest.approx(70)


def test_ten_times_as_much_of_it_is_said_again():
    model = Elsewhere(0.0).adapted()

    def said(share):
        model.module.said.data = torch.tensor([(1 - share) / 2, (1 - share) / 2, share]).log()
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always")
            model(SEQUENCES.inputs)
        return [str(remark.message).split()[2] for remark in remarks]

    every = [said(share) for share in (5e-5, 2e-4, 1e-3, 0.1, 0.9, 1.0)]
    assert every == [[], ["0.0002"], [], ["0.1"], [], []]
    said(0.2)
    assert model.outside == pytest.approx(1.0)  # the most of all calls, not of the last


@pytest.mark.parametrize("level", [0.0, 3000.0, -3000.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_rounding_is_no_mass_elsewhere(level, dtype):
    """Nothing is remarked of a share of 5 in 100,000, whatever the logits' size and precision."""
    model = Elsewhere(5e-5, dtype=dtype)
    model.said.data += level
    if level and dtype is torch.bfloat16:  # which holds no such differences there
        model.said.data = torch.tensor([level, level, level - 64], dtype=dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.adapted()(SEQUENCES.inputs)
