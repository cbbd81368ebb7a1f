"""How fast the page of `ntmlab explore` answers, in a real Chromium.

    python benchmarks/explore_page.py [--flips 40] [--repeats 3] [--requests 1000] [--static]

Time from a click on a bit until everything is drawn again (strips, charts, read-out, the machine's
panel), with optimal, ntm and lstm, and until it is shown, which is at the next frame, up to 17 ms
later. `clicked` are bits on which the pointer rested 200 ms before, as that of a person who aims:
the page has asked ahead by then, if answers come quickly. `clicked_again` are the same bits flipped
back 200 ms later, `clicked_at_once` others, clicked at the moment at which the pointer comes to
them, as no hand can. The bits are spread evenly over the whole sequence, and the first flip after
opening is one of them; `drawn_anew` are sequences drawn from the next seed, of which every step is
computed. All flips of all repeats are in `drawn` and `shown`; `best_repeat` is the repeat with the
lowest 95 %, the nearest to a quiet machine. `way_ms`, of flips of which none was asked ahead,
counts the processor and not the clock, from a trace of the browser, so that other programs change
it little: what stands between a click and the end of the drawing, of the page's own thread and of
its workers (the longer where two work side by side), without waiting for a core. Then time to first
paint; bytes of the page; the machine's load; growth of the server's resident memory over many
requests. With --static the page is files behind a plain file server, and its bytes are all that one
model needs. Prints one JSON object.
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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Response, sync_playwright

STATE = "models=optimal,ntm,lstm&machine=ntm&length="
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LEFT, RIGHT = 118, 14  # of the strips' axis of time, pixels
AIMING = 200  # ms that the pointer rests
KINDS = ("clicked", "clicked_again", "clicked_at_once")
GOLDEN = 0.6180339887  # its multiples are spread evenly
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
      port1.onmessage = () => {
        window.flips.push(performance.now() - window.clicked);
        window.over?.();
      };
      port2.postMessage(0);
    });
  });
}"""
# To the page's clock every answer takes long from here on: nothing is asked ahead.
LATE = "() => { let read = 0; performance.now = () => 1e4 * read++; }"
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


def flips(browser: Browser, url: str, length: int, count: int, repeats: int) -> dict[str, object]:
    """Milliseconds from click to drawn and to the frame after, over ``count`` flips a repeat."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{url}#{STATE}{length}")
    page.wait_for_selector("body[data-drawn]")
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)

    def each(act: Callable[[int], None], count: int) -> dict[str, NDArray[np.float64]]:
        page.evaluate("() => (window.flips.length = window.drawings.length = 0)")
        for i in range(count):
            page.evaluate("() => (window.next = new Promise((done) => (window.over = done)), 0)")
            act(i)
            page.evaluate("window.next")
            page.wait_for_timeout(50)
        found = {"drawn": "window.drawings", "shown": "window.flips"}
        return {name: np.array(page.evaluate(times)) for name, times in found.items()}

    def flip(i: int) -> None:
        kind = KINDS[i % len(KINDS)]
        if kind != "clicked_again":
            box = page.locator("#strips").bounding_box()
            assert box is not None
            across = LEFT + (i / len(KINDS) + 0.5) * GOLDEN % 1 * (box["width"] - LEFT - RIGHT)
            page.mouse.move(box["x"] + across, box["y"] + 25)
        if kind != "clicked_at_once":
            page.wait_for_timeout(AIMING)
        page.mouse.down()
        page.mouse.up()

    done = [each(flip, len(KINDS) * count) for _ in range(repeats)]
    anew = each(lambda i: page.click("#draw-next"), count)
    page.evaluate(LATE)
    each(lambda i: page.click("#draw-next"), 1)
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    each(flip, len(KINDS) * count)
    way = ways(json.loads(browser.stop_tracing())["traceEvents"])
    page.context.close()
    told: dict[str, object] = {}
    for first, name in enumerate(KINDS):
        some = [{what: times[first :: len(KINDS)] for what, times in one.items()} for one in done]
        best = min(some, key=lambda times: float(np.percentile(times["drawn"], 95)))
        told[name] = {
            **{what: summary(np.concatenate([times[what] for times in some])) for what in best},
            "best_repeat": {what: summary(times) for what, times in best.items()},
        }
    told["drawn_anew"] = summary(anew["drawn"])
    return told | {"way_ms": {name: summary(np.array(ms)) for name, ms in way.items()}}


def ways(events: list[dict[str, Any]]) -> dict[str, list[float]]:
    """Of each flip in a trace the processor's milliseconds from its click to the drawing's end."""
    told = [event for event in events if event.get("ph") == "X" and "tdur" in event]
    told.sort(key=lambda event: float(event["ts"]))
    named = [event for event in events if event.get("name") == "thread_name"]
    names = {(event["pid"], event["tid"]): event["args"]["name"] for event in named}
    clicks = [event for event in told if event["args"].get("data", {}).get("type") == "click"]
    found: dict[str, list[float]] = {"page": [], "workers": [], "way": []}
    for click in clicks:
        drawing, workers = click["tdur"] / 1000, dict[tuple[int, int], list[float]]()
        for event in told:
            if event["ts"] <= click["ts"] or event["name"] != "HandlePostMessage":
                continue
            place = event["pid"], event["tid"]
            if names.get(place) == "CrRendererMain":  # the answer, and what it draws
                drawing += event["tdur"] / 1000
                break
            workers.setdefault(place, []).append(event["tdur"] / 1000)
        first, *others = [*workers.values(), [0.0]]
        beside = max([first[0], *(sum(times) for times in others)]) + sum(first[1:])
        found["page"].append(drawing)
        found["workers"].append(beside)
        found["way"].append(drawing + beside)
    return found


def summary(times: NDArray[np.float64]) -> dict[str, float]:
    """Least, median, 95 % and worst."""
    told = {
        "least_ms": times.min(),
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
        if not {"api", "packed"} & set(urlsplit(response.url).path.split("/")):
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
            connection.request("POST", "/packed/view", body, {"content-type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
            if response.status != 200:
                raise RuntimeError(f"the server answered {response.status}: {answer[:200]!r}")
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
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--static", action="store_true")
    arguments = parser.parse_args()
    with served(arguments.static) as (url, pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        first = url + ONE_MODEL if arguments.static else url
        result: dict[str, object] = {"load_before": os.getloadavg()[0]}
        result["first_view"] = first_view(browser, first)
        for length in (200, 2000):
            result[f"flips_{length}"] = flips(
                browser, url, length, arguments.flips, arguments.repeats
            )
        browser.close()
        if not arguments.static:
            result["server"] = growth(url, pid, arguments.requests)
    result["load_after"] = os.getloadavg()[0]
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
