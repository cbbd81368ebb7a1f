"""A server with small runs, and a browser to open its page in."""

import contextlib
import functools
import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from ntmlab.explore.catalog import Catalog
from ntmlab.training import find_recipe, train

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "build" / "screenshots"
COMMAND = "import sys; from ntmlab.cli import main; sys.exit(main(sys.argv[1:]))"
OWN = """
import dataclasses
import time
from typing import ClassVar

import numpy as np
import torch

from ntmlab.optimal import KT
from ntmlab.tasks import Drawn, Source

@dataclasses.dataclass(frozen=True)
class Die(Source):
    '''Throws of one loaded die.'''

    sides: int = 4
    length: int = 30
    name: ClassVar[str] = "die"
    form: ClassVar[tuple[str, ...]] = ("sides",)

    @property
    def letters(self):
        return self.sides

    def draw(self, rows, random):
        p = random.dirichlet([0.5] * self.sides, rows)
        below = p.cumsum(-1)[:, None, :-1]
        throws = (random.random((rows, self.length, 1)) >= below).sum(-1)
        return Drawn(throws, np.repeat(p[:, None], self.length, 1))

    def filter(self):
        return KT(self.sides, 0, 0.5)

class Noise(Source):
    '''Letters without truth or filter.'''

    name, letters, length = "noise", 3, 20

    def options(self):
        return {}

    def draw(self, rows, random):
        return Drawn(random.integers(0, 3, (rows, self.length)))

def gru(input_size=1, output_size=1):
    class Own(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = torch.nn.GRU(input_size, 4, batch_first=True)
            self.out = torch.nn.Linear(4, output_size)
            self.input_size, self.output_size = input_size, output_size
        def forward(self, inputs):
            return self.out(self.gru(inputs)[0])
    torch.manual_seed(0)
    return Own()

def hanging():
    def predictor(inputs):
        while True:
            time.sleep(0.01)
    return predictor

def peeking():
    return lambda inputs: inputs.double().roll(-1, 1) * 0.8 + 0.1

def nonsense():
    return lambda inputs: torch.full((*inputs.shape[:2], 1), 1.5)

def half():
    return lambda inputs: torch.full((*inputs.shape[:2], 1), 0.5, dtype=torch.float64)

def broken():
    def predictor(inputs):
        raise RuntimeError("out of ideas")
    return predictor

def shapeless():
    return lambda inputs: inputs.double()[:, :1]
"""


class Running(NamedTuple):
    """A server under way: its address, its process, and the folder it was started in."""

    url: str
    process: subprocess.Popen
    folder: Path

    @property
    def port(self) -> int:
        return int(re.search(r":(\d+)/", self.url)[1])


def launch(folder, *arguments):
    """The process of a server, at its beginning."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "explore", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment,
    )


def start(folder, *arguments):
    """A server in a process of its own, once it has said its address."""
    process = launch(folder, *arguments)
    url = process.stdout.readline().strip()
    if not url.startswith("http://"):
        raise RuntimeError(process.communicate(timeout=60)[1])
    return Running(url, process, folder)


def stop(running):
    """Ends a server; returns its exit status and what it said on stderr."""
    running.process.terminate()
    _, errors = running.process.communicate(timeout=60)
    return running.process.returncode, errors


RUNS = ("small", "copier", "blank", "alike")


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """A folder with short runs, and a predictor of one's own."""
    folder = tmp_path_factory.mktemp("explore")
    quick = ["sequences=480", "validate_every=480", "model.slots=8", "model.controller_size=8"]
    ngrams = find_recipe("ngrams-quick").override([*quick, "task.length=12", "snapshots=3"])
    assert train(ngrams, 0, folder / "small")
    heads = ["model.read_heads=2", "model.write_heads=2", "model.slots=16"]
    copy = find_recipe("copy-quick").override([*heads, "sequences=64", "snapshots=2"])
    assert train(copy, 0, folder / "copier")
    for name, quick, option in [
        ("blank", "copy-quick", "task.blanks=0.5"),
        ("alike", "recall-quick", "task.alike=0.5"),
    ]:
        assert train(find_recipe(quick).override([*heads, option, "sequences=4"]), 0, folder / name)
    (folder / "homemade.py").write_text(OWN)
    return folder


@pytest.fixture(scope="session")
def server(runs):
    running = start(runs, *RUNS, "homemade:half", "--port", "0")
    yield running
    status, errors = stop(running)
    assert "Traceback" not in errors, errors
    assert status in (0, -15)


@pytest.fixture
def web(server):
    """A connection to the server."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, 30)) as opened:
        yield opened


def chromium():
    """The browser's path, or a skip saying why; where browser tests are required, a failure."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "needs Chromium: apt-get install chromium"
        if os.environ.get("NTMLAB_BROWSER_TESTS") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    from playwright.sync_api import sync_playwright

    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


# Reference predictors that a page without a server is given, one of each form.
GIVEN = ("kt-2", "ctw-3", "ptw-4", "ppm-3", "window-9-2", "cap-4", "decay-0.9-2", "padded-3")
GIVEN += ("noise-0.3-1", "noise-0.001-5", "mixture-0-3", "add-2-1", "entropy", "padded", "padded-1")
GIVEN += ("ctw-17", "kt-16", "kt-7")


class Quiet(SimpleHTTPRequestHandler):
    """A plain file server that logs nothing."""

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def catalog(runs):
    """What the served page knows; the tests of a file are in its folder meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(runs)
        yield Catalog([*RUNS, *GIVEN])


@pytest.fixture(scope="session")
def site(runs, tmp_path_factory):
    """The address of the page's files behind a plain file server."""
    from ntmlab.explore.static_page import write_static

    folder = tmp_path_factory.mktemp("static") / "page"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(runs)
        write_static(folder, [*RUNS, *GIVEN])
    with served(folder) as address:
        yield address


@contextlib.contextmanager
def served(folder):
    """The address of a plain file server of a folder."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Seen(NamedTuple):
    """What a page did that it should not do."""

    console: list
    foreign: list


@contextlib.contextmanager
def watched(browser, host, **options):
    """A fresh browser context and page; leaving it fails on console messages or other hosts."""
    seen = Seen([], [])
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    page = context.new_page()
    page.set_default_timeout(60_000)  # beside busy programs
    page.on("console", lambda message: seen.console.append(message.text))
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    own = (host, "data:", "blob:", "file:")
    page.on("request", lambda r: r.url.startswith(own) or seen.foreign.append(r.url))
    page.seen = seen
    try:
        yield page
        assert not seen.console
        assert not seen.foreign
    finally:
        context.close()


@pytest.fixture
def page(browser, server):
    with watched(browser, server.url) as opened:
        yield opened


@pytest.fixture(scope="module")
def local(browser, site):
    """A page whose worker is asked."""
    with watched(browser, site) as page:
        page.goto(f"{site}#task=coins&models=optimal")
        page.wait_for_selector("body[data-drawn]")
        yield page
