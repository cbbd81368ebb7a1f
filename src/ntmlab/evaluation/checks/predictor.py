"""All checks of a predictor, each with what the others found out."""

import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from ntmlab.errors import InputError, unknown_name
from ntmlab.evaluation.checks import causality, numerics, outputs, rows, state
from ntmlab.evaluation.checks.check import NAMES, Check, Checks, skipped
from ntmlab.evaluation.checks.decode import Claim, decode
from ntmlab.evaluation.checks.module import make_subject
from ntmlab.evaluation.checks.probes import LENGTHS, LONGEST, Probes, further
from ntmlab.evaluation.checks.repeated import Kept, repeatable, still
from ntmlab.evaluation.checks.subject import Subject, UnusableError
from ntmlab.sequences import Task
from ntmlab.tasks import make_task

Run = Callable[[], Check]

NEED_TWO: Final = ("causality", "past", "state")  # steps, to say anything


def check_predictor(
    model: object,
    task: Task | str,
    *,
    names: Collection[str] | None = None,
    lengths: Sequence[int] | None = None,
    claim: Claim | None = None,
) -> Checks:
    """What is right and wrong with a model or predictor on a task: a list, one `Check` a property.

    ``model`` is a PyTorch module (logits out; carried on by ``outputs, state = model(x, state)`` if
    it takes and returns a state), an exact predictor or filter, what an adapter made, or a callable
    from inputs to probabilities. ``names`` chooses among `NAMES`,
    ``lengths`` the steps that are tried: `LENGTHS` and the task's own unless given, of more than
    200 as long as it takes no longer than about a second; what was not tried is said. ``claim``
    says what sequences cost in bits where a model says so itself; the code's length is then held
    against it.

    Differences are measured against the model's own rounding: 16 times its distance to float64, at
    most, is called rounding. Raises InputError for what is no predictor, no check or no length.

    >>> from ntmlab import make_task
    >>> task = make_task("dynamic-ngrams:order=3")
    >>> [check] = check_predictor(task.optimal(), task, names=["causality"])
    >>> check.name, check.passed
    ('causality', True)
    """
    wanted = list(names or ()) or list(NAMES)  # of an iterator, which can be read once
    for name in wanted:
        if name not in NAMES:
            raise unknown_name("check", name, NAMES)
    given = make_task(task) if isinstance(task, str) else task
    subject = make_subject(model, given.outputs)
    tried = set(_usual(given) if lengths is None else _whole(lengths))
    more = further(given.steps) if lengths is None else []
    numbers = subject.module is not None
    probes = Probes(given, sorted(tried), numbers=numbers, further=more)
    found = {check.name: check for check in _checks(subject, probes, wanted, claim)}
    return Checks(found[name] for name in NAMES if name in wanted)


def _whole(lengths: Iterable[int]) -> list[int]:
    """The lengths that are given; raises InputError for none, and for what are no steps."""
    try:
        found = [operator.index(length) for length in lengths]
    except TypeError:
        found = []
    if not found or min(found) < 1:
        raise InputError(f"lengths are whole numbers from 1 on, as in (1, 2, 64), not {lengths!r}")
    return found


def _usual(task: Task) -> tuple[int, ...]:
    """The lengths about chunks, and the task's own where it is no longer than they."""
    return tuple(length for length in (*LENGTHS, task.steps) if 0 < length <= LONGEST)


def _checks(
    subject: Subject, probes: Probes, names: Collection[str], claim: Claim | None
) -> Iterator[Check]:
    """Each check that is asked for; the first ones also where others need what they find."""
    kept = Kept(subject, probes, None)
    every, basic = _basic(subject, probes)
    yield from basic
    more = [length for length in sorted(every) if length in probes.further]
    good = {length: said for length, said in every.items() if length not in more}
    lengths = sorted(good)
    again = _run("repeatable", lengths, lambda: repeatable(subject, probes, lengths))
    yield again
    if again.passed is False and again.size is not None:
        lengths, more, why = [], [], "two calls differ, so no two answers can be compared"
    else:
        why = "there is no length at which it answers"
    apart = _run("rows", lengths, lambda: rows.rows(subject, probes, lengths), why)
    yield apart
    alone = apart.passed is False  # then no batch can tell what is seen of later steps
    asked: causality.Asked = {}
    later: dict[str, Run] = {
        "causality": lambda: causality.causality(
            subject, probes, lengths, asked, more, alone=alone
        ),
        "past": lambda: causality.past(subject, probes, lengths, asked, alone=alone),
        "state": lambda: state.state(subject, probes, lengths),
        "precision": lambda: numerics.precision(subject, probes, lengths),
        "gradients": lambda: numerics.gradients(subject, probes, lengths),
    }
    for name, run in later.items():
        if name in names and lengths and max(lengths) == 1 and name in NEED_TWO:
            yield skipped(name, "there is no length but 1 at which it answers")
        elif name in names:
            yield _run(name, lengths, run, why)
    everywhere = sorted(good)
    if "decode" in names:
        yield _run("decode", everywhere, lambda: decode(subject, probes, everywhere, claim))
    if again.passed:
        yield _run("repeatable", everywhere, lambda: still(subject, probes, good) or again)
    kept.length = everywhere[-1] if everywhere else None
    yield _run("untouched", probes.lengths, kept.untouched)


def _basic(subject: Subject, probes: Probes) -> tuple[dict[int, np.ndarray], list[Check]]:
    """The answers at the lengths at which there are good ones; shape, finite, normalised."""
    form, good = outputs.shape(subject, probes)
    if not good:
        why = "there are no outputs"
        return good, [form, skipped("finite", why), skipped("normalised", why)]
    numbers = outputs.finite(probes, good)
    return good, [form, numbers, outputs.normalised(subject, probes, good)]


def _run(name: str, lengths: Sequence[int], run: Run, why: str = "") -> Check:
    """A check, or why it cannot be made."""
    if not lengths:
        return skipped(name, why or "there is no length at which it answers")
    try:
        return run()
    except UnusableError as error:
        return Check(name, False, None, None, None, str(error))
