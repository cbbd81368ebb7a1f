"""``ntmlab check``: what must hold of a model before its gap means anything."""

import argparse
import json
from collections.abc import Sequence

from ntmlab.cli.inputs import specified_task
from ntmlab.errors import InputError
from ntmlab.evaluation.checks import Check, check_predictor
from ntmlab.evaluation.checks.check import WORDS
from ntmlab.evaluation.checks.probes import LONGEST
from ntmlab.evaluation.predictors import untested_predictor

PASSED, FAILED = 0, 1


def run(arguments: argparse.Namespace) -> int:
    """Prints a line a check, or a JSON object; 1 if one failed."""
    lengths = arguments.lengths
    for length in lengths or ():
        if not 1 <= length <= LONGEST:
            raise InputError(f"--lengths are from 1 to {LONGEST} steps, not {length}")
    task, spec = specified_task(arguments, [arguments.model])
    predictor = untested_predictor(arguments.model, task)
    checks = check_predictor(predictor, task, names=arguments.only, lengths=lengths or None)
    if arguments.json:
        found = [check.to_json() for check in checks]
        print(json.dumps({"model": arguments.model, "task": spec, "checks": found}))
    else:
        print(f"{arguments.model} on {spec}\n{table(checks)}\n{summary(checks)}")
    return FAILED if any(check.passed is False for check in checks) else PASSED


def table(checks: Sequence[Check]) -> str:
    """A line a check: whether it passed, its name, what was tried or what is wrong."""
    return "\n".join(f"{WORDS[c.passed]:<7}  {c.name:<10}  {c.message}{_bits(c)}" for c in checks)


def summary(checks: Sequence[Check]) -> str:
    """All in one line.

    >>> summary([Check("shape", True, None, None, None, ""), Check("rows", False, 1, None, 2, "")])
    '1 passed, 1 failed: rows'
    """
    failed = [check.name for check in checks if check.passed is False]
    passed = sum(check.passed is True for check in checks)
    return (
        f"{passed} passed, {len(failed)} failed: {', '.join(failed)}"
        if failed
        else f"{passed} passed"
    )


def _bits(check: Check) -> str:
    """What a failure costs."""
    return "" if check.bits is None else f"; {check.bits:.3g} bits"
