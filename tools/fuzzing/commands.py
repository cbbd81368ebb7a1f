"""Command lines: many in each of a chain of children, and what each did.

A child is forked from a process that has imported all commands, and ends after the first line that
was ended by Ctrl-C. One line in AFRESH runs in a process begun for it alone, so that what is found
is found of commands and not of forks.
"""

import argparse
import gc
import json
import os
import random
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

import ntmlab.cli.parser as parser_module
from ntmlab.cli import hear_later, main
from tools.fuzzing.tried import Tried, mutated

Drawn = Callable[[random.Random], list[str]]  # a command line, whose files are then there

IN_A_CHILD = 250
AFRESH = 1000
CTRL_C = "Ctrl-C after"
TIMERS = (signal.ITIMER_PROF, signal.ITIMER_REAL)
# Seconds of computing after which comes Ctrl-C, and how often: most has been seen by then.
BUSY_S = {0.1: 900, 1.0: 99, 10.0: 1}
LONG_S = 20  # of the clock: then it comes too
ESCAPED = 70  # exit status of a child that something escaped from
HANG_S = 10  # after it, where nothing else runs on the machine: then it hangs

# Values that options take, to begin with: all that is small.
SMALL = """
0 1 2 3 7 16 0.5 1e-3 -1 0:2 1,2 0:9 ntm lstm kt-2 optimal coin oracle ngrams-ntm copy-ntm
ngrams-quick copy-quick cpu cuda dynamic-ngrams dynamic-ngrams:length=8 hmm:mess3 copy
change-points change-points:hazard=0.1 mixture-2-4 window-8 decay-0.9 cap-3 ctw-2 ptw 0110 abca
0,1,2 bits letters bytes integers ACGT own.txt card.json out.png out.svg missing/out.png . - --
os:getcwd math:sin json:x gru:hidden_size=4 task.length=6 model.slots=4 batch=2
learning_rate=1e-3 one symbol kernels recipes tasks models parameters runs
"""
VALUES = [*SMALL.split(), ""]
FILES = {
    "own.txt": b"0110\n1010\n",
    "letters.txt": b"abca\nbcab\n",
    "numbers.txt": b"1 2 3\n3 2 1\n",
    "card.json": b'{"format": "ntmlab-weights-1", "model": "ntm", "options": {}}',
    "card.safetensors": b"\x08\x00\x00\x00\x00\x00\x00\x00{}      ",
    "config.json": b'{"format": "ntmlab-run-1", "recipe": {}, "seed": 0}',
}


def fuzz_commands(tried: Tried, folder: Path) -> None:
    """Tries command lines, a few hundred in each child, until there were enough."""
    warm_up(folder)
    options = options_of()

    def drawn(draw: random.Random) -> list[str]:
        _place_files(draw, folder)
        return command_line(draw, options)

    in_children(tried, folder, drawn)


def in_children(tried: Tried, folder: Path, drawn: Drawn) -> None:
    """Tries the command lines that are drawn, each with the files that it needs."""
    told, due = folder / "told.jsonl", 0
    while not tried.over:
        if tried.made >= due:
            tried.note(*afresh(drawn(tried.random), folder))
            due += AFRESH
        told.write_bytes(b"")
        count = min(IN_A_CHILD, tried.most - tried.made)
        seed, process = tried.random.getrandbits(32), os.fork()
        if process == 0:
            try:
                _child(random.Random(seed), count, folder, told, drawn)
            finally:  # never into what the parent does at its end: the folder is its own
                os._exit(ESCAPED)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        rows = [json.loads(line) for line in told.read_text().splitlines()]
        for row in rows:
            if "answer" in row:
                tried.note(row["answer"], row["wrong"])
        if status:
            last = rows[-1]["arguments"] if rows else "nothing"
            stack = (folder / "stack.txt").read_text()[-700:]
            tried.note("ended the process", f"{last} ended the process: {status}\n{stack}")


def patience() -> float:
    """Seconds of the clock within which a command ends after Ctrl-C, as busy as the machine is."""
    return HANG_S * (1 + os.getloadavg()[0])


def afresh(arguments: list[str], folder: Path) -> tuple[str, str]:
    """How a command line was answered by a process of its own, and what is wrong with that."""
    if arguments[0] == "explore":  # serves until it is ended: tools/fuzzing/requests.py
        arguments = ["explore", "--help", *arguments[1:]]
    program = [sys.executable, "-m", "ntmlab", *arguments]
    null = subprocess.DEVNULL
    process = subprocess.Popen(
        program, cwd=folder, stdin=null, stdout=null, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        errors = process.communicate(timeout=LONG_S)[1]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGINT)
        try:
            errors = process.communicate(timeout=patience())[1]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return "new process hangs", f"{arguments}: a new process hangs"
    wrong = judged(arguments, process.returncode, errors.decode(errors="replace"), "", folder)
    return f"new process, exit {process.returncode}", wrong


