"""Requests to the page's server, mutated anywhere, over real connections.

What is surely a whole request goes over a connection that is kept, as a browser keeps it, until the
server closes it; all else over one of its own.
"""

import http.client
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from tools.fuzzing.tried import Tried, mutated

STATUSES = (200, 400, 403, 404, 405, 408, 413, 415, 421)
GOOD = [
    {"symbols": "0110100110", "models": ["optimal", "ntm"], "arrows": 2, "window": [0, 9]},
    {"seed": 3, "models": ["optimal", "lstm"], "task": "dynamic-ngrams:length=16"},
    {"symbols": "01101", "models": ["ntm"], "machine": "ntm"},
    {"symbols": "0120", "task": "hmm:mess3", "models": ["optimal"]},
    {
        **{"symbols": "011010", "models": ["optimal"], "machine": "ntm"},
        "changes": [{"kind": "clear", "step": 2, "slots": [1]}],
    },
]
TWISTS: list[Any] = [  # what stands in the place of a part of a good question
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        3,
        10_001,
        2**63,
        2**64,
        10**400,
        0.5,
        1e308,
        -1e-320,
        [],
        {},
        [[]],
        [1, 0],
    ),
    *(
        "",
        "0",
        "01" * 100,
        "x",
        "\n",
        "\0",
        "\ud800",
        "9" * 300,
        "ntm",
        "optimal",
        "ngrams-lstm",
        "coin",
    ),
    *(
        "kt-3",
        "window-0:9",
        "copy",
        "copy:length=99999",
        "dynamic-ngrams:order=30",
        "hmm:mess3,",
        "os:getcwd",
    ),
    *(
        {"kind": "freeze", "step": 0, "slots": []},
        {"length": -1},
        [0] * 40,
        ["ntm"] * 9,
        "é",
        "../x",
    ),
]
ANSWER = {"model": "copy-ntm", "seed": 1, "sizes": {"length": 3}}
PATHS = ["/packed/view", "/packed/answer", "/api/catalog", "/saved.html", "/", "/static/main.js"]
VIEW = json.dumps(GOOD[0]).encode()
WAIT_S = 60.0


def fuzz_requests(tried: Tried, folder: Path) -> None:
    """Sends requests until there were enough; the server must be there at the end, and quiet."""
    said = folder / "server.txt"
    with serving(said) as (process, port), Client(port) as client:
        while not tried.over:
            asked = request(tried.random)
            tried.note(*client.answered(asked))
            if tried.made % 1000 == 0:
                tried.about["server's MiB"] = [*tried.about.get("server's MiB", []), mib(process)]
            if process.poll() is not None:
                tried.note("ended", f"the server ended after {asked.whole!r}")
                return
        answer, wrong = client.answered(Asked("POST", sent("POST", "/packed/view", VIEW)))
        tried.note(answer, wrong or ("" if answer == "200" else f"a good one at the end: {answer}"))
    if "Traceback" in said.read_text():
        tried.note("traceback", said.read_text()[-900:])


def mib(process: subprocess.Popen[str]) -> int:
    """What a process keeps in memory."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


@contextmanager
def serving(said: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server of its own, and its port."""
    command = [sys.executable, "-m", "ntmlab", "explore", "--port", "0"]
    with said.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout is not None
    try:
        yield process, int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


class Asked(NamedTuple):
    """A request as bytes; ``whole`` is all of it unless its framing may be wrong."""

    method: str
    whole: bytes
    framed: bool = True
    kept: bool = False  # it leaves the connection open


def sent(method: str, path: str | bytes, body: bytes, *, kept: bool = False) -> bytes:
    """A request as bytes."""
    where = path.encode() if isinstance(path, str) else path
    first = method.encode("latin-1") + b" " + where + b" HTTP/1.1\r\nhost: localhost\r\n"
    more = f"content-type: application/json\r\ncontent-length: {len(body)}\r\n".encode()
    return first + more + (b"\r\n" if kept else b"connection: close\r\n\r\n") + body


