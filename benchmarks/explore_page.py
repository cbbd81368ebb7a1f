"""How fast the page of `ntmlab explore` answers, in a real Chromium.

    python benchmarks/explore_page.py [--flips 40] [--requests 1000] [--static]

Time from a click on a bit until everything is drawn again (strips, charts, read-out, the machine's
panel), with optimal, ntm and lstm, and until it is shown, which is at the next frame, up to 17 ms
later; time to first paint; bytes of the page; the machine's load; growth of the server's resident
memory over many requests. With --static the page is files behind a plain file server, and its bytes
are all that one model needs. Prints one JSON object.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Response, sync_playwright

STATE = "models=optimal,ntm,lstm&machine=ntm&length="
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
COMMAND = "import sys; from ntmlab.cli import main; sys.exit(main(sys.argv[1:]))"

# From the click on: to the end of the drawing, and to the first message after the next frame.
WATCH = """() => {
  window.flips = [];
  window.drawings = [];
  addEventListener("click", (event) => (window.clicked = event.timeStamp), true);
  document.addEventListener("drawn", () => {
    window.drawings.push(performance.now() - window.clicked);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.flips.push(performance.now() - window.clicked);
      port2.postMessage(0);
    });
  });
}"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


ONE_MODEL = "#models=optimal,ntm&machine=ntm"


@contextlib.contextmanager
def served(static: bool) -> Iterator[tuple[str, int]]:
    """Address and process of a server of the page, or of its files."""
    command = [sys.executable, "-c", COMMAND, "explore"]
    with tempfile.TemporaryDirectory() as folder:
        if static:
            subprocess.run([*command, "--static", folder], check=True, stdout=subprocess.DEVNULL)
            options = ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder]
            command = [sys.executable, *options]
        else:
            command += ["--port", "0"]
        quiet = subprocess.DEVNULL if static else None
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True)
        assert server.stdout is not None
        said = re.search(r"http://[^/]*/", server.stdout.readline())
        assert said is not None
        try:
            yield said[0], server.pid
        finally:
            server.terminate()
            server.wait()


def flips(browser: Browser, url: str, length: int, count: int) -> dict[str, dict[str, float]]:
    """Milliseconds from click to drawn and to the frame after, over ``count`` flips."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{url}#{STATE}{length}")
    page.wait_for_selector("body[data-drawn]")
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)
    box = page.locator("#strips").bounding_box()
    assert box is not None
    for i in range(count):
        page.mouse.click(box["x"] + 130 + (i * 37) % 500, box["y"] + 25)
        while page.evaluate("window.flips.length") <= i:
            page.wait_for_timeout(5)
        page.wait_for_timeout(50)
    found = {"drawn": page.evaluate("window.drawings"), "shown": page.evaluate("window.flips")}
    page.context.close()
    return {name: summary(np.array(times)) for name, times in found.items()}


def summary(times: NDArray[np.float64]) -> dict[str, float]:
    """Median, 95 % and worst."""
    told = {
        "p50_ms": np.median(times),
        "p95_ms": np.percentile(times, 95),
        "max_ms": times.max(),
    }
    return {name: round(float(value), 1) for name, value in told.items()}


def first_view(browser: Browser, url: str) -> dict[str, float]:
    """First paint of a new visitor, and what the page weighs without its data."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    sizes: list[int] = []

    def weigh(response: Response) -> None:
        if "/api/" not in response.url:
            sizes.append(len(response.body()))

    page.on("response", weigh)
    page.goto(url)
    page.wait_for_selector("body[data-drawn]")
    painted = page.evaluate(PAINT)
    page.context.close()
    return {"first_paint_ms": round(painted, 1), "page_bytes": sum(sizes)}


def growth(url: str, pid: int, requests: int) -> dict[str, float]:
    """Megabytes that the server's resident memory grew by."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)

    def some(count: int) -> float:
        for seed in range(count):
            question = {"seed": seed, "models": ["optimal", "ntm", "lstm"]}
            body = json.dumps(question | {"machine": "ntm"})
            connection.request("POST", "/api/view", body, {"content-type": "application/json"})
            connection.getresponse().read()
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        return int(next(x for x in lines if x.startswith("VmRSS")).split()[1]) / 1024

    before = some(100)
    after = some(requests)
    connection.close()
    return {"requests": requests, "rss_mb": round(after, 1), "growth_mb": round(after - before, 2)}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=40)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--static", action="store_true")
    arguments = parser.parse_args()
    with served(arguments.static) as (url, pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        first = url + ONE_MODEL if arguments.static else url
        result: dict[str, object] = {"load_before": os.getloadavg()[0]}
        result["first_view"] = first_view(browser, first)
        for length in (200, 2000):
            result[f"flips_{length}"] = flips(browser, url, length, arguments.flips)
        browser.close()
        if not arguments.static:
            result["server"] = growth(url, pid, arguments.requests)
    result["load_after"] = os.getloadavg()[0]
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
