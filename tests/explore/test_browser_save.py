"""What the page saves: pictures, data, and itself."""

import struct
from xml.etree import ElementTree

import numpy as np

from tests.explore.conftest import SHOTS, watched
from tests.explore.steps import (
    after,
    drawn_anew,
    open_view,
    probabilities,
    readout,
    save,
    saved_data,
    until,
)

STATE = "models=optimal,ntm,lstm,kt-4&at=120&pinned=1&mark=11011&window=90:150"


def test_pictures_hold_every_panel(page, server, tmp_path):
    open_view(page, server, STATE)
    png = save(page, "png", tmp_path / "view.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    shown = page.locator("#strips").bounding_box()["width"]
    assert width == 2 * round(shown)
    assert height > 1000
    (SHOTS / "saved.png").write_bytes(png)
    svg = ElementTree.fromstring(save(page, "svg", tmp_path / "view.svg").read_text())
    space = "{http://www.w3.org/2000/svg}"
    assert {child.tag.removeprefix(space) for child in svg} == {"rect", "text", "path", "image"}
    words = {text.text for text in svg.iter(f"{space}text")}
    assert {"Input", "Optimal", "NTM", "LSTM", "Adds", "Erases"} <= words
    assert {"Write weightings", "Read weightings", "Cost so far, bits"} <= words
    red = [path for path in svg.iter(f"{space}path") if path.get("fill") == "#c8102e"]
    arrows = saved_data(page, tmp_path / "data.json")["models"]
    assert len(red) == sum(len(model["arrows"]) for model in arrows) > 0
    (SHOTS / "saved.svg").write_bytes((tmp_path / "view.svg").read_bytes())


def test_a_picture_of_a_task_with_answers(page, server, tmp_path):
    open_view(page, server, "task=copy&model=copier")
    svg = ElementTree.fromstring(save(page, "svg", tmp_path / "copy.svg").read_text())
    words = {text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Input", "Target", "Write weightings 1", "Read weightings 2"} <= words


def test_the_whole_view_opens_from_disk_without_a_server(page, browser, server, tmp_path):
    open_view(page, server, STATE)
    data = saved_data(page, tmp_path / "data.json")
    text, said = readout(page), probabilities(page)
    drawn_anew(page)
    picture = page.locator("#strips").evaluate("(c) => c.toDataURL()")
    file = save(page, "html", tmp_path / "view.html")
    assert file.stat().st_size < 2_000_000
    with watched(browser, file.as_uri(), offline=True) as opened:
        requests = []
        opened.on("request", lambda request: requests.append(request.url))
        opened.goto(file.as_uri())
        opened.wait_for_selector("body[data-drawn]")
        assert probabilities(opened) == said
        assert readout(opened) == text
        assert opened.locator("#window-text").inner_text() == "steps 90–149 of 200"
        drawn_anew(opened)
        assert opened.locator("#strips").evaluate("(c) => c.toDataURL()") == picture
        opened.screenshot(path=SHOTS / "saved-page.png", full_page=True)
        opened.locator("#strips").focus()
        opened.keyboard.press("ArrowRight")
        until(opened, "document.querySelector('#readout').innerText.includes('Step 121')")
        row = np.array(data["arrays"]["probabilities"])[:, 121]
        assert probabilities(opened) == [float(f"{p:.3f}") for p in row]
        opened.keyboard.press("a")
        until(opened, "document.querySelector('#window-text').innerText === 'steps 0–199 of 200'")
        opened.keyboard.press("f")  # nothing can be computed here
        assert not opened.locator("#draw").is_enabled()
        again = saved_data(opened, tmp_path / "again.json")
        assert again["bits"] == data["bits"]
        assert again["cursor"] == 121
        assert [url for url in requests if not url.startswith(("file:", "blob:"))] == []


def test_a_task_with_answers_opens_from_disk_too(page, browser, server, tmp_path):
    open_view(page, server, "task=copy&model=copier&seed=2")
    caption = page.locator("#answer-caption").inner_text()
    file = save(page, "html", tmp_path / "copy.html")
    with watched(browser, file.as_uri(), offline=True) as opened:
        opened.goto(file.as_uri())
        opened.wait_for_selector("body[data-drawn]")
        assert opened.locator("#answer-caption").inner_text() == caption


def test_nothing_hidden_in_a_game_is_saved(page, server, tmp_path):
    open_view(page, server, "models=optimal,ntm")
    after(page, page.locator("#guess-start").click)
    data = saved_data(page, tmp_path / "game.json")
    assert "bits" not in data
    assert "arrays" not in data