def request(draw: random.Random) -> Asked:
    """A request with something wrong about it, most often."""
    path = draw.choice(PATHS[:2]) if draw.random() < 0.8 else draw.choice(PATHS)
    question = ANSWER if path == "/packed/answer" else draw.choice(GOOD)
    where = draw.random()
    for _ in range(draw.choice((0, 1, 1, 2)) if where < 0.4 else 0):
        question = twisted(draw, question)
    body = json.dumps(question).encode()
    if 0.4 <= where < 0.7:
        body = mutated(draw, body)
    method = draw.choice(["POST"] * 9 + ["GET", "PUT", "HEAD", "OPTIONS", "", "p\xf6st"])
    if where < 0.8:
        method = method if path.startswith("/packed") else "GET"
        kept = method.isalpha() and method.isascii() and draw.random() < 0.9
        return Asked(method, sent(method, path, body, kept=kept), kept=kept)
    if where < 0.9:
        return Asked(method, sent(method, mutated(draw, path.encode(), 2), body), framed=False)
    return Asked("POST", mutated(draw, sent("POST", path, body), 4), framed=False)


def twisted(draw: random.Random, value: Any) -> Any:
    """A part of a question dropped, or another thing in its place."""
    keys: list[Any] = [*value] if isinstance(value, dict) else []
    keys = [*range(len(value))] if isinstance(value, list) else keys
    if not keys or draw.random() < 0.1:
        return draw.choice(TWISTS)
    key, parts = draw.choice(keys), value.copy()
    if draw.random() < 0.1:
        del parts[key]
    else:
        parts[key] = twisted(draw, parts[key])
    return parts


class Client(AbstractContextManager["Client"]):
    """Asks a server at a port of this machine."""

    def __init__(self, port: int) -> None:
        self.port, self.link = port, None  # type: int, socket.socket | None

    def __exit__(self, *error: object) -> None:
        if self.link is not None:
            self.link.close()

    def answered(self, asked: Asked) -> tuple[str, str]:
        """How a request was answered, and what is wrong with that, if anything."""
        began = time.monotonic()
        try:
            response, content = self._on_the_kept(asked) if asked.kept else self._alone(asked)
        except (http.client.HTTPException, ConnectionError, ValueError) as error:
            wrong = f"{error!r}: {asked.whole!r}" if asked.framed and asked.method else ""
            return type(error).__name__, wrong
        except TimeoutError:
            return "none", f"no answer within {WAIT_S:g} s: {asked.whole!r}"
        wrong = judged(asked.whole, response, content)
        if time.monotonic() - began > 10 * (1 + os.getloadavg()[0]):
            wrong = wrong or f"took {time.monotonic() - began:.0f} s: {asked.whole!r}"
        return str(response.status), wrong

    def _on_the_kept(self, asked: Asked) -> tuple[http.client.HTTPResponse, bytes]:
        """Over the connection that is kept; it is made anew where the server has closed it."""
        if self.link is not None and select.select([self.link], [], [], 0)[0]:
            self.link.close()  # nothing was asked, so that this is its end
            self.link = None
        if self.link is None:
            self.link = socket.create_connection(("127.0.0.1", self.port), WAIT_S)
        link, self.link = self.link, None
        answer = _over(link, asked)
        if answer[0].will_close:
            link.close()
        else:
            self.link = link
        return answer

    def _alone(self, asked: Asked) -> tuple[http.client.HTTPResponse, bytes]:
        """Over a connection of its own.

        Where its framing may be wrong nothing more is said to come, so that the server waits for
        none.
        """
        with socket.create_connection(("127.0.0.1", self.port), WAIT_S) as link:
            return _over(link, asked)


def _over(link: socket.socket, asked: Asked) -> tuple[http.client.HTTPResponse, bytes]:
    link.sendall(asked.whole)
    if not asked.framed:
        with suppress(OSError):
            link.shutdown(socket.SHUT_WR)
    response = http.client.HTTPResponse(link, method=asked.method)
    response.begin()
    return response, response.read()


def judged(whole: bytes, response: http.client.HTTPResponse, content: bytes) -> str:
    """What is wrong, if anything."""
    if response.status not in STATUSES:
        return f"{response.status} {content[:200]!r}: {whole!r}"
    ours = response.headers["x-content-type-options"] is not None  # not of what is no HTTP
    if response.status != 200 and ours and not whole.startswith(b"HEAD"):
        try:
            if not json.loads(content)["error"]:
                return f"an empty error: {whole!r}"
        except (ValueError, KeyError, TypeError):
            return f"{response.status} and no JSON {content[:200]!r}: {whole!r}"
    return ""
