"""Files of every kind that commands read, broken in their bytes or in what they say.

What has a digest or a checksum gets one that fits again: what is behind it is tried as well.
"""

import bz2
import gzip
import hashlib
import json
import lzma
import random
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ntmlab.cli import main
from ntmlab.streams.coded import END, HEAD
from tools.fuzzing.commands import in_children, warm_up
from tools.fuzzing.requests import twisted
from tools.fuzzing.tried import Tried, mutated

SETTINGS: Final = (
    "task.length=6",
    "model.slots=4",
    "model.slot_width=3",
    "model.controller_size=4",
)
SIGNS: Final = (
    *(
        "01",
        "01",
        "abc",
        "ACGT",
        "0123456789",
        "\u00e9\u0301a",
        "\u2028\u0085x",
        "\ud7ff\ue000",
        "\0\x1b",
    ),
    *(
        "\U0001f600\U0001f601",
        "\u0660\u0661",
        "\ufeff01",
        " \t01",
        "," * 3 + "012",
        "-1 2",
        "aA",
        "\x7f\x80",
    ),
)
PACK: Final[tuple[Callable[[bytes], bytes], ...]] = (gzip.compress, bz2.compress, lzma.compress)
HMM: Final[dict[str, Any]] = {
    "transition": [[0.9, 0.1], [0.2, 0.8]],
    "emission": [[0.5, 0.5], [0.1, 0.9]],
    "start": [0.5, 0.5],
}
MATRICES: Final = {"matrices": [[[0.5, 0.0], [0.25, 0.25]], [[0.0, 0.5], [0.25, 0.25]]]}
NUMBERS: Final[tuple[Any, ...]] = (
    *(10**400, -(10**400), float("nan"), float("inf"), 1e308, 5e-324, True, "0.5", [[0.5]] * 300),
    *(
        {"a": 1},
        [],
        [[]],
        None,
        0,
        -1,
        2**31,
        2**63,
        2**64,
        1.5,
        "x" * 5000,
        "ctw-99",
        "kt-999999999",
    ),
    *(
        "ntm",
        "os:getcwd",
        "../run",
        "copy",
        "hmm:mess3",
        "bits",
        "letters",
        "integers",
        "window-8",
        "\ud800",
    ),
)


def fuzz_contents(tried: Tried, folder: Path) -> None:
    """Makes one of each kind, then breaks copies of them and gives these to commands."""
    warm_up(folder)
    prepare(folder)
    in_children(tried, folder, lambda draw: draw.choice(KINDS)(draw, folder))


def prepare(folder: Path) -> None:
    """A run, its weights, and codes, as they should be."""
    (folder / "own.txt").write_text("0110100\n110\n01\n" * 9)
    (folder / "letters.txt").write_text("abcab\nbca\n" * 9)
    settings = [part for setting in (*SETTINGS, "sequences=32") for part in ("--set", setting)]
    main(["train", "ngrams-quick", "--seed", "1", *settings, "--out", "run"])
    main(["code", "own.txt", "--out", "own.code"])
    main(["code", "letters.txt", "--format", "letters", "--model", "kt-1", "--out", "letters.code"])
    main(["code", "own.txt", "--task", "dynamic-ngrams:length=8", "--out", "task.code"])


def letters(draw: random.Random, folder: Path) -> list[str]:
    """A file of letters, and a command that reads one."""
    text = "".join(draw.choices(draw.choice(SIGNS), k=draw.choice((0, 1, 2, 30, 300))))
    for _ in range(draw.randint(0, 6)):
        place = draw.randrange(len(text) + 1)
        text = (
            text[:place]
            + draw.choice(("\n", "\n\n", "\r\n", " ", ",", "7", "999999999999"))
            + text[place:]
        )
    if draw.random() < 0.05:
        text = "".join(map(chr, range(0x100, 0x100 + draw.choice((255, 256, 257, 400)))))
    content = text.encode(errors="surrogatepass")
    if draw.random() < 0.3:
        content = draw.choice(PACK)(content)
    if draw.random() < 0.4:
        content = mutated(draw, content, 3)
    path = folder / "some.txt"
    path.write_bytes(content * draw.choice((1, 1, 1, 1, 3000)))
    layout = (
        []
        if draw.random() < 0.3
        else ["--format", draw.choice(("bits", "letters", "bytes", "integers"))]
    )
    if draw.random() < 0.3:
        layout += ["--alphabet", draw.choice((*SIGNS, "", "a", "aa", "300", "2", "0", "9" * 40))]
    layout += ["--joined"] * (draw.random() < 0.2)
    model = draw.choice(
        ("kt-2", "ctw-3", "ppm-2", "coin", "window-8", "ngrams-ntm", "optimal", "kt-9", "ptw")
    )
    task = draw.choice(("dynamic-ngrams", "hmm:mess3", "coins:letters=36", "copy", "change-points"))
    return draw.choice(
        (
            ["evaluate", "--file", "some.txt", *layout, "--models", model],
            ["evaluate", "--file", "some.txt", *layout],
            ["code", "some.txt", *layout, "--model", model, "--out", "new.code"],
            ["code", "some.txt", *layout, "--out", "new.code"],
            ["code", "some.txt", "--task", task, "--model", model, "--out", "new.code"],
            ["predict", "--file", "some.txt", "--task", task, "--models", model],
            ["figure", "--file", "some.txt", "--task", task, "--models", model, "--terminal"],
        )
    )