def warm_up(folder: Path) -> None:
    """Imports what commands import, and keeps off what would leave the folder or never end."""
    import importlib

    import uvicorn

    os.chdir(folder)
    torch.set_num_threads(1)  # threads do not outlive a fork
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` has it ignored
    for name in ["torch._dynamo", *(f"ntmlab.cli.{name}" for name in parser_module.COMMANDS)]:
        importlib.import_module(name)
    sys.argv[0], sys.unraisablehook = "ntmlab", hear_later
    uvicorn.Server.run = lambda *arguments, **more: None  # type: ignore[method-assign]
    import webbrowser

    webbrowser.open = lambda *arguments, **more: True
    gc.freeze()  # what no child looks through is shared with it


def _child(draw: random.Random, count: int, folder: Path, told: Path, drawn: Drawn) -> None:
    """Tries command lines in this process; writes of each what it was, then what it did."""
    import faulthandler

    os.chdir(folder)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, _interrupt)
    with told.open("a", buffering=1) as out, (folder / "stack.txt").open("w") as stack:
        for _ in range(count):
            arguments = drawn(draw)
            out.write(json.dumps({"arguments": arguments}) + "\n")
            faulthandler.dump_traceback_later(LONG_S + patience(), exit=True, file=stack)
            busy_s = draw.choices([*BUSY_S], [*BUSY_S.values()])[0]
            answer, wrong = run(arguments, folder, busy_s)
            faulthandler.cancel_dump_traceback_later()
            out.write(json.dumps({"answer": answer, "wrong": wrong}) + "\n")
            if answer.startswith(CTRL_C):  # amid an import, it may be: as ever, the end
                break
    os._exit(0)


def _interrupt(number: int, frame: object) -> None:
    """Ctrl-C, once: a second one may break off the cleaning up after the first."""
    _no_more_timers()
    signal.raise_signal(signal.SIGINT)


def _no_more_timers() -> None:
    for timer in TIMERS:
        signal.setitimer(timer, 0)


def run(arguments: list[str], folder: Path, busy_s: float) -> tuple[str, str]:
    """How a command line was answered, and what is wrong with that, if anything.

    What computes for so long is ended by Ctrl-C.
    """
    said = folder / "said.txt"
    saved = os.dup(1), os.dup(2)
    opened = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(opened, 2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.close(opened)
    status: Any = None
    broken, came = "", True
    signal.setitimer(signal.ITIMER_PROF, busy_s)
    signal.setitimer(signal.ITIMER_REAL, LONG_S)
    with suppress(KeyboardInterrupt):  # one that comes when the command has ended
        try:
            status = main(arguments)
        except SystemExit as stop:
            status = stop.code
        except BaseException:
            status, broken = 1, traceback.format_exc()
        came = any(signal.getitimer(timer)[0] == 0 for timer in TIMERS)
    _no_more_timers()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for number, own in zip((1, 2), saved, strict=True):
        os.dup2(own, number)
        os.close(own)
    errors = said.read_text(errors="replace")
    answer = f"exit {status}"
    if came:
        who = f": {arguments[0]}" if busy_s == max(BUSY_S) else ""
        answer = f"{CTRL_C} {busy_s:g} s, {answer}{who}"
    return answer, judged(arguments, status, errors, broken, folder)


def judged(arguments: list[str], status: Any, errors: str, broken: str, folder: Path) -> str:
    """What is wrong, if anything."""
    left = sorted(folder.rglob(".partial-*"))
    for path in left:
        path.unlink()  # said once
    asked = any(len(text) > 2 and "--debug".startswith(text) for text in arguments)  # --d is enough
    if broken or ("Traceback" in errors and not asked):
        return f"traceback {(broken or errors).splitlines()[-1]}: {arguments}\n{broken[-700:]}"
    if status not in (None, 0, 1, 2):
        return f"exit {status}: {arguments}"
    if left:
        return f"left {[path.name for path in left]}: {arguments}"
    lines = [line for line in errors.splitlines() if line.startswith("ntmlab") and "rror" in line]
    if status == 2 and (len(lines) != 1 or not errors.endswith(f"{lines[-1]}\n")):
        return f"exit 2 and said {errors[:300]!r}: {arguments}"
    return ""


def options_of() -> dict[str, list[argparse.Action]]:
    """The commands, and what each takes, by the parser itself."""
    parser = parser_module.make_parser()
    commands = next(a.choices for a in parser._actions if isinstance(a.choices, dict))
    return {name: command._actions for name, command in commands.items()}


def command_line(draw: random.Random, options: dict[str, list[argparse.Action]]) -> list[str]:
    """A command with some of its options, and values that are right, wrong or hostile."""
    name = draw.choice(list(options))
    taken = draw.sample(options[name], k=min(len(options[name]), draw.randint(0, 5)))
    parts = [name]
    for action in taken:
        parts += [draw.choice(action.option_strings)] if action.option_strings else []
        if action.nargs != 0:
            parts += [value(draw, action) for _ in range(draw.choice((1, 1, 1, 1, 2, 0)))]
    if draw.random() < 0.1:
        parts.insert(draw.randrange(len(parts) + 1), value(draw, None))
    return parts


def value(draw: random.Random, action: argparse.Action | None) -> str:
    """A value: one of the option's own, another's, or either mutated."""
    own = list(action.choices) if action and action.choices else []
    text = str(draw.choice(own) if own and draw.random() < 0.5 else draw.choice(VALUES))
    if draw.random() < 0.35:
        text = os.fsdecode(mutated(draw, text.encode(), 2)).replace("\0", "")
    return text


def _place_files(draw: random.Random, folder: Path) -> None:
    """Files that options can name, some of them mutated."""
    for name, content in FILES.items():
        if draw.random() < 0.05:
            (folder / name).write_bytes(mutated(draw, content))
        elif not (folder / name).is_file():
            (folder / name).write_bytes(content)
