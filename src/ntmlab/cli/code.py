"""``ntmlab code``: sequences as a code that a model's predictions drive, and back."""

import argparse
import sys
from pathlib import Path

from ntmlab.cli.inputs import next_symbol_task, read_lines
from ntmlab.errors import InputError
from ntmlab.evaluation.checks import check_predictor
from ntmlab.evaluation.checks.code import Coded, decode, encode, read_coded
from ntmlab.evaluation.checks.module import make_subject
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.files import write_atomically
from ntmlab.foreign import is_foreign
from ntmlab.letters import write_letters
from ntmlab.sequences import Task
from ntmlab.tasks import make_task, specification, split_task
from ntmlab.trusted import check_trusted


def run(arguments: argparse.Namespace) -> int:
    """Writes a code, or the sequences of one, and says how long it is."""
    if arguments.back:
        return _back(arguments)
    if arguments.file == "-" and arguments.out is None:
        raise InputError("what comes from standard input needs --out FILE")
    task, letters = next_symbol_task(arguments, [arguments.model])
    sequences = read_lines(arguments.file, letters)
    predictor = find_predictor(arguments.model, task)
    (check,) = check_predictor(predictor, task, names=["decode"])
    if check.passed is not True:
        raise InputError(f"model {arguments.model} cannot be trusted with a code: {check.message}")
    subject = make_subject(predictor, task.outputs)
    spec = specification(task.name, task.options())
    coded = encode(subject, sequences, letters, arguments.model, spec)
    out = Path(arguments.out or f"{arguments.file}.code")
    write_atomically(out, coded.to_bytes())
    symbols, bits = sum(coded.lengths), 8 * len(coded.bits)
    print(f"{out}: {symbols} symbols in {bits} bits, {bits / symbols:.4f} a symbol")
    return 0


def _back(arguments: argparse.Namespace) -> int:
    """Decodes a file, to standard output unless ``--out`` names another."""
    try:
        coded = read_coded(Path(arguments.file).read_bytes(), arguments.file)
    except OSError as error:
        raise InputError(f"cannot read {arguments.file}: {error.strerror}") from None
    task = _task(coded, arguments.file)
    found = decode(make_subject(find_predictor(coded.model, task), task.outputs), coded)
    text = "".join(f"{write_letters(symbols, coded.letters)}\n" for symbols in found)
    if arguments.out is None:
        sys.stdout.write(text)
        return 0
    write_atomically(Path(arguments.out), text.encode())
    print(arguments.out)
    return 0


def _task(coded: Coded, where: str) -> Task:
    """The task that a code names; code that a file names must be in this folder or be trusted."""
    for name in (coded.model, split_task(coded.task)[0]):
        if is_foreign(name):
            check_trusted(name, where)
    task = make_task(coded.task)
    if task.letters != coded.letters:
        raise InputError(f"{where} has {coded.letters} letters, its task {task.letters}")
    return task
