"""The documentation as a web site, as `make site` built it, behind a plain file server."""

import functools
import re
import threading
import time
from html import unescape
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.explore.conftest import SHOTS, Quiet, watched
from tests.explore.steps import INPUT_ROW, LEFT, RIGHT

BUILT = Path(__file__).parents[2] / "build/site"
pytestmark = pytest.mark.skipif(
    not (BUILT / "explore/index.html").exists(), reason="needs the site: make site"
)


@pytest.fixture(scope="module")
def host():
    handler = functools.partial(Quiet, directory=str(BUILT))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_links_and_anchors_lead_somewhere():
    pages = [path for path in BUILT.glob("**/*.html") if "explore" not in path.parts]
    texts = {path.resolve(): path.read_text() for path in pages}
    ids = {path: set(re.findall(r'\bid="([^"]*)"', text)) for path, text in texts.items()}
    assert len(texts) > 50
    for path, text in texts.items():
        for link in re.findall(r'(?:href|src)="(?!https?:|data:|mailto:)([^"]*)"', text):
            target, _, anchor = unquote(unescape(link)).partition("#")
            target = target.partition("?")[0]
            found = (path.parent / target).resolve() if target else path
            assert found.exists(), (path.name, link)
            if anchor and found in ids:
                assert anchor in ids[found], (path.name, link)


@pytest.mark.parametrize(("width", "scheme"), [(400, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", ["index", "results", "api/comparing", "api/tasks"])
def test_a_page_fits_the_window_and_its_pictures_keep_their_paper(
    browser, host, name, width, scheme
):
    with watched(browser, host, color_scheme=scheme) as page:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{host}{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width >= 1280:  # code of 90 characters does not scroll
            codes = page.locator("article pre").all()
            wider = "(code) => code.scrollWidth > code.clientWidth"
            assert [code.inner_text() for code in codes if code.evaluate(wider)] == []
        for paper in page.evaluate(
            "[...document.querySelectorAll('article img')]"
            ".map((img) => getComputedStyle(img).backgroundColor)"
        ):
            assert paper == "rgb(255, 255, 255)"
        page.screenshot(path=SHOTS / f"site-{name.replace('/', '-')}-{width}-{scheme}.png")


SOUGHT = {
    "sharpening": "theory",
    "change points": "optimal",
    "packed sequence": "layer",
    "carry detach": "layer",
    "ONNX": "layer",
    "own model": "own-model",
    "resume": "runs",
    "Slurm": "sweeps",
    "CUDA": "gpu",
    "causal": "own-model",
    "notebook": "tutorial",
    "install": "start",
    "restart": "seeds",
    "gap": "commands/evaluate",
    "copy task": "tasks",
    "bring own model": "own-model",
    "standard error": "tutorial",
    "learning rate": "commands/train",
    "KL": "tutorial",
    "plot learning curves": "commands/curves",  # nothing says plot of them
    "ablation": "trials",  # which says a change
    "huggingface own models": "own-model",  # a word that no page has is passed over
    "add a task": "contributing",
    "quick start": "start",
    "getting started": "start",
    "license": "start",
    "how to cite": "start",
    "colour blind": "figure",
    "color blind": "figure",  # as others spell it
    "perplexity": "own-data",
    "overfitting": "commands/train",
    "attention weights": "commands/memory",  # here they are weightings
    "variable length sequences": "layer",
    "jupyter": "tutorial",
    "offline": "explorer",
    "mac m1": "start",
    "wandb": "commands/curves",
}


def test_search_has_the_page_that_explains_it_among_the_first_three(browser, host):
    with watched(browser, host) as page:
        for words, name in SOUGHT.items():
            page.goto(f"{host}search.html?q={words}")
            page.locator(".search-summary", has_text="Search finished").wait_for()
            links = page.locator("#search-results li a")
            first = [links.nth(i).get_attribute("href") for i in range(min(3, links.count()))]
            assert name in [link.partition(".html")[0] for link in first], (words, first)


def test_a_result_of_the_search_leads_to_the_section(browser, host):
    with watched(browser, host) as page:
        page.goto(f"{host}index.html")
        page.fill("input.sidebar-search", "associative recall")
        page.press("input.sidebar-search", "Enter")
        page.locator("#search-results a", has_text="Associative recall").first.click()
        page.wait_for_url("**/tasks.html*#associative-recall")


@pytest.mark.parametrize("late", ["", "_static/site.js", "explore/main.js", "explore/index.html"])
def test_the_explorer_is_light_or_dark_with_its_page(browser, host, late):
    with watched(browser, host) as page:
        page.add_init_script("localStorage.setItem('theme', 'dark')")
        if late:  # whichever of the two is there first
            page.route(f"**/{late}*", lambda route: (time.sleep(1), route.continue_()))
        page.goto(f"{host}figure.html")
        frame = page.locator("iframe.explorer")
        frame.scroll_into_view_if_needed()
        inside = frame.content_frame
        inside.locator("html[data-theme=dark] body[data-drawn]").wait_for()
        bits = letters(inside)
        page.evaluate("document.body.dataset.theme = 'light'")
        inside.locator("html[data-theme=light]").wait_for()
        assert letters(inside) == bits


def test_the_explorer_stands_on_the_page_that_explains_the_figure(browser, host):
    with watched(browser, host) as page:
        page.goto(f"{host}figure.html")
        frame = page.locator("iframe.explorer")
        frame.scroll_into_view_if_needed()
        inside = frame.content_frame
        inside.locator("body[data-drawn]").wait_for()
        drawn, bits = inside.locator("body").get_attribute("data-drawn"), letters(inside)
        page.mouse.click(*place_of(frame, step=60, steps=len(bits)))
        inside.locator(f"body[data-drawn]:not([data-drawn='{drawn}'])").wait_for()
        changed = [
            i for i, pair in enumerate(zip(bits, letters(inside), strict=True)) if len({*pair}) > 1
        ]
        assert changed == [60]
        page.screenshot(path=SHOTS / "site-explorer.png")


def letters(inside):
    """The sequence that the explorer shows."""
    return inside.locator("#symbols").input_value()


def place_of(frame, step, steps):
    """Where a bit of the input stands in the window; the frame is drawn smaller than it is."""
    left, top, width = frame.content_frame.locator("#strips").evaluate(
        "(strips) => (({ x, y, width }) => [x, y, width])(strips.getBoundingClientRect())"
    )
    smaller = float(frame.evaluate("(frame) => getComputedStyle(frame).zoom"))
    across = left + LEFT + (step + 0.5) * (width - LEFT - RIGHT) / steps
    box = frame.bounding_box()
    return box["x"] + smaller * across, box["y"] + smaller * (top + INPUT_ROW)
