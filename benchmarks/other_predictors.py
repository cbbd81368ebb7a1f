"""What other packages say where ntmlab.optimal has an exact answer, on the same input.

    pip install pyaixi six hmmlearn fast-bocpd changepoint pomegranate
    python benchmarks/other_predictors.py

Prints a line a question: what is exact, and what the package says. Packages that are missing are
left out.
"""

import copy
import importlib
import importlib.util
import math
from importlib.metadata import version
from typing import Any

import numpy as np

from ntmlab.optimal import ChangePoints, ContextTrees, Forward, described, unroll

# The first 20 bits of the Thue-Morse sequence, which no short context explains.
BITS = np.array([[bin(n).count("1") % 2 for n in range(20)]])

# No two zeros in a row: state 0 emits a one and stays or moves, state 1 a zero and comes back.
TRANSITION, EMISSION, START = [[0.5, 0.5], [1.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]], [1.0, 0.0]


def pyaixi() -> None:
    """The next bit's probabilities of a context tree of depth 3."""
    trees: Any = importlib.import_module("pyaixi.prediction.ctw_context_tree")
    tree = trees.CTWContextTree(3)
    for bit in BITS[0]:
        tree.update(int(bit))
    said = [copy.deepcopy(tree).predict([bit]) for bit in (0, 1)]
    exact = unroll(ContextTrees(2, 3), BITS)[0, -1]
    line("pyaixi", "P of 0 and of 1 after 20 bits, depth 3", exact, said)
    line("pyaixi", "their sum", exact.sum(), sum(said))


def hmmlearn() -> None:
    """The probability of the next letter, which the package gives as a quotient of two scores."""
    hmm: Any = importlib.import_module("hmmlearn.hmm")
    model = hmm.CategoricalHMM(2)
    model.startprob_, model.transmat_ = np.array(START), np.array(TRANSITION)
    model.emissionprob_, model.n_features = np.array(EMISSION), 2
    letters = np.array([1, 1, 0, 1])
    edges = np.array(EMISSION).T[:, :, None] * np.array(TRANSITION)
    p = unroll(Forward(edges, START), letters[None])[0]
    exact = sum(math.log2(p[t, x]) for t, x in enumerate(letters))
    line("hmmlearn", "log2 P of 1101", exact, model.score(letters[:, None]) / math.log(2))
    smoothed = model.predict_proba(np.array([[1], [0]]))[0]
    belief = described(Forward(edges, START), np.array([[1]]))["belief"][0, 1]
    line("hmmlearn", "the state after a 1: filtered; smoothed by the 0 to come", belief, smoothed)


def fast_bocpd() -> None:
    """The run length of 400 ones at a hazard of 1/50."""
    changes: Any = importlib.import_module("fast_bocpd")
    detector = changes.BOCPD(changes.BernoulliBeta(0.5, 0.5), changes.ConstantHazard(50))
    for _ in range(400):
        detector.update(1.0)
    exact = described(ChangePoints(2, 0.02), np.ones((1, 400), dtype=np.int64))["run_length"]
    line(
        "fast_bocpd",
        "likeliest run length after 400 ones",
        int(exact[0, -1].argmax()),
        detector.get_map_run_length(),
    )


def changepoint() -> None:
    """The same, and how likely a change now is, after 400 ones."""
    changes: Any = importlib.import_module("changepoint")
    detector = changes.Bocpd(changes.BetaBernoulli(0.5, 0.5), 50.0)
    for _ in range(400):
        said = detector.step(True)
    known = described(ChangePoints(2, 0.02), np.ones((1, 400), dtype=np.int64))["run_length"][0]
    question = "likeliest run length after 400 ones"
    line("changepoint", question, int(known[-1].argmax()), int(np.argmax(said)))
    # A change before the last letter: a run of one letter now.
    line("changepoint", "P that the last one began a run", known[-1, 1], said[0])


def pomegranate() -> None:
    """The probability of a word, of models that say nothing of an end."""
    models: Any = importlib.import_module("pomegranate.hmm")
    kinds: Any = importlib.import_module("pomegranate.distributions")
    letters = np.array([1, 1, 0, 1])
    edges = np.array(EMISSION).T[:, :, None] * np.array(TRANSITION)
    p = unroll(Forward(edges, START), letters[None])[0]
    exact = sum(math.log2(p[t, x]) for t, x in enumerate(letters))
    emits = [kinds.Categorical([np.clip(e, 1e-12, 1).tolist()]) for e in EMISSION]
    dense = models.DenseHMM(emits, edges=TRANSITION, starts=START)
    moves = [(emits[0], emits[0], 0.5), (emits[0], emits[1], 0.5), (emits[1], emits[0], 1.0)]
    sparse = models.SparseHMM(emits, edges=moves, starts=[1.0, 1e-300])
    for name, model in {"dense": dense, "sparse": sparse}.items():
        said = model.log_probability(letters[None, :, None]).item() / math.log(2)
        line("pomegranate", f"log2 P of 1101, {name}", exact, said)


def line(package: str, question: str, exact: Any, said: Any) -> None:
    """One answer beside the exact one."""
    name = package.replace("_", "-")
    print(f"{name} {version(name)}: {question}: exact {np.round(exact, 4)}, {np.round(said, 4)}")


if __name__ == "__main__":
    for package in (pyaixi, hmmlearn, fast_bocpd, changepoint, pomegranate):
        if importlib.util.find_spec(package.__name__):
            package()
