"""Models brought from elsewhere that got a number which they do not deserve, better or worse."""

import numpy as np
import pytest
import torch
from torch import nn

from ntmlab import LSTM, InputError, compare, from_sklearn, make_task
from ntmlab.errors import Remark
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.evaluation.ours import is_ours
from ntmlab.models import ModulePredictor

TASK = make_task("dynamic-ngrams:order=3,length=120")
OPTIMAL = TASK.optimal()
THREE = make_task("hmm:mess3", length=20)


class Exact(nn.Module):
    """The optimum as a module; each fault below is one of its own."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))

    def best(self, inputs):
        return torch.logit(OPTIMAL(inputs.float()), 1e-6).float() * self.scale

    def forward(self, inputs):
        return self.best(inputs)


def sees_next(logits, inputs, where):
    """Logits that know the next letter at some steps, (T,) or (B, T)."""
    ahead = inputs.roll(-1, 1) * 12 - 6
    where = where.expand(inputs.shape[:2]).clone()
    where[:, -1] = False  # nothing comes after
    return torch.where(where[..., None], ahead, logits)


class LastOfPieces(Exact):
    """Pieces of 50 steps, of which the last sees the next piece's first."""

    def forward(self, inputs):
        return sees_next(self.best(inputs), inputs, torch.arange(inputs.shape[1]) % 50 == 49)


class OneStep(Exact):
    """Looks ahead at one step."""

    def forward(self, inputs):
        return sees_next(self.best(inputs), inputs, torch.arange(inputs.shape[1]) == 77)


class LastRows(Exact):
    """Looks ahead in the rows after the two hundredth."""

    def forward(self, inputs):
        return sees_next(self.best(inputs), inputs, torch.arange(len(inputs))[:, None] >= 200)


class KeptBySize(Exact):
    """Remembers what it answered to a question of the same shape."""

    def __init__(self):
        super().__init__()
        self.known = {}

    def forward(self, inputs):
        return self.known.setdefault(inputs.shape, self.best(inputs))


class OneBuffer(Exact):
    """Gives out the same memory for every answer."""

    buffer = torch.zeros(256, 120, 1)

    def forward(self, inputs):
        rows, steps = inputs.shape[:2]
        self.buffer[:rows, :steps] = self.best(inputs)
        return self.buffer[:rows, :steps]


class Learns(nn.Module):
    """Takes a small step on whatever it is asked, once it has answered."""

    def __init__(self):
        super().__init__()
        self.read = nn.Linear(1, 1)

    def forward(self, inputs):
        logits = self.read(inputs)
        with torch.no_grad():
            self.read.weight -= 1e-6 * inputs.mean()
        return logits


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (LastOfPieces, "looks ahead: .* when inputs from step (50|100) on are others"),
        (OneStep, "looks ahead: .* when inputs from step 78 on are others"),
        (LastRows, "says another thing, .* where 254 rows stand beside"),
        (KeptBySize, "answers otherwise, .* where rows change places"),
        (Learns, "changes its weights as it is asked, read.weight among them"),
    ],
)
def test_it_is_refused(kind, reason):
    torch.manual_seed(0)
    with pytest.raises(InputError, match=f"predictor mine {reason}"):
        compare(TASK.sample(20, seed=5), {"mine": kind()})


def test_the_same_without_a_fault_is_scored():
    found = compare(TASK.sample(20, seed=5), {"optimal": OPTIMAL, "mine": Exact()}).score("mine")
    assert abs(found.gap) < 1e-3


def test_an_answer_in_memory_that_the_next_one_overwrites_is_the_first_ones():
    """A thousand rows are four passes."""
    found = evaluate(TASK, {"mine": ModulePredictor(OneBuffer())}, 1000)["mine"]
    assert abs(found.gap) < 1e-3


def ahead_by_a_hook(model):
    def hook(module, given, returned):
        return sees_next(returned[0], given[0], torch.tensor([[True]])), returned[1]

    model.register_forward_hook(hook)


def ahead_by_a_method(model):
    forward = model.forward

    def ahead(inputs, state=None):
        logits, state = forward(inputs, state)
        return sees_next(logits, inputs, torch.tensor([[True]])), state

    model.forward = ahead


