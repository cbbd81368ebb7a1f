"""The forward filter against the sum over all paths of states, and where letters are impossible."""

import itertools

import numpy as np
import pytest

from ntmlab import InputError
from ntmlab.optimal import native
from ntmlab.optimal.chains import stationary
from ntmlab.optimal.filter import Stream, unroll
from ntmlab.optimal.forward import Forward, emitting_states
from ntmlab.optimal.mixture import Fixed, Mixture
from ntmlab.tasks.processes import PROCESSES, process


def path_sum(matrices, start, letters):
    """P(letters), summed over every path of hidden states."""
    states = range(len(start))
    total = 0.0
    for path in itertools.product(states, repeat=len(letters) + 1):
        steps = zip(letters, path[:-1], path[1:], strict=True)
        total += start[path[0]] * np.prod([matrices[x][i][j] for x, i, j in steps])
    return total


def random_model(states, letters, seed, zeros=0.0):
    random = np.random.default_rng(seed)
    numbers = random.dirichlet(np.ones(states * letters), size=states)
    numbers *= random.random(numbers.shape) >= zeros
    numbers /= numbers.sum(1, keepdims=True)
    return numbers.reshape(states, letters, states).transpose(1, 0, 2), random.dirichlet(
        [1] * states
    )


MODELS = [random_model(2, 2, 0), random_model(3, 3, 1), random_model(3, 2, 2, zeros=0.4)]
MODELS += [(process(name), stationary(process(name).sum(0))) for name in PROCESSES]


@pytest.mark.parametrize("number", range(len(MODELS)))
def test_equals_the_sum_over_all_paths(number):
    matrices, start = MODELS[number]
    model, letters = Forward(matrices, start), len(matrices)
    sequences = np.array(list(itertools.product(range(letters), repeat=4)))
    for way in (model.unrolled(sequences), unroll(model, sequences)):
        for row, sequence in zip(way[::3], sequences[::3], strict=True):
            joint = [path_sum(matrices, start, sequence[:t]) for t in range(5)]
            for t in range(4):
                if joint[t] > 0:
                    assert row[t, sequence[t]] * joint[t] == pytest.approx(joint[t + 1], abs=1e-15)


def test_an_impossible_letter_costs_infinity_and_teaches_nothing():
    golden = Forward(process("golden-mean"))
    for way in (golden.unrolled, lambda symbols: unroll(golden, symbols)):
        p = way(np.array([[0, 0, 1]]))[0]
        assert p[1].tolist() == [0, 1]  # after a zero a one must come; a zero costs infinity,
        assert p[2] == pytest.approx([0.5, 0.5])  # and the state goes on as after any letter
        assert p[3] == pytest.approx([0.5, 0.5])
        assert not np.isnan(p).any()


@pytest.mark.parametrize("built", [True, False])
def test_evidence_beyond_the_smallest_number_is_not_forgotten(monkeypatch, built):
    if not built:
        monkeypatch.setattr(native, "chain", lambda *_: None)
    two_coins = np.zeros((2, 2, 2))
    two_coins[0] = np.diag([0.9, 0.5])
    two_coins[1] = np.diag([0.1, 0.5])
    model = Forward(two_coins, [0.5, 0.5])
    letters = np.array([[0] * 2000 + [1] * 2000])  # at first the fair coin falls behind by 0.5^...
    count = np.arange(4001)
    zeros = np.minimum(count, 2000)
    log_odds = np.log(1.8) * zeros + np.log(0.2) * (count - zeros)
    expected = 0.5 + 0.4 / (1 + np.exp(-log_odds.clip(-700, 700)))
    np.testing.assert_allclose(model.unrolled(letters)[0, :, 0], expected, rtol=1e-10)


def test_ten_thousand_of_one_letter_keep_their_limit():
    stream = Stream(Forward(process("mess3")))
    for _ in range(1000):
        stream.update(0)
    limit = stream.probabilities
    for _ in range(10_000):
        stream.update(0)
    np.testing.assert_allclose(stream.probabilities, limit, rtol=1e-12)


@pytest.mark.parametrize(
    ("matrices", "start", "message"),
    [
        ([[[0.5]], [[0.4]]], None, "sums to 0.9"),
        ([[[1.5]], [[-0.5]]], None, "between 0 and 1"),
        ([[[float("nan")]], [[0.5]]], None, "between 0 and 1"),
        ([[1.0]], None, "shape"),
        ("abc", None, "numbers"),
        ([[[10**400]]], None, "numbers"),
        ([np.eye(2) / 2] * 2, [10**400, 0], "list of probabilities"),
        ([[[1.0]]], None, "letters"),
        ([np.eye(2) / 2] * 2, None, "never meet"),
        ([np.eye(2) / 2] * 2, [0.3, 0.3], "sums to 0.6"),
        ([np.eye(2) / 2] * 2, [1.0], "2 states"),
    ],
)
def test_what_is_no_model_is_refused(matrices, start, message):
    with pytest.raises(InputError, match=message):
        Forward(matrices, start)


GIVEN = {  # what takes probabilities of which the first is p, the second 1/2
    "matrices": lambda p: Forward([[[p]], [[0.5]]]),
    "start": lambda p: Forward([np.eye(2) / 2] * 2, [p, 0.5]),
    "transition": lambda p: emitting_states([[p, 0.5], [0.5, 0.5]], np.eye(2)),
    "emission": lambda p: emitting_states(np.eye(2), [[p, 0.5], [0.5, 0.5]]),
    "distribution": lambda p: Fixed([p, 0.5]),
}


@pytest.mark.parametrize("kind", GIVEN)
def test_probabilities_may_miss_a_sum_of_1_by_a_millionth_and_by_no_more(kind):
    for off in (9e-7, -9e-7):
        GIVEN[kind](0.5 + off)
    for off in (1.1e-6, -1.1e-6):
        with pytest.raises(InputError, match="sum"):
            GIVEN[kind](0.5 + off)
    assert Fixed([0.5 + 9e-7, 0.5]).predict(1).sum() == pytest.approx(1, abs=1e-15)


def test_stationary_distributions():
    random = np.random.default_rng(3)
    for size in (1, 2, 7):
        chain = random.dirichlet(np.ones(size) / 5, size=size)
        rest = stationary(chain)
        np.testing.assert_allclose(rest @ chain, rest, atol=1e-15)
    slow = np.array([[1 - 1e-14, 1e-14], [3e-14, 1 - 3e-14]])
    np.testing.assert_allclose(stationary(slow), [0.75, 0.25], rtol=1e-2)
    transient = np.array([[0.5, 0.5, 0], [0, 0, 1], [0, 1, 0]])
    np.testing.assert_allclose(stationary(transient), [0, 0.5, 0.5], atol=1e-15)


def test_a_letter_impossible_under_every_member_of_a_mixture_teaches_nothing():
    mixture = Mixture([Fixed([0.5, 0.5, 0.0]), Fixed([0.25, 0.75, 0.0])], [0.3, 0.7])
    start = mixture.start(1)
    after = mixture.update(start, np.array([2]))
    np.testing.assert_allclose(mixture.predict(after), mixture.predict(start), atol=1e-15)


def test_impossible_letters_are_rows_of_their_own_where_nothing_is_compiled(monkeypatch):
    exact = Forward(process("even"))
    letters = np.array([[1, 0, 1, 0, 1], [1, 1, 0, 0, 1]])  # the second begins and ends possible
    monkeypatch.setattr(native, "chain", lambda *_: None)
    np.testing.assert_allclose(exact.unrolled(letters), unroll(exact, letters), rtol=1e-12)
    assert exact._scaled(letters)[1].tolist()[0] == 0
