"""``ntmlab code``: files, or sequences of a task, as codes that a predictor drives, and back."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ntmlab.cli.inputs import letters_of, read_lines, specified_task
from ntmlab.cli.progress import progress_bar
from ntmlab.errors import InputError
from ntmlab.evaluation.checks import check_predictor
from ntmlab.evaluation.checks.code import FORMAT, Coded, decode, encode, read_coded
from ntmlab.evaluation.checks.module import make_subject
from ntmlab.evaluation.predictors import check_made_again, find_predictor
from ntmlab.files import check_writable, replacing, write_atomically
from ntmlab.foreign import is_foreign
from ntmlab.letters import write_letters
from ntmlab.models import names_code, split_model
from ntmlab.optimal.named import named_form
from ntmlab.sequences import Task
from ntmlab.streams.code import decode_file, default_model, encode_file, opened_head
from ntmlab.streams.formats import find_layout
from ntmlab.streams.opening import Opened, opened
from ntmlab.tasks import make_task, split_task
from ntmlab.trusted import check_trusted

STANDARD = "-"
MARKED = 64  # bytes, within which a code says of what kind it is


def run(arguments: argparse.Namespace) -> int:
    """Writes a code, or what stands in one, and says how long it is."""
    is_laid_out = arguments.format or arguments.alphabet or arguments.joined
    if arguments.back:
        if is_laid_out or arguments.model or arguments.task:
            raise InputError("--back takes all but FILE and --out from the code itself")
        return _read(arguments)
    if arguments.file == STANDARD and arguments.out is None:
        raise InputError("what comes from standard input needs --out FILE")
    of_any = arguments.model is None or named_form(arguments.model) is not None
    by_task = arguments.task is not None or not (of_any or is_laid_out)
    if by_task and is_laid_out:
        raise InputError("--format, --alphabet and --joined are of a file, --task of sequences")
    return _sequences(arguments) if by_task else _file(arguments)


def _file(arguments: argparse.Namespace) -> int:
    """Codes any file, as it is laid out."""
    out = Path(arguments.out or f"{arguments.file}.code")
    check_writable(out)
    layout = find_layout(
        arguments.file, arguments.format, arguments.alphabet, joined=arguments.joined
    )
    model = arguments.model or default_model(layout.letters)
    with (
        opened(arguments.file) as stream,
        replacing(out) as path,
        path.open("wb") as file,
        progress_bar(stream.name, stream.size) as progress,
    ):
        symbols, size = encode_file(stream, layout, model, file, progress)
    _print_size(out, symbols, size, model)
    return 0


def _read(arguments: argparse.Namespace) -> int:
    """Writes again what a code was made of, to standard output unless ``--out`` names another."""
    with opened(arguments.file) as stream:
        if FORMAT.encode() in stream.peek()[:MARKED]:
            _back(read_coded(b"".join(stream.blocks()), stream.name), stream.name, arguments.out)
        else:
            _file_back(stream, arguments.out)
    if arguments.out is not None:
        print(arguments.out)
    return 0


def _file_back(stream: Opened, where: str | None) -> None:
    """Writes a file again."""
    with _output(where) as out, progress_bar(stream.name, stream.size) as progress:
        head = opened_head(stream)
        _check_trusted(head.model, stream.name)
        decode_file(stream, head, out, progress)


@contextmanager
def _output(name: str | None) -> Iterator[BinaryIO]:
    if name is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with replacing(Path(name)) as path, path.open("wb") as file:
            yield file


def _sequences(arguments: argparse.Namespace) -> int:
    """Codes sequences of a task's letters, one a line."""
    out = Path(arguments.out or f"{arguments.file}.code")
    check_writable(out)
    name = arguments.model or "optimal"
    task, spec = specified_task(arguments, [name])
    letters = letters_of(task)
    sequences = read_lines(arguments.file, letters)
    predictor = find_predictor(name, task)
    (check,) = check_predictor(predictor, task, names=["decode"])
    if check.passed is not True:
        raise InputError(f"model {name} cannot be trusted with a code: {check.message}")
    check_made_again(predictor, name, task)
    subject = make_subject(predictor, task.outputs)
    coded = encode(subject, sequences, letters, name, spec)
    file = coded.to_bytes()
    write_atomically(out, file)
    _print_size(out, sum(coded.lengths), len(file), name)
    return 0


def _print_size(out: Path, symbols: int, size: int, model: str) -> None:
    """What a code takes with its head, in bits: how large its file is."""
    bits = 8 * size
    print(f"{out}: {symbols} symbols in {bits} bits, {bits / symbols:.4f} a symbol; {model}")


def _back(coded: Coded, name: str, out: str | None) -> None:
    """Decodes a task's sequences."""
    if out is not None:
        check_writable(Path(out))
    task = _task(coded, name)
    found = decode(make_subject(find_predictor(coded.model, task), task.outputs), coded)
    text = "".join(f"{write_letters(symbols, coded.letters)}\n" for symbols in found)
    if out is None:
        sys.stdout.write(text)
    else:
        write_atomically(Path(out), text.encode())


def _task(coded: Coded, where: str) -> Task:
    """The task that a code names; code that a file names must be in this folder or be trusted."""
    _check_trusted(coded.model, where)
    name = split_task(coded.task)[0]
    if is_foreign(name):
        check_trusted(name, where)
    task = make_task(coded.task)
    if task.letters != coded.letters:
        raise InputError(f"{where} has {coded.letters} letters, its task {task.letters}")
    return task


def _check_trusted(model: str, where: str) -> None:
    """Raises InputError for a model that is code nobody vouches for."""
    if names_code(model):
        check_trusted(split_model(model)[0], where)
