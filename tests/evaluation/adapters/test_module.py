"""Modules of every convention, adapted: one and the same predictor, aligned to the step."""

import math
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from ntmlab import InputError, compare, from_torch, make_task
from ntmlab.errors import Remark
from ntmlab.evaluation.checks import check_predictor
from ntmlab.models import ModulePredictor
from ntmlab.optimal import KT, FilterPredictor


class Counting(nn.Module):
    """KT without context, as a network that takes and says what it is told to.

    Counts are its state; the start symbol, the id before the letters', is not counted.
    """

    def __init__(self, letters, takes, says, *, width=None, first=0, start=False, time_first=False):
        super().__init__()
        self.letters, self.takes, self.says = letters, takes, says
        self.width, self.first, self.start = width or letters, first, start
        self.time_first = time_first

    def forward(self, shown, counts=None):
        if self.time_first:
            shown = shown.transpose(0, 1)
        p, counts = self.counted(self.letters_of(shown), counts)
        if self.width > self.letters:
            rest = self.width - self.letters - self.first
            p = nn.functional.pad(
                0.9 * p, (self.first, rest), value=0.1 / (self.width - self.letters)
            )
        said = {"logits": p.log() + 3, "log-probabilities": p.log(), "probabilities": p}[self.says]
        return (said.transpose(0, 1) if self.time_first else said), counts

    def letters_of(self, shown):
        """A single 1 a step, nothing where nothing was shown, (B, T, k)."""
        if self.takes == "ids":
            assert not shown.is_floating_point()
            every = nn.functional.one_hot(shown, 50)[..., self.first : self.first + self.letters]
            return every.float()
        if self.takes == "bits":
            return torch.cat([1 - shown, shown], -1)
        assert shown.shape[-1] == self.letters
        return shown

    def counted(self, shown, counts):
        before = 0.5 if counts is None else counts[:, None]
        every = before + shown.cumsum(1)
        return every / every.sum(-1, keepdim=True), every[:, -1]


CASES = [
    (letters, takes, says)
    for letters in (2, 3)
    for takes in ("one-hot", "ids")
    for says in ("logits", "log-probabilities", "probabilities")
]


def exact(letters, inputs):
    return FilterPredictor(KT(letters, 0))(inputs)


def drawn(letters, rows=4):
    return make_task(f"dynamic-ngrams:order=2,letters={letters},length=70").sample(rows, seed=5)


@pytest.mark.parametrize(("letters", "takes", "says"), CASES)
@pytest.mark.parametrize("time_first", [False, True])
def test_each_convention_is_kt(letters, takes, says, time_first):
    module = Counting(letters, takes, says, time_first=time_first)
    options = {"inputs": takes, "outputs": says, "state": "counts", "time_first": time_first}
    sequences = drawn(letters)
    adapted = from_torch(module, letters, **options)
    found = ModulePredictor(adapted, sequences.outputs)(sequences.inputs)
    torch.testing.assert_close(found, exact(letters, sequences.inputs), atol=1e-6, rtol=0)


@pytest.mark.parametrize(("letters", "takes"), [(2, "one-hot"), (3, "one-hot"), (2, "bits")])
def test_a_second_piece_begins_with_what_came_and_not_with_nothing(letters, takes):
    adapted = from_torch(
        Counting(letters, takes, "logits"), letters, inputs=takes, outputs="logits", state="counts"
    )
    inputs = drawn(letters).inputs
    whole, _ = adapted(inputs)
    first, state = adapted(inputs[:, :30])
    second, _ = adapted(inputs[:, 30:], state)
    torch.testing.assert_close(torch.cat([first, second], 1), whole, atol=1e-5, rtol=0)


def test_bits_show_a_zero_first():
    """A module cannot tell it from a 0 that came."""
    adapted = from_torch(Counting(2, "bits", "logits"), inputs="bits", outputs="logits")
    found = ModulePredictor(adapted)(drawn(2).inputs)
    assert float(found[0, 0]) == pytest.approx(0.25)


