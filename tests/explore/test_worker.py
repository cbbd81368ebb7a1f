"""Questions in their turn: dropped when nobody waits, left behind when a model hangs, ended."""

import asyncio
import contextlib
import http.client
import json
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ntmlab.explore.guard import RequestError
from ntmlab.explore.worker import GivenUp, Worker
from tests.explore.conftest import launch, start
from tests.explore.steps import ask

LARGE = {
    "task": "dynamic-ngrams:length=10000",
    "seed": 1,
    "models": ["optimal", "ntm", "ntm-lstm", "lstm", "kt-4"],
    "machine": "ntm",
    "changes": [{"kind": "clear", "step": 300 * i, "slots": [i]} for i in range(32)],
}
SMALL = {"symbols": "0110", "models": ["optimal"]}


def request(question):
    """A question as bytes."""
    body = json.dumps(question).encode()
    head = f"POST /packed/view HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n"
    return f"{head}content-type: application/json\r\n\r\n".encode() + body


async def never():
    await asyncio.Event().wait()


def run(made):
    """What a coroutine gives, in a thread of its own: the browser's has a loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(made())).result()


def test_a_question_is_answered_and_an_error_comes_back():
    def broken(step):
        raise ValueError("no")

    async def both():
        worker = Worker(lambda name: None)
        assert await worker.answer(lambda step: b"yes", never()) == b"yes"
        with pytest.raises(ValueError, match="no"):
            await worker.answer(broken, never())

    run(both)


def test_questions_come_one_after_the_other():
    running = []

    def work(step):
        running.append("begin")
        time.sleep(0.01)
        running.append("end")
        return b""

    async def many():
        worker = Worker(lambda name: None)
        await asyncio.gather(*(worker.answer(work, never()) for _ in range(5)))

    run(many)
    assert running == ["begin", "end"] * 5


def test_what_nobody_waits_for_is_not_begun_and_what_is_under_way_stops_at_the_next_model():
    seen, gone = [], threading.Event()

    def work(step):
        for name in ("first", "second", "third"):
            step(name)
            seen.append(name)
            assert gone.wait(60)
        return b"done"

    async def leave():
        worker = Worker(lambda name: None)
        left = asyncio.Event()
        asked = [asyncio.ensure_future(worker.answer(work, left.wait())) for _ in range(3)]
        while not seen:
            await asyncio.sleep(0.01)
        left.set()
        for question in asked:
            with pytest.raises(GivenUp):
                await question
        gone.set()
        assert await worker.answer(lambda step: b"next", never()) == b"next"

    run(leave)
    assert seen == ["first"]


def test_a_model_that_hangs_is_left_behind_and_named():
    hung, ended = [], []

    def work(step):
        step("mine")
        try:
            while True:
                time.sleep(0.01)
        finally:
            ended.append("mine")

    async def hang():
        worker = Worker(hung.append, patience=0.2)
        with pytest.raises(RequestError, match=r"model mine has not answered within 0\.2 s"):
            await worker.answer(work, never())
        assert await worker.answer(lambda step: b"next", never()) == b"next"
        while not ended:
            await asyncio.sleep(0.05)

    run(hang)
    assert hung == ended == ["mine"]


def test_patience_is_for_each_model():
    def work(step):
        for name in "abcd":
            step(name)
            time.sleep(0.6)
        return b"done"

    async def slowly():
        return await Worker(lambda name: None, patience=2.0).answer(work, never())

    assert run(slowly) == b"done"


def test_large_questions_hung_up_do_not_hold_up_a_small_one(server):
    address = ("127.0.0.1", server.port)
    whole = request(LARGE)
    begun = time.monotonic()
    for _ in range(25):
        with socket.create_connection(address, 30) as connection:
            connection.sendall(whole)
    with contextlib.closing(http.client.HTTPConnection(*address, 60)) as web:
        assert ask(web, "/packed/view", SMALL)[0] == 200
        dropped = time.monotonic() - begun
        begun = time.monotonic()
        assert ask(web, "/packed/view", LARGE)[0] == 200
        one = time.monotonic() - begun
    assert dropped < 5 * one + 2


def test_a_signal_ends_it_while_it_loads(runs):
    process = launch(runs, "--port", "0")
    maps = Path(f"/proc/{process.pid}/maps")
    while "libtorch" not in maps.read_text():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert (process.returncode, said, errors) == (0, "", "")


def test_a_signal_ends_it_though_a_model_hangs(runs):
    running = start(runs, "homemade:hanging", "--port", "0")
    address = ("127.0.0.1", running.port)
    with contextlib.ExitStack() as stack:
        for question in ({"symbols": "0110", "models": ["homemade:hanging"]}, LARGE):
            client = stack.enter_context(socket.create_connection(address, 30))
            client.sendall(request(question))
        running.process.send_signal(signal.SIGINT)
        _, errors = running.process.communicate(timeout=60)
    assert running.process.returncode == 0
    assert "Traceback" not in errors
