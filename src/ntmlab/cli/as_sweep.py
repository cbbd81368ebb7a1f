"""What is asked of ``ntmlab train`` and is a sweep: the command that does it."""

import argparse
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ntmlab.errors import InputError
from ntmlab.sweeps.study import parse_grid

SAME = ("sequences", "device", "jobs", "out")  # options that both have


@contextmanager
def one_at_a_time(arguments: argparse.Namespace) -> Iterator[None]:
    """A block that takes settings; an InputError names the sweep where values are in turn.

    Raises InputError where several runs are to be made at once.
    """
    if arguments.jobs is not None:
        raise InputError(f"several runs at once are a sweep: {as_sweep(arguments)}")
    try:
        yield
    except InputError as error:
        if not any(map(_in_turn, arguments.set)):
            raise
        raise InputError(f"{error}; values in turn are a sweep: {as_sweep(arguments)}") from None


def as_sweep(arguments: argparse.Namespace) -> str:
    """The `ntmlab sweep` of the same runs."""
    what = {"recipe": arguments.recipe, "model": arguments.model, "task": arguments.task}
    seeds = arguments.seed if arguments.seeds is None else arguments.seeds
    options = {**what, "seeds": seeds, **{name: getattr(arguments, name) for name in SAME}}
    parts = [[f"--{name}", str(value)] for name, value in options.items() if value is not None]
    settings = list(arguments.set)
    if arguments.snapshots is not None:
        settings.append(f"snapshots={arguments.snapshots}")
    parts += [["--set", setting] for setting in settings]
    return shlex.join(["ntmlab", "sweep", *(word for part in parts for word in part)])


def _in_turn(setting: str) -> bool:
    """Whether a setting has several values as a sweep takes them."""
    with suppress(InputError):
        return any(len(values) > 1 for values in parse_grid([setting]).values())
    return False
