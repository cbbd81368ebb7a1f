"""What other packages are given where they are timed: the same model, and the same letters.

None is installed here; stand-ins take what they are told.
"""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from ntmlab.bench import code, optimal
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.sequences import symbols_of
from ntmlab.streams.own_data import OwnData, bound
from ntmlab.streams.walkers import walker_of
from ntmlab.tasks import make_task


@pytest.fixture
def stand_in(monkeypatch):
    """Puts a module in the place of a package."""

    def put(name, **members):
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)

    return put


def drawn(name, sequences):
    task = make_task(name)
    return task, symbols_of(task.sample(sequences, seed=0).targets, task.letters)


class Tree:
    """A tree of pyaixi that keeps what it is asked and told."""

    made: list["Tree"]

    def __init__(self, depth):
        self.depth, self.asked, self.told = depth, [], []
        Tree.made.append(self)

    def predict(self, bit):
        assert bit in (0, 1)
        self.asked.append(len(self.told))

    def update(self, bit):
        self.told.append(bit)


def test_a_tree_is_as_deep_as_the_task_and_is_told_one_sequence(stand_in):
    Tree.made = []
    stand_in("pyaixi.prediction.ctw_context_tree", CTWContextTree=Tree)
    task, symbols = drawn("context-trees", 3)
    count, run = optimal.OTHERS["context"]["pyaixi"](symbols)
    run()
    run()  # a new tree each time
    assert count == 1
    for tree in Tree.made:
        assert tree.depth == task.depth
        assert tree.told == symbols[0].tolist()
        assert tree.asked == list(range(task.steps))


def test_change_points_are_as_rare_as_in_the_task_and_few_sequences_are_told(stand_in):
    task, symbols = drawn("change-points", 60)
    told, made = [], []

    class Detector:
        def __init__(self, *about):
            made.append(about)
            told.append([])

        def batch_update(self, bits):
            told[-1] += bits.tolist()

        def step(self, bit):
            told[-1].append(bit)

    names = ("BernoulliBeta", "BetaBernoulli", "ConstantHazard")
    members = {name: lambda *given: given for name in names}
    stand_in("fast_bocpd", **members, BOCPD=Detector)
    stand_in("changepoint", **members, Bocpd=Detector)
    expected = {
        "fast_bocpd": ((task.prior, task.prior), (1 / task.hazard,), task.steps),
        "changepoint": ((task.prior, task.prior), 1 / task.hazard),
    }
    assert set(expected) == set(optimal.OTHERS["change"])
    for package, given in expected.items():
        told.clear()
        made.clear()
        count, run = optimal.OTHERS["change"][package](symbols)
        run()
        assert count == len(told) == optimal.FEW
        np.testing.assert_array_equal(told, symbols[: optimal.FEW])
        assert made == [given] * count


class Hidden:
    """hmmlearn's model with letters for emissions, as its documentation has it."""

    def __init__(self, states):
        self.states = states

    def score(self, column, lengths):
        """Natural logarithm of how likely all sequences are: the forward pass."""
        assert self.emissionprob_.shape == (self.states, self.n_features)
        whole = 0.0
        for row in np.split(column[:, 0], np.cumsum(lengths)[:-1]):
            belief = self.startprob_
            for symbol in row:
                belief = belief * self.emissionprob_[:, symbol]
                whole += np.log(belief.sum())
                belief = belief / belief.sum() @ self.transmat_
        return whole


def test_a_hidden_markov_model_loses_what_the_optimum_loses(stand_in):
    stand_in("hmmlearn.hmm", CategoricalHMM=Hidden)
    task, symbols = drawn("hmm:mess3", 20)
    count, run = optimal.OTHERS["hidden"]["hmmlearn"](symbols)
    assert count == 20
    cost = evaluate(task, {"optimal": task.optimal()}, 20, 0)["optimal"].bits
    assert -run() / np.log(2) / 20 == pytest.approx(cost, rel=1e-9)


def test_a_range_coder_is_driven_by_the_counts_of_two_letters(stand_in):
    """What it is given loses what KT of two letters of context does."""
    lost = []

    class Encoder:
        def encode(self, symbol, model):
            lost.append(-np.log2(model[symbol]))

        def get_compressed(self):
            lost.append(0.0)  # all is written

    stream = SimpleNamespace(
        queue=SimpleNamespace(RangeEncoder=Encoder),
        model=SimpleNamespace(Categorical=lambda p, perfect: p.astype(float)),
    )
    stand_in("constriction", stream=stream)
    few = np.concatenate([code.drawn(256, 150), code.drawn(256, 150)])  # contexts come again
    code.OTHERS["constriction"](few)()
    assert len(lost) == len(few) + 1
    task = OwnData(256, few.tobytes())
    walker = walker_of(bound("kt-2", task), task, native=False)
    assert sum(lost) == pytest.approx(8 * len(code.coded(walker, few)), abs=16)


def test_coders_have_the_contexts_that_the_case_names(stand_in):
    Tree.made, given = [], {}

    def of_7_zip(text, max_order, mem_size):
        given["pyppmd"] = (text, max_order)

    settings = SimpleNamespace(encode=lambda text: given.setdefault("zctw", text))
    models = SimpleNamespace(PPMModel=lambda letters, order: (letters, order))
    written = SimpleNamespace(compress=lambda symbols: given.setdefault("symbols", symbols))
    stand_in("pyppmd", compress=of_7_zip)
    stand_in("pyaixi.prediction.ctw_context_tree", CTWContextTree=Tree)
    stand_in(
        "zctw",
        CTWSettings=lambda treedepth: given.setdefault("depth", treedepth),
        CTWCompressor=lambda depth: settings,
    )
    stand_in(
        "arithmetic_compressor",
        AECompressor=lambda model: given.setdefault("model", model) and written,
    )
    stand_in("arithmetic_compressor.models", **vars(models))
    letters, bits = code.drawn(256, 40), code.drawn(2, 40)
    for name in ("pyppmd", "arithmetic_compressor"):
        code.OTHERS[name](letters)()
    for name in ("zctw", "pyaixi"):
        code.OTHERS[name](bits)()
    assert given["pyppmd"] == (letters.tobytes(), 2)
    assert given["model"] == (list(range(256)), 2)
    assert given["symbols"] == letters.tolist()
    assert (given["depth"], given["zctw"]) == (2, np.packbits(bits).tobytes())  # bytes: 16 bits
    assert Tree.made[0].depth == 16
    assert Tree.made[0].told == bits.tolist()
    assert Tree.made[0].asked == list(range(40))
