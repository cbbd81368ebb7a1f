"""What a person does on the page, and what it then shows."""

import json
import time

import numpy as np

from ntmlab.explore.pack import unpack

LEFT, RIGHT = 118, 14  # the margins of the axis of time, in pixels
INPUT_ROW = 26  # the middle of the input's strip


def open_view(page, server, state=""):
    """Opens the page in a state and waits until it is drawn."""
    page.goto("about:blank")
    page.goto(f"{server.url}#{state}")
    page.wait_for_selector("body[data-drawn]")


def until(page, expression, *, seconds=60):
    """Waits until a JavaScript expression is true; returns its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := page.evaluate(expression):
            return value
        time.sleep(0.02)
    raise AssertionError(f"never true: {expression}")


def after(page, act):
    """Does something and waits until its answer is drawn."""
    before = int(page.evaluate("document.body.dataset.drawn"))
    act()
    until(page, f"Number(document.body.dataset.drawn) > {before}")


FRAMES = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done)))"""


def drawn_anew(page):
    """Waits until what was asked of the page so far is drawn, which it does at its next frame."""
    page.evaluate(FRAMES)


def x_of(page, step, steps, first=0):
    """Where a step stands, in pixels from the left edge of the strips."""
    width = page.locator("#strips").bounding_box()["width"]
    return LEFT + (step - first + 0.5) * (width - LEFT - RIGHT) / steps


def readout(page):
    """The read-out as text."""
    return page.locator("#readout").inner_text()


def step(page):
    """The step under the cursor."""
    return int(page.locator("#strips").get_attribute("aria-valuenow"))


def probabilities(page):
    """What the read-out says each predictor gave to a 1."""
    rows = page.locator("#readout tbody tr")
    cells = [rows.nth(i).locator("td").first.inner_text() for i in range(rows.count())]
    return [float(cell.split()[-1]) for cell in cells]


def shown_letters(page):
    """The sequence in the field."""
    return page.locator("#symbols").input_value()


def save(page, kind, path):
    """Saves through the menu; returns the file's path."""
    page.locator("#save-menu summary").click()
    with page.expect_download() as download:
        page.locator(f"[data-save={kind}]").click()
    download.value.save_as(path)
    return path


def saved_data(page, path):
    """The data that the page saves as JSON."""
    return json.loads(save(page, "json", path).read_text())


def ask(http, path, question):
    """Status and body of a question to the server; a packed answer comes unpacked."""
    http.request("POST", path, json.dumps(question), {"content-type": "application/json"})
    response = http.getresponse()
    body = response.read()
    if response.status == 200:
        return response.status, unpack(body)
    return response.status, json.loads(body)


def rounded(values, digits=3):
    """Numbers as the read-out rounds them."""
    return [float(f"{value:.{digits}f}") for value in np.asarray(values, dtype=np.float32)]