def code(draw: random.Random, folder: Path) -> list[str]:
    """A code that is broken, or whose head or blocks say other things."""
    content = (folder / draw.choice(("own.code", "letters.code", "task.code"))).read_bytes()
    where = draw.random()
    if where < 0.3:
        content = mutated(draw, content, 3)
    elif where < 0.7:
        first, _, rest = content.partition(b"\n")
        content = spelled(other(draw, json.loads(first))) + b"\n" + rest
    else:
        content = reframed(draw, content)
    (folder / "some.code").write_bytes(content)
    return ["code", "some.code", "--back", "--out", "back.txt"]


def reframed(draw: random.Random, content: bytes) -> bytes:
    """Another first block of a file's code, whose own checksum fits."""
    first, _, rest = content.partition(b"\n")
    if len(rest) < HEAD.size:
        return content
    symbols, pieces, packed, coded, _, checksum = HEAD.unpack(rest[: HEAD.size])
    body, after = rest[HEAD.size :][: packed + coded], rest[HEAD.size + packed + coded :]
    numbers = [symbols, pieces]
    numbers[draw.randrange(2)] = draw.choice((0, 1, 2, 2**22, 2**22 + 1, 2**32 - 1, symbols + 1))
    sizes = draw.choice(
        (body[:packed], zlib.compress(draw.randbytes(4 * pieces)), b"", zlib.compress(bytes(2**20)))
    )
    code = draw.choice((body[packed:], b"", draw.randbytes(9), body[packed:-1], END.pack(2**63)))
    own = zlib.crc32(sizes + code)
    block = HEAD.pack(*numbers, len(sizes), len(code), own, checksum) + sizes + code
    return first + b"\n" + block + draw.choice((after, b"", block + after))


def source(draw: random.Random, folder: Path) -> list[str]:
    """A hidden Markov model of one's own."""
    (folder / "hmm.json").write_bytes(twisted_json(draw, draw.choice((HMM, MATRICES))))
    task = draw.choice(
        ("hmm:file=hmm.json", "hmm:file=hmm.json,length=9", "noisy-hmm:file=hmm.json")
    )
    return draw.choice(
        (
            ["evaluate", task, "--sequences", "3", "--models", "optimal", "kt-1"],
            ["predict", "0110", "--task", task, "--models", "optimal"],
        )
    )


def run(draw: random.Random, folder: Path) -> list[str]:
    """A run's configuration, card or rows, or weights under a card whose digest fits."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "run", copy)
    name = draw.choice(
        ("config.json", "model.json", "environment.json", "metrics.jsonl", "timing.jsonl")
    )
    path = copy / name
    if draw.random() < 0.25:
        weights = mutated(draw, (copy / "model.safetensors").read_bytes(), 3)
        (copy / "model.safetensors").write_bytes(weights)
        card = json.loads((copy / "model.json").read_text())
        card["sha256"] = hashlib.sha256(weights).hexdigest()
        (copy / "model.json").write_text(json.dumps(card))
    elif name.endswith("l"):
        rows = path.read_bytes().splitlines(keepends=True)
        rows[draw.randrange(len(rows))] = twisted_json(
            draw, json.loads(rows[-1])
        ) + b"\n" * draw.randint(0, 2)
        path.write_bytes(b"".join(rows))
    else:
        path.write_bytes(twisted_json(draw, json.loads(path.read_text())))
    return draw.choice(
        (
            ["train", "--resume", "copy"],
            ["train", "--continue", "copy", "--sequences", "48", "--out", "copy/longer"],
            ["evaluate", "dynamic-ngrams:length=6", "--sequences", "3", "--models", "copy"],
            ["predict", "0110", "--models", "copy/model.safetensors"],
            ["curves", "copy", "--terminal"],
            ["list", "runs", "."],
            ["check", "copy"],
        )
    )


def twisted_json(draw: random.Random, value: Any) -> bytes:
    """An object that says other things, or is none."""
    if draw.random() < 0.3:
        return mutated(draw, json.dumps(value).encode(), 3)
    return spelled(other(draw, value))


def other(draw: random.Random, value: Any) -> Any:
    """An object with a part or two that are others."""
    for _ in range(draw.choice((1, 1, 2))):
        value = replaced(draw, value) if draw.random() < 0.7 else twisted(draw, value)
    return value


def replaced(draw: random.Random, value: Any) -> Any:
    """A number, or anything else, in the place of a part."""
    keys = (
        [*value]
        if isinstance(value, dict)
        else [*range(len(value))]
        if isinstance(value, list)
        else []
    )
    if not keys or draw.random() < 0.1:
        return draw.choice(NUMBERS)
    key, parts = draw.choice(keys), value.copy()
    parts[key] = replaced(draw, parts[key])
    return parts


def spelled(value: Any) -> bytes:
    """A line of JSON, as Python spells it."""
    return json.dumps(value).encode()


KINDS: Final[list[Callable[[random.Random, Path], list[str]]]] = [letters, code, source, run]
