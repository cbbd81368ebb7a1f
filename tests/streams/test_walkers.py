"""What goes along sequences: a new one knows nothing of the last, and no window is too long."""

import math

import numpy as np
import pytest
import torch

from ntmlab import InputError
from ntmlab.evaluation.checks.coder import Encoder
from ntmlab.optimal import FilterPredictor, named_filter
from ntmlab.streams import code, walkers
from ntmlab.streams.own_data import OwnData
from ntmlab.streams.reference import FilterSteps
from ntmlab.streams.walkers import ModuleWalker, StepWalker, WindowWalker, walker_of
from tests.evaluation.checks import planted

SYMBOLS = (np.random.default_rng(0).random(1100) < 0.3).astype(np.uint8)
TASK = OwnData(2, SYMBOLS[:400].tobytes())


def carried():
    torch.manual_seed(0)
    return planted.GRU().eval()


def at_most_a_window(inputs):
    """As a model with so many learned positions and no more."""
    assert inputs.shape[1] <= walkers.WINDOW
    return FilterPredictor(named_filter("kt-2", 2))(inputs)


@pytest.mark.parametrize(
    ("make", "kind"), [(carried, ModuleWalker), (lambda: at_most_a_window, WindowWalker)]
)
def test_a_restart_forgets_all(make, kind):
    walker = walker_of(make(), TASK)
    assert isinstance(walker, kind)
    first = walker.cost(SYMBOLS[:800])
    for before in (1, 300, 900):
        walker.restart()
        walker.cost(SYMBOLS[:before])
        walker.restart()
        assert walker.cost(SYMBOLS[:800]) == pytest.approx(first, rel=1e-6)


def test_a_code_asks_for_no_more_steps_than_a_window_has():
    walker = walker_of(at_most_a_window, TASK)
    encoder = walker.encoder()
    walker.encode(encoder, SYMBOLS[:600])
    bits = len(encoder.finish())
    walker.restart()
    assert abs(bits - walker.cost(SYMBOLS[:600])) < 3


def test_what_takes_a_state_and_returns_none_goes_in_windows():
    class Forgets(planted.GRU):
        def forward(self, inputs, state=None):
            return super().forward(inputs, state)[0], None

    assert isinstance(walker_of(Forgets().eval(), TASK), WindowWalker)


def test_steps_cost_bits():
    walker = StepWalker(lambda: FilterSteps(named_filter("add-1e299-0", 7)))
    symbols = np.arange(70, dtype=np.uint8) % 7
    assert walker.cost(symbols) == pytest.approx(70 * math.log2(7), rel=1e-9)
    assert isinstance(walker.encoder(), Encoder)


def test_what_does_not_decode_writes_no_code(monkeypatch):
    monkeypatch.setattr(code, "bound", lambda name, task: planted.DropoutOn().eval())
    with pytest.raises(InputError, match="model mine cannot be trusted with a code: symbol"):
        code.find_coder("mine", 2)
