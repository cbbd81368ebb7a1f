"""Modules, factories and a source as a user writes them, good and bad."""

import sys
from dataclasses import dataclass

import torch
from torch import nn

from ntmlab.tasks import Drawn, Source


@dataclass(frozen=True)
class Die(Source):
    """A source that says nothing of its optimum."""

    sides: int = 3
    length: int = 6
    wrong: str = ""
    name = "tests.models.own:Die"

    @property
    def letters(self):
        return self.sides

    def draw(self, rows, random):
        if self.wrong == "raises":
            raise KeyError("two\nlines")
        if self.wrong == "leaves":
            sys.exit(0)
        letters = random.integers(0, self.sides, (rows, self.length))
        return letters if self.wrong == "type" else Drawn(letters + 9 * (self.wrong == "letters"))


class GRU(nn.Module):
    """A recurrent network with noise and running means, as asked."""

    def __init__(self, input_size, output_size, width=6, dropout=0.0, norm=False):
        super().__init__()
        self.gru = nn.GRU(input_size, width, 2, dropout=dropout, batch_first=True)
        self.norm = nn.BatchNorm1d(width) if norm else nn.Identity()
        self.out = nn.Linear(width, output_size)

    def forward(self, inputs, state=None):
        hidden, state = self.gru(inputs, state)
        return self.out(self.norm(hidden.mT).mT), state


class Tied(nn.Module):
    """One matrix under two names, a parameter that nothing uses, and one that is not trained."""

    def __init__(self, input_size, output_size):
        super().__init__()
        self.first = nn.Linear(input_size, 4)
        self.second = nn.Linear(4, 4)
        self.third = nn.Linear(4, 4)
        self.third.weight = self.second.weight
        self.last = nn.Linear(4, output_size)
        self.unused = nn.Parameter(torch.zeros(3))
        self.fixed = nn.Parameter(torch.ones(1), requires_grad=False)

    def forward(self, inputs):
        return self.last(torch.tanh(self.third(torch.tanh(self.second(self.first(inputs))))))


def wide(input_size, output_size):
    """A network in float64."""
    return GRU(input_size, output_size).double()


def lazy(output_size):
    """A network that learns its sizes from what it sees."""
    return nn.Sequential(nn.LazyLinear(5), nn.Tanh(), nn.LazyLinear(output_size))


def seeded(input_size, output_size):
    """A network that is the same at every call."""
    torch.manual_seed(3)
    return nn.Linear(input_size, output_size)


def leaves(input_size, output_size):
    """Ends the program."""
    sys.exit(3)


class Letters(nn.Module):
    """A table of logits for each bit, whose gradients are sparse."""

    def __init__(self, input_size, output_size):
        super().__init__()
        self.table = nn.Embedding(2, output_size, sparse=True)

    def forward(self, inputs):
        return self.table(inputs[..., 0].long())


class Elsewhere(nn.Module):
    """A layer that adds what no parameter holds, by where it is: counts, or what is drawn."""

    def __init__(self, input_size, output_size, where):
        super().__init__()
        self.linear, self.where, self.steps = nn.Linear(input_size, output_size), where, 0
        self.register_buffer("count", torch.zeros(()), persistent=where == "buffer")
        self.beside = torch.zeros((), requires_grad=True)

    def forward(self, inputs):
        if self.where == "beside":
            return self.linear(inputs).detach() + self.beside
        self.steps += self.training
        self.count += self.training
        added = {"attribute": self.steps, "buffer": float(self.count), "chance": torch.rand(())}
        return self.linear(inputs) + 0.1 * added[self.where]


def no_module():
    """Makes no module."""
    return 7


class Odd(nn.Module):
    """A module with one thing wrong."""

    def __init__(self, wrong, input_size=1, output_size=1):
        super().__init__()
        self.wrong = wrong
        self.linear = nn.Linear(input_size, output_size + (wrong == "sizes"))
        if wrong == "parameters":
            self.linear.requires_grad_(False)
        if wrong == "complex":
            self.turn = nn.Parameter(torch.ones(1, dtype=torch.complex64))

    def forward(self, inputs):
        if self.wrong == "raises":
            raise KeyError("two\nlines")
        if self.wrong == "nothing":
            return None
        if self.wrong == "integers":
            return self.linear(inputs).long()
        if self.wrong == "detached":
            return self.linear(inputs).detach()
        outputs = self.linear(inputs)
        if self.wrong == "backward" and self.training:
            outputs.register_hook(lambda gradient: 1 / 0)
        return outputs

    def get_extra_state(self):
        return {"a": 1} if self.wrong == "state" else torch.zeros(1)

    def set_extra_state(self, state):
        if self.wrong == "refuses":
            raise RuntimeError("not again")
