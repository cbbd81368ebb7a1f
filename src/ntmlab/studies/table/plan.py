"""What is trained on what, and with how much care."""

import re
from typing import Final, NamedTuple

from ntmlab.errors import InputError, unknown_name
from ntmlab.models import names_code, split_model
from ntmlab.recipes import Recipe
from ntmlab.recipes.own import own_recipe
from ntmlab.recipes.seeds import check_seeds
from ntmlab.registered import registered
from ntmlab.trusted import check_trusted

# Sources of 100 symbols, by the name of their columns.
SOURCES: Final = {
    "dynamic N-grams": "dynamic-ngrams:order=3,length=100",
    "three letters": "dynamic-ngrams:order=2,letters=3,length=100",
    "change points": "change-points:length=100",
    "context trees": "context-trees:depth=3,length=100",
    "hidden Markov": "hmm:mess3,length=100",
}

# Each kind of model in two sizes, the larger one first.
SIZES: Final = {
    "ntm": ("ntm:slots=32,controller_size=100", "ntm:slots=32,controller_size=50"),
    "lstm": ("lstm:hidden_size=64,layers=2", "lstm:hidden_size=32,layers=2"),
    "gru": ("gru:hidden_size=64", "gru:hidden_size=32"),
    "transformer": ("transformer:width=64", "transformer:width=32"),
    "mingru": ("mingru:width=64,hidden_size=64", "mingru:width=32,hidden_size=32"),
    "delta": ("delta:width=64", "delta:width=32"),
    "ssm": ("ssm:width=64", "ssm:width=32"),
    "dnc": ("dnc:hidden_size=64", "dnc:hidden_size=32"),
}
RATES: Final = (3e-3, 1e-2)
SEARCH_SEED: Final = 1000  # of the runs of the search, apart from those that are measured


class Budget(NamedTuple):
    """How many sequences each run of the search sees, how many the final ones, and their seeds."""

    sequences: int
    search: int
    seeds: tuple[int, ...]


class Cell(NamedTuple):
    """A kind of model on a source; or a user's own, by its specification."""

    source: str
    model: str

    @property
    def folder(self) -> str:
        """Where its runs are, below that of the table."""
        model = re.sub(r"[^\w=.+-]+", "-", self.model)
        return f"{self.source.replace(' ', '-')}/{model}"

    @property
    def sizes(self) -> tuple[str, ...]:
        """The specifications that are tried, the larger first; a user's own has one size."""
        return SIZES.get(self.model, (self.model,))


def cells(sources: list[str] | None = None, models: list[str] | None = None) -> list[Cell]:
    """The cells of the table, or of some rows and columns.

    Raises InputError for unknown ones, and for code that their runs could not be read with.
    """
    for name in sources or ():
        if name not in SOURCES:
            raise unknown_name("source of the table", name, list(SOURCES))
    for name in models or ():
        if name not in SIZES and not names_code(name):
            known = [*SIZES, *registered(), "package.module:factory"]
            raise unknown_name("model of the table", name, known)
        if names_code(name):
            check_trusted(split_model(name)[0], "a table")
    return [Cell(s, m) for s in sources or SOURCES for m in models or SIZES]


def check_budget(budget: Budget) -> None:
    """Raises InputError unless there is at least one sequence, and seeds that are, each once."""
    if min(budget.sequences, budget.search) < 1:
        raise InputError("--sequences and --search must be at least 1")
    check_seeds(budget.seeds, "--seeds")


def recipe_of(cell: Cell, model: str, rate: float, sequences: int) -> Recipe:
    """Adam in batches of 16, validated at its end alone."""
    settings = [f"learning_rate={rate}", f"sequences={sequences}", f"validate_every={sequences}"]
    return own_recipe(SOURCES[cell.source], model).override(settings)
