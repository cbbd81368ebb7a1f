"""Compiled predictors of streams equal the readable ones to the last bit, and so do their codes."""

import numpy as np
import pytest

from ntmlab import make_task
from ntmlab.optimal import FilterPredictor, named_filter, unroll
from ntmlab.sequences import next_symbol
from ntmlab.streams.native import compiled, native_module
from ntmlab.streams.own_data import OwnData, usual_depth
from ntmlab.streams.reference import steps_of
from ntmlab.streams.walkers import NativeWalker, StepWalker, WindowWalker, walker_of

CASES = [
    *[("kt-0", 2), ("kt-3", 2), ("kt-2", 5), ("kt-1", 40), ("kt-1", 256), ("add-0.1-1", 40)],
    *[("ctw-0", 2), ("ctw-5", 2), ("ctw-3", 3), ("ctw-1", 40), ("mixture-0-4", 2)],
    *[("mixture-0-1", 40), ("ppm-5", 2), ("ppm-2", 5), ("ppm-1", 40), ("add-1e299-1", 20)],
]

needs_native = pytest.mark.skipif(native_module() is None, reason="nothing was compiled")


def drawn(letters, count=700):
    """Letters, the first ones oftener, then one alone."""
    random = np.random.default_rng(letters)
    symbols = (random.random(count) ** 2 * letters).astype(np.uint8)
    symbols[-150:] = letters - 1
    return symbols


@needs_native
@pytest.mark.parametrize(("name", "letters"), CASES)
def test_compiled_equals_readable_to_the_last_bit(name, letters):
    exact, symbols = named_filter(name, letters), drawn(letters)
    quick, slow = NativeWalker(compiled(exact)), StepWalker(lambda: steps_of(exact))
    steps, said = steps_of(exact), np.empty(letters)
    for t, symbol in enumerate(symbols[:300].tolist()):
        quick.model.predict(said)
        assert (said == steps.probabilities).all(), t
        steps.update(symbol)
        quick.cost(symbols[t : t + 1])
    quick.restart()
    assert quick.cost(symbols) == pytest.approx(slow.cost(symbols), rel=1e-12)
    quick.restart(), slow.restart()
    encoder, readable = quick.encoder(), slow.encoder()
    for part in (symbols[:100], symbols[100:]):
        quick.encode(encoder, part), slow.encode(readable, part)
    code = encoder.finish()
    assert code == np.packbits(np.array(readable.finish(), dtype=np.uint8)).tobytes()
    for walker in (quick, slow):
        walker.restart()
        assert (walker.decode(walker.decoder(code), len(symbols)) == symbols).all()


@pytest.mark.parametrize(("name", "letters"), [case for case in CASES if "1e299" not in case[0]])
def test_readable_steps_are_the_filter(name, letters):
    exact, symbols = named_filter(name, letters), drawn(letters, 300)
    steps, expected = steps_of(exact), unroll(exact, symbols[None].astype(np.int64))[0]
    for t, symbol in enumerate(symbols.tolist()):
        np.testing.assert_allclose(steps.probabilities, expected[t], rtol=1e-9)
        steps.update(symbol)


@needs_native
def test_weights_beyond_all_numbers_come_back():
    """Thousands of letters for one member, then thousands for another."""
    random = np.random.default_rng(0)
    turn = (np.arange(4000) % 2).astype(np.uint8)
    symbols = np.concatenate([turn, random.integers(0, 2, 3000).astype(np.uint8)])
    for name in ("mixture-0-2", "ctw-2"):
        exact = named_filter(name, 2)
        slow = StepWalker(lambda exact=exact: steps_of(exact))
        assert compiled(exact).cost(symbols) == pytest.approx(slow.cost(symbols), rel=1e-12)


@needs_native
def test_odds_beyond_all_numbers_come_back():
    """A tree that was sure to split by 1,500 bits is in doubt again when both halves are equal."""
    turn = (np.arange(1500) % 2).astype(np.uint8)
    symbols = np.concatenate([turn, np.repeat(np.uint8([0, 1, 0, 1]), [750, 750, 8, 8])])
    exact = named_filter("ctw-1", 2)
    quick, steps, said = NativeWalker(compiled(exact)), steps_of(exact), np.empty(2)
    for t, symbol in enumerate(symbols.tolist()):
        if t >= 2900:
            quick.model.predict(said)
            np.testing.assert_allclose(said, steps.probabilities, rtol=1e-9)
        steps.update(symbol)
        quick.cost(symbols[t : t + 1])


@needs_native
@pytest.mark.parametrize("name", ["kt-2", "ctw-8", "ppm-2", "mixture-0-2"])
def test_streaming_is_the_whole_and_a_restart_forgets(name):
    symbols = drawn(2, 5000)
    model = compiled(named_filter(name, 2))
    whole = model.cost(symbols)
    model.restart()
    parts = sum(model.cost(symbols[i : i + 701]) for i in range(0, 5000, 701))
    assert parts == pytest.approx(whole, rel=1e-12)
    with pytest.raises(ValueError, match="letters"):
        model.cost(symbols + 1)


def test_windows_predict_each_symbol_from_at_least_half_of_one():
    symbols = drawn(2, 3000)
    task = OwnData(2, symbols[:500].tobytes())
    predictor = FilterPredictor(named_filter("kt-2", 2))
    called = lambda inputs: predictor(inputs)  # noqa: E731 - as a user's own, without a state
    whole, parts = walker_of(called, task), walker_of(called, task)
    assert isinstance(whole, WindowWalker)
    cost = whole.cost(symbols)
    assert sum(parts.cost(symbols[i : i + 333]) for i in range(0, 3000, 333)) == pytest.approx(cost)
    expected = _cost(predictor, symbols[:512], 0)
    for start in range(256, 3000 - 256, 256):
        expected += _cost(predictor, symbols[start : start + 512], 256)
    assert cost == pytest.approx(expected)
    few = symbols[:700]
    whole.restart()
    encoder = whole.encoder()
    whole.encode(encoder, few)
    coded = len(encoder.finish())
    whole.restart()
    assert abs(coded - whole.cost(few)) < 3


def _cost(predictor, symbols, known):
    sequences = next_symbol([symbols.tolist()])
    said = predictor(sequences.inputs).numpy()
    cost = sequences.outputs.cost_bits(said, sequences.targets.numpy(), sequences.mask.numpy())
    return cost[0, known:].sum()


def test_a_carried_model_costs_what_one_pass_says():
    from ntmlab import load_model
    from ntmlab.models import ModulePredictor

    task = make_task("dynamic-ngrams")
    predictor = ModulePredictor(load_model("ngrams-lstm"), task.outputs)
    symbols = drawn(2, 600)
    walker = walker_of(predictor, OwnData(2, symbols.tobytes()))
    found = sum(walker.cost(symbols[i : i + 250]) for i in range(0, 600, 250))
    assert found == pytest.approx(_cost(predictor, symbols, 0), rel=1e-5)


def test_the_usual_depth_is_of_as_many_contexts_as_are_counted():
    """2^16 of them: 65,536 is 2^16, 4^8, 16^4 and 256^2."""
    usual = {2: 16, 3: 8, 4: 8, 5: 5, 9: 5, 10: 4, 16: 4, 17: 3, 40: 3, 41: 2, 256: 2}
    assert {letters: usual_depth(letters) for letters in usual} == usual