def backwards(model):
    model.register_forward_pre_hook(lambda module, given: (given[0].flip(1), *given[1:]))


@pytest.mark.parametrize("change", [ahead_by_a_hook, ahead_by_a_method, backwards])
def test_a_model_of_this_package_that_was_changed_is_tested_too(change):
    model = LSTM(1, 1, hidden_size=4)
    assert is_ours(ModulePredictor(model))
    change(model)
    assert not is_ours(ModulePredictor(model))
    with pytest.raises(InputError, match="predictor mine looks ahead"):
        compare(TASK.sample(3, seed=5), {"mine": model})


def test_a_part_that_is_a_users_makes_a_model_one():
    model = LSTM(1, 1, hidden_size=4)
    model.beside = Exact()
    assert not is_ours(ModulePredictor(model))
    model.beside = nn.Linear(1, 1)
    assert is_ours(ModulePredictor(model))


def test_numbers_that_are_masked_are_not_taken_from_below_the_mask():
    some = TASK.sample(3, seed=5)
    exact = OPTIMAL(some.inputs).numpy()

    def masked(inputs):
        return np.ma.masked_array(exact, mask=exact > 0.5)

    with pytest.raises(InputError, match="predictor mine returned an array in which numbers are"):
        compare(some, {"mine": masked})
    whole = compare(some, {"mine": lambda inputs: np.ma.masked_array(OPTIMAL(inputs))})
    assert np.array_equal(whole.probabilities["mine"], exact)


def sparse(halves):
    return halves.to_sparse()


def masked(halves):
    return torch.masked.masked_tensor(halves, halves > 0)


def meta(halves):
    return halves.to("meta")


@pytest.mark.filterwarnings("ignore:The PyTorch API of MaskedTensors is in prototype")
@pytest.mark.parametrize("kind", [sparse, masked, meta])
def test_a_tensor_that_is_no_array_is_one_line(kind):
    line = r"^predictor mine returned no array: \w+Error: [^\n]*$"
    with pytest.raises(InputError, match=line):
        compare(TASK.sample(3, seed=5), {"mine": lambda x: kind(torch.full_like(x, 0.5))})


def test_probabilities_that_sum_to_a_little_more_gain_nothing():
    exact, some = THREE.optimal(), THREE.sample(50, seed=5)
    every = {"optimal": exact, "more": lambda inputs: exact(inputs) * 1.00009}
    assert abs(compare(some, every).score("more").gap) < 1e-12


class Nearest:
    """The letter that came after the window most alike of all it was fitted on."""

    def fit(self, features, letters):
        self.features, self.letters, self.classes_ = features, letters, np.unique(letters)

    def predict_proba(self, features):
        apart = np.abs(features[:, None] - self.features).sum(-1)
        return 0.05 + 0.9 * np.eye(2)[self.letters[apart.argmin(1)]]


def test_a_classifier_says_that_it_is_asked_what_it_was_fitted_on():
    task = make_task("dynamic-ngrams:order=3,length=30")
    model = from_sklearn(Nearest(), window=20).fit(task.sample(8, seed=5))
    compare(task.sample(8, seed=6), {"mine": model})  # without a word
    with pytest.warns(Remark, match="asked about sequences that it was fitted on"):
        compare(task.sample(8, seed=5), {"mine": model})


def coin(inputs):
    return torch.full_like(inputs, 0.5)


@pytest.mark.parametrize(
    "every", [{"Bayes": OPTIMAL, "Optimal": coin}, {"optimal": coin, "OPTIMAL": coin}]
)
def test_what_is_called_optimal_is_not_the_optimum_beside_another_that_could_be(every):
    some = TASK.sample(3, seed=5)
    with pytest.raises(InputError, match="could each be the optimum: give reference="):
        compare(some, every)
    name = next(iter(every))
    assert compare(some, every, reference=name).reference == name


def test_of_several_optima_the_one_called_so_is_the_reference():
    every = {"other": TASK.optimal(), "optimal": coin, "Optimal": OPTIMAL}
    assert compare(TASK.sample(3, seed=5), every).reference == "Optimal"
