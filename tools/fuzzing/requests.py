"""Requests to the page's server, mutated anywhere, over real connections."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
ANSWER = {"model": "copy-ntm", "seed": 1, "sizes": {"length": 3}}
PATHS = ["/api/view", "/api/answer", "/api/catalog", "/api/saved", "/", "/static/main.js"]
WAIT_S = 60.0


def fuzz_requests(tried: Tried, folder: Path) -> None:
    """Sends requests until there were enough; the server must be there at the end, and quiet."""
    said = folder / "server.txt"
    with serving(said) as (process, port):
        while not tried.over:
            whole, short = request(tried.random)
            tried.note(*answered(port, whole, short=short))
            if tried.made % 1000 == 0:
                print(f"{tried.made} requests, wrong: {tried.wrong[-3:]}", file=sys.stderr)
            if process.poll() is not None:
                tried.note("ended", f"the server ended after {whole!r}")
                return
        answer, wrong = answered(port, sent("POST", "/api/view", json.dumps(GOOD[0]).encode()))
        tried.note(answer, wrong or ("" if answer == "200" else f"a good one at the end: {answer}"))
    if "Traceback" in said.read_text():
        tried.note("traceback", said.read_text()[-900:])


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


def sent(method: str, path: str | bytes, body: bytes) -> bytes:
    """A request as bytes."""
    where = path.encode() if isinstance(path, str) else path
    first = method.encode("latin-1") + b" " + where + b" HTTP/1.1\r\nhost: localhost\r\n"
    more = f"content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
    return first + b"content-type: application/json\r\n" + more + body


def request(draw: random.Random) -> tuple[bytes, bool]:
    """A request with something wrong about it, most often; whether its length may be wrong too."""
    path = draw.choice(PATHS[:2]) if draw.random() < 0.8 else draw.choice(PATHS)
    body = json.dumps(ANSWER if path == "/api/answer" else draw.choice(GOOD)).encode()
    where = draw.random()
    if where < 0.7:
        body = mutated(draw, body)
    method = draw.choice(["POST"] * 9 + ["GET", "PUT", "HEAD", "OPTIONS", "", "p\xf6st"])
    if where < 0.8:
        return sent(method if path.startswith("/api") else "GET", path, body), False
    if where < 0.9:
        return sent(method, mutated(draw, path.encode(), 2), body), True
    return mutated(draw, sent("POST", path, body), 4), True


def answered(port: int, whole: bytes, *, short: bool = False) -> tuple[str, str]:
    """How a request was answered, and what is wrong with that, if anything.

    After a short one nothing more is said to come, so that the server waits for none.
    """
    began = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", port), WAIT_S) as connection:
            connection.sendall(whole)
            if short:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
            response = http.client.HTTPResponse(connection)
            response.begin()
            content = response.read()
    except (http.client.HTTPException, ConnectionError, ValueError) as error:
        return type(error).__name__, ""
    except TimeoutError:
        return "none", f"no answer within {WAIT_S:g} s: {whole!r}"
    wrong = judged(whole, response, content)
    if time.monotonic() - began > 10 * (1 + os.getloadavg()[0]):
        wrong = wrong or f"took {time.monotonic() - began:.0f} s: {whole!r}"
    return str(response.status), wrong


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
