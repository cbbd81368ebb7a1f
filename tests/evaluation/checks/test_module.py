"""By which argument a module takes its state, told from its signature alone."""

import pytest
from torch import nn

from ntmlab.evaluation.checks.module import NO_STATES, STATES, _state_argument


def signature(arguments):
    """A module whose forward has these arguments beside its inputs."""
    names = {}
    exec(f"def forward(self, inputs{arguments}): ...", names)
    return type("Own", (nn.Module,), {"forward": names["forward"]})()


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("", None),
        (", h=None", "h"),  # the second of all, whatever it is called
        (", h", None),  # unless it must be given, and so may be anything
        (", h=1", None),
        (", flag=True, h=None", None),
        (", state", "state"),  # a name that says it counts wherever it stands
        (", state=0", "state"),
        (", state=None, cache=None", "state"),
        (", flag=True, hx=()", "hx"),
        (", first=None, *, cache=None", "cache"),
        *((f", {name}=None", None) for name in NO_STATES),
        *((f", key_{name}=None", None) for name in NO_STATES),
        *((f", key=None, {name}=None", name) for name in STATES),
    ],
)
def test_a_state_is_told_by_its_name_or_as_a_second_argument_that_is_none(arguments, found):
    assert _state_argument(signature(arguments)) == found