@pytest.mark.parametrize("letters", [2, 3])
def test_a_start_symbol_and_a_vocabulary_of_its_own(letters):
    sequences = drawn(letters)
    module = Counting(letters, "ids", "logits", width=9, first=4)
    ids = range(4, 4 + letters)
    adapted = from_torch(
        module, letters, inputs="ids", outputs="logits", start=1, ids=ids, state="counts"
    )
    with pytest.warns(Remark, match=r"up to 0\.1 of the probability is on what is no letter"):
        found = ModulePredictor(adapted, sequences.outputs)(sequences.inputs)
    torch.testing.assert_close(found, exact(letters, sequences.inputs), atol=1e-6, rtol=0)
    assert adapted.outside == pytest.approx(0.1, abs=1e-5)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("says", ["probabilities", "log-probabilities"])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_probability_of_0_is_2_to_the_minus_52_in_every_precision(dtype, says, width):
    """In half precision it was cut at 6e-5, 14 bits, before it was made float64."""

    class Never(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(1, dtype=dtype))

        def forward(self, ids):
            p = torch.tensor([1.0, 0.0, 0.0][:width] if width > 1 else [0.0]) + self.weight
            said = p.log() if says == "log-probabilities" else p
            return said.to(dtype).expand(*ids.shape, width)

    letters = max(width, 2)
    model = from_torch(Never(), letters, inputs="ids", outputs=says)
    p = ModulePredictor(model, drawn(letters).outputs)(drawn(letters).inputs)
    bits = -p[:, 1:, -1].log2()
    assert float(bits.min()) == pytest.approx(36 / math.log(2), abs=1e-6)
    assert float(bits.max()) == pytest.approx(36 / math.log(2), abs=1e-6)


def test_outputs_with_a_name_are_those_of_transformers():
    class Named(Counting):
        def forward(self, shown):
            return SimpleNamespace(logits=super().forward(shown)[0])

    sequences = drawn(3)
    adapted = from_torch(Named(3, "ids", "logits"), 3, inputs="ids", outputs="logits")
    found = ModulePredictor(adapted, sequences.outputs)(sequences.inputs)
    torch.testing.assert_close(found, exact(3, sequences.inputs), atol=1e-6, rtol=0)


@pytest.mark.parametrize("state", [None, "counts"])
@pytest.mark.parametrize(
    "returned",
    [
        lambda said, counts: said,
        lambda said, counts: (said,),
        lambda said, counts: [said, counts],
        lambda said, counts: (said, counts, "more"),
    ],
)
def test_outputs_may_come_alone_or_first_of_several(returned, state):
    """What stands second is the state, where one is taken, and each piece is then as the whole."""

    class Returning(Counting):
        def forward(self, shown, counts=None):
            return returned(*super().forward(shown, counts))

    sequences = drawn(3)
    module = Returning(3, "ids", "logits")
    adapted = from_torch(module, 3, inputs="ids", outputs="logits", state=state)
    found = ModulePredictor(adapted, sequences.outputs)(sequences.inputs)
    torch.testing.assert_close(found, exact(3, sequences.inputs), atol=1e-6, rtol=0)
    carried = adapted(sequences.inputs[:, :30])[1]
    if state is None:
        assert carried is None
    elif isinstance(returned(0, 0), list | tuple) and len(returned(0, 0)) > 1:
        said = adapted(sequences.inputs[:, 30:], carried)[0].softmax(-1)
        torch.testing.assert_close(said.double(), found[:, 30:], atol=1e-6, rtol=0)


@pytest.mark.parametrize("says", ["logits", "log-probabilities", "probabilities"])
def test_one_channel_is_of_a_1(says):
    class OfOne(Counting):
        def forward(self, shown, counts=None):
            said, counts = super().forward(shown, counts)
            return (said[..., 1:] - said[..., :1] if says == "logits" else said[..., 1:]), counts

    sequences = drawn(2)
    adapted = from_torch(OfOne(2, "ids", says), inputs="ids", outputs=says)
    found = ModulePredictor(adapted)(sequences.inputs)
    torch.testing.assert_close(found, exact(2, sequences.inputs), atol=1e-6, rtol=0)


@pytest.mark.parametrize("log_of_one", [-1e-6, -1e-7, -1e-8, -40.0])
def test_a_log_probability_of_a_1_says_that_of_a_0_too(log_of_one):
    """Where P of a 1 is all but 1, float32 has no difference to 1 any more."""

    class Sure(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.tensor(log_of_one))

        def forward(self, ids):
            return self.weight.expand(*ids.shape, 1)

    sequences = drawn(2)
    adapted = from_torch(Sure(), 2, inputs="ids", outputs="log-probabilities")
    logit = float(torch.special.logit(ModulePredictor(adapted)(sequences.inputs))[0, 1, 0])
    said = float(torch.tensor(log_of_one))
    right = max(-36.0, said) - math.log(-math.expm1(said))
    assert logit == pytest.approx(right, rel=1e-6)


