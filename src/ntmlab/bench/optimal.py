"""Speed of exact predictors: beside their readable steps, and packages that are installed."""

import importlib.util
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from ntmlab.bench.measure import CheckError, Measurement, time_in_turn
from ntmlab.optimal import unroll
from ntmlab.sequences import symbols_of
from ntmlab.tasks import make_task
from ntmlab.tasks.processes import mess3
from ntmlab.tasks.source import Source

BATCH, FEW = 1000, 50  # sequences a call; of what is slow
TOLERANCE = 1e-9  # relative, of every probability

CASES: Final[dict[str, str]] = {
    "KT, 5 bits of context": "dynamic-ngrams",
    "context trees, depth 5": "context-trees",
    "change points, all segmentations": "change-points",
    "hidden Markov model, 3 states": "hmm:mess3",
    "halved time, depth 8": "partition-tree",
    "lags 1 to 5": "lags",
}


def measure_filter(name: str, rounds: int) -> Measurement:
    """Checks a case of `CASES`, then times its predictor on 200 symbols, batch 1,000.

    Raises CheckError if the predictor does not equal the filter's own steps.
    """
    task = make_task(CASES[name])
    assert isinstance(task, Source)
    inputs, predictor = task.sample(BATCH, seed=0).inputs, task.optimal()
    symbols = symbols_of(task.sample(BATCH, seed=0).targets, task.letters)
    few, exact = symbols[:FEW], task.filter()
    _confirm(name, predictor(inputs[:FEW]).numpy(), unroll(exact, few[:, :-1]), task)
    candidates: dict[str, tuple[int, Callable[[], object]]] = {
        "ntmlab": (BATCH, lambda: predictor(inputs)),
        "step by step": (FEW, lambda: unroll(exact, few)),
        **_others(name, symbols),
    }
    seconds = time_in_turn([action for _, action in candidates.values()], rounds)
    pairs = zip(candidates.items(), seconds, strict=True)
    return Measurement(name, {who: count / s for (who, (count, _)), s in pairs}, None)


def _confirm(name: str, found: Any, expected: Any, task: Source) -> None:
    expected = task.outputs.from_distribution(expected)
    error = float(np.abs(found / expected - 1).max())
    if not error <= TOLERANCE:
        raise CheckError(f"{name}: probabilities are off by {error:.1e}, more than {TOLERANCE:.0e}")


def _others(name: str, symbols: Any) -> dict[str, tuple[int, Callable[[], object]]]:
    """Other packages on the same sequences, those that are installed."""
    known = OTHERS.get(name.split()[0], {})
    return {
        package: make(symbols)
        for package, make in known.items()
        if importlib.util.find_spec(package) is not None
    }


def _hmmlearn(symbols: Any) -> tuple[int, Callable[[], object]]:
    """Its forward pass behind ``score``, compiled: Mess3's letters tell the state they lead to."""
    hmm: Any = importlib.import_module("hmmlearn.hmm")
    model = hmm.CategoricalHMM(3)
    edges = mess3(0.05, 0.85)
    model.startprob_, model.transmat_ = np.full(3, 1 / 3), edges.sum(0)
    tells = edges.sum(1).T  # (S, k) of the state that is gone to
    model.emissionprob_, model.n_features = tells / tells.sum(1, keepdims=True), 3
    column, lengths = symbols.reshape(-1, 1), [symbols.shape[1]] * len(symbols)
    return len(symbols), lambda: model.score(column, lengths)


def _pyaixi(symbols: Any) -> tuple[int, Callable[[], object]]:
    """Its context tree, asked for and told every bit."""
    trees: Any = importlib.import_module("pyaixi.prediction.ctw_context_tree")

    def run() -> None:
        tree = trees.CTWContextTree(5)
        for bit in symbols[0].tolist():
            tree.predict(1)
            tree.update(bit)

    return 1, run


def _fast_bocpd(symbols: Any) -> tuple[int, Callable[[], object]]:
    """Its run lengths, in C: how likely a change is, which is not what comes next."""
    package: Any = importlib.import_module("fast_bocpd")
    few = symbols[:FEW].astype(np.float64)

    def run() -> None:
        for bits in few:
            model, hazard = package.BernoulliBeta(0.5, 0.5), package.ConstantHazard(50)
            package.BOCPD(model, hazard, symbols.shape[1]).batch_update(bits)

    return FEW, run


def _changepoint(symbols: Any) -> tuple[int, Callable[[], object]]:
    """Its run lengths, in Rust, told every bit."""
    package: Any = importlib.import_module("changepoint")
    few = (symbols[:FEW] == 1).tolist()

    def run() -> None:
        for bits in few:
            detector = package.Bocpd(package.BetaBernoulli(0.5, 0.5), 50.0)
            for bit in bits:
                detector.step(bit)

    return FEW, run


OTHERS: Final[dict[str, dict[str, Callable[[Any], tuple[int, Callable[[], object]]]]]] = {
    "hidden": {"hmmlearn": _hmmlearn},
    "context": {"pyaixi": _pyaixi},
    "change": {"fast_bocpd": _fast_bocpd, "changepoint": _changepoint},
}
