"""Inside a network of somebody else: an encoder, a model of ours, a head, and how it is trained."""

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.utils.checkpoint import checkpoint

from ntmlab import LSTM, NTM

LENGTHS = [9, 4, 1, 6]
CASES: dict[str, Any] = {
    "ntm": lambda: NTM(6, 7, controller_size=9, slots=7, slot_width=4),
    "ntm-lstm": lambda: NTM(6, 7, controller="lstm", controller_size=9, slots=7, slot_width=4),
    "lstm": lambda: LSTM(6, 7, hidden_size=6, layers=2),
}


class Tagger(nn.Module):
    """A class for each of the words of a text."""

    def __init__(self, core: nn.Module) -> None:
        super().__init__()
        self.words = nn.Embedding(11, 8)
        self.encode = nn.Sequential(nn.Linear(8, 6), nn.LayerNorm(6), nn.GELU())
        self.core, self.head = core, nn.Linear(7, 5)

    def forward(self, words: Tensor, lengths: list[int] | None = None) -> Tensor:
        hidden = self.encode(self.words(words))
        if lengths is None:
            return self.head(self.core(hidden)[0])  # type: ignore[no-any-return]
        packed = pack_padded_sequence(hidden, lengths, batch_first=True, enforce_sorted=False)
        outputs, _ = checkpoint(self.core, packed, use_reentrant=False)
        padded, _ = pad_packed_sequence(outputs, batch_first=True, total_length=words.shape[1])
        return self.head(padded)  # type: ignore[no-any-return]


@pytest.fixture(params=CASES)
def tagger(request: pytest.FixtureRequest) -> Tagger:
    torch.manual_seed(0)
    return Tagger(CASES[request.param]())


def drawn(most: int, seed: int) -> Tensor:
    return torch.randint(most, (4, 9), generator=torch.Generator().manual_seed(seed))


def loss_of(said: Tensor, classes: Tensor) -> Tensor:
    return nn.functional.cross_entropy(said.flatten(0, -2), classes.flatten())


def test_packed_rows_under_a_checkpoint_are_each_row_alone(tagger: Tagger) -> None:
    words, classes, parts = drawn(11, 0), drawn(5, 1), list(tagger.parameters())
    said = tagger(words, LENGTHS)
    rows = [tagger(words[r : r + 1, :n])[0] for r, n in enumerate(LENGTHS)]
    packed = torch.cat([said[r, :n] for r, n in enumerate(LENGTHS)])
    wanted = torch.cat([classes[r, :n] for r, n in enumerate(LENGTHS)])
    torch.testing.assert_close(packed, torch.cat(rows))
    found, expected = (
        torch.autograd.grad(loss_of(each, wanted), parts) for each in (packed, torch.cat(rows))
    )
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_autocast_with_a_scaled_loss_trains(tagger: Tagger, dtype: torch.dtype) -> None:
    words, classes, losses = drawn(11, 0), drawn(5, 1), []
    optimizer, scaler = torch.optim.AdamW(tagger.parameters(), 0.01), torch.amp.GradScaler("cpu")
    for step in range(12):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype):
            loss = loss_of(tagger(words, LENGTHS if step % 2 else None), classes)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        losses.append(loss.item())
    assert losses[-2] < losses[0]
    assert losses[-1] < losses[1]


def test_an_ensemble_is_each_of_its_networks(tagger: Tagger) -> None:
    networks, words = [tagger, copy.deepcopy(tagger)], drawn(11, 0)
    with torch.no_grad():
        for parameter in networks[1].parameters():
            parameter.mul_(0.5)
    stacked = torch.func.stack_module_state(networks)

    def said(parameters: Any, buffers: Any) -> Any:
        return torch.func.functional_call(tagger, (parameters, buffers), (words,))

    for found, network in zip(torch.func.vmap(said)(*stacked), networks, strict=True):
        torch.testing.assert_close(found, network(words))