@pytest.mark.parametrize("says", ["probabilities", "log-probabilities"])
def test_what_is_said_in_float64_of_a_1_is_not_rounded_to_float32(says):
    class Sure(nn.Module):
        def forward(self, ids):
            likely = torch.full((*ids.shape, 1), 1 - 1e-12, dtype=torch.float64)
            return likely if says == "probabilities" else likely.log()

    logits, _ = from_torch(Sure(), 2, inputs="ids", outputs=says)(drawn(2).inputs)
    assert float(logits[0, 1, 0]) == pytest.approx(12 * math.log(10), rel=1e-4)


class Embedded(nn.Module):
    """A GRU of ids, as people write it."""

    def __init__(self, vocabulary, units=8):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, units)
        self.cells = nn.GRU(units, units, batch_first=True)
        self.read = nn.Linear(units, vocabulary)

    def forward(self, ids, hidden=None):
        found, hidden = self.cells(self.embed(ids), hidden)
        return self.read(found), hidden


@pytest.mark.parametrize(("letters", "start"), [(2, None), (3, None), (3, 3), (2, 2)])
@pytest.mark.filterwarnings("ignore:up to")
def test_adapted_modules_pass_the_checks(letters, start):
    torch.manual_seed(0)
    model = Embedded(letters + (start is not None)).eval()
    adapted = from_torch(
        model, letters, inputs="ids", outputs="logits", start=start, state="hidden"
    )
    spec = f"dynamic-ngrams:order=3,letters={letters}"
    found = check_predictor(adapted, spec, lengths=(1, 2, 64, 67))
    assert not [c for c in found if not c.passed]


def test_an_adapted_module_is_tested_before_it_is_scored():
    class Both(Embedded):
        def forward(self, ids):
            found, _ = self.cells(self.embed(ids.flip(1)))
            return self.read(found.flip(1))

    torch.manual_seed(0)
    sequences = drawn(3)
    with pytest.raises(InputError, match="looks ahead"):
        compare(sequences, {"mine": from_torch(Both(3), 3, inputs="ids", outputs="logits")})


@pytest.mark.parametrize(
    ("says", "really", "reason"),
    [
        ("probabilities", "logits", "are they logits"),
        ("log-probabilities", "logits", "sum to 20"),
        ("probabilities", "log-probabilities", "not all lie between 0 and 1"),
    ],
)
def test_what_is_not_what_was_said_is_refused(says, really, reason):
    adapted = from_torch(Counting(3, "ids", really), 3, inputs="ids", outputs=says)
    with pytest.raises(InputError, match=reason):
        adapted(drawn(3).inputs)


@pytest.mark.parametrize(
    ("says", "said"),
    [("probabilities", 1.01), ("probabilities", -0.01), ("log-probabilities", 0.01)],
)
def test_a_probability_of_a_1_beyond_0_and_1_is_refused(says, said):
    """No sum shows it where a 1 alone is said."""

    class Beyond(nn.Module):
        def forward(self, shown):
            return torch.full_like(shown, said)

    adapted = from_torch(Beyond(), 2, inputs="bits", outputs=says)
    with pytest.raises(InputError, match="not all lie between 0 and 1"):
        adapted(drawn(2).inputs)


def test_sums_that_fall_short_are_refused():
    class Short(Counting):
        def forward(self, shown):
            return 0.999 * super().forward(shown)[0]

    adapted = from_torch(Short(3, "ids", "probabilities"), 3, inputs="ids", outputs="probabilities")
    with pytest.raises(InputError, match=r"sum to 0\.999, not 1"):
        adapted(drawn(3).inputs)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"inputs": "id", "outputs": "logits"}, "inputs must be"),
        ({"inputs": "ids", "outputs": "logit"}, "outputs must be"),
        ({"inputs": "bits", "outputs": "logits"}, "two letters"),
        ({"inputs": "one-hot", "outputs": "logits", "start": 3}, "inputs='ids'"),
        ({"inputs": "ids", "outputs": "logits", "ids": [1, 1, 2]}, "3 different"),
        ({"inputs": "ids", "outputs": "logits", "state": "cache"}, "no argument 'cache'"),
    ],
)
def test_wrong_choices_are_one_line(options, reason):
    with pytest.raises(InputError, match=reason):
        from_torch(Counting(3, "ids", "logits"), 3, **options)


def test_another_width_is_refused():
    adapted = from_torch(Counting(3, "ids", "logits", width=5), 3, inputs="ids", outputs="logits")
    with pytest.raises(InputError, match="3 letters returned 5 outputs"):
        adapted(drawn(3).inputs)
    narrow = from_torch(Counting(2, "ids", "logits"), 3, inputs="ids", outputs="logits")
    with pytest.raises(InputError, match="3 letters returned 2 outputs"):
        narrow(drawn(3).inputs)
