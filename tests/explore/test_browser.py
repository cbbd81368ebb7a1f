"""The page in a real browser: sequence, cursor, window, game. Console and network are watched."""

import re

import numpy as np
import pytest

from ntmlab import DynamicNGrams, compare
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.figures import strip_arrays
from ntmlab.sequences import next_symbol as as_sequences
from tests.explore.conftest import SHOTS, watched
from tests.explore.steps import (
    INPUT_ROW,
    after,
    drawn_anew,
    open_view,
    probabilities,
    readout,
    rounded,
    saved_data,
    shown_letters,
    step,
    until,
    x_of,
)

NAMES = ["optimal", "ntm", "lstm"]
MODELS = "models=optimal,ntm,lstm"
ROUGH = ["optimal", "kt-4", "lstm"]  # one departs clearly, however well the others are trained


def expected(sequence, names=NAMES):
    """The comparison that the command line would make of a sequence of bits."""
    predictors = {name: find_predictor(name, DynamicNGrams()) for name in names}
    return compare(as_sequences([[int(bit) for bit in sequence]]), predictors)


def first_bits(seed, length=200, **options):
    drawn = DynamicNGrams(length=length, **options).sample(1, seed).targets
    return "".join(f"{bit:.0f}" for bit in drawn.flatten())


def click_strips(page, x, y):
    page.locator("#strips").click(position={"x": x, "y": y})


def test_the_read_out_says_what_the_command_line_says(page, server):
    open_view(page, server, f"{MODELS}&at=150&pinned=1")
    sequence = first_bits(14)
    assert shown_letters(page) == sequence
    comparison = expected(sequence)
    assert probabilities(page) == rounded([comparison.probabilities[n][0, 150, 0] for n in NAMES])
    context = sequence[145:150]
    before = [i for i in range(5, 150) if sequence[i - 5 : i] == context]
    ones = sum(sequence[i] == "1" for i in before)
    text = readout(page)
    assert "Step 150" in text
    assert context in text
    assert f"Beta({ones + 0.5}, {len(before) - ones + 0.5})" in text
    costs = [f"{comparison.cost(n)[0, 150]:.2f}" for n in NAMES]
    rows = page.locator("#readout tbody tr")
    assert [rows.nth(i).locator("td").nth(1).inner_text() for i in range(3)] == costs
    gap = (comparison.cost("lstm") - comparison.cost("optimal"))[0, :151].sum()
    assert rows.nth(2).locator("td").nth(3).inner_text().replace("−", "-") == f"{gap:+.2f}"
    page.screenshot(path=SHOTS / "ngrams.png")


def test_a_click_flips_a_bit_and_what_comes_after_responds(page, server, tmp_path):
    open_view(page, server, MODELS)
    before = saved_data(page, tmp_path / "before.json")
    after(page, lambda: click_strips(page, x_of(page, 60, 200), INPUT_ROW))
    sequence = first_bits(14)
    flipped = sequence[:60] + str(1 - int(sequence[60])) + sequence[61:]
    assert shown_letters(page) == flipped
    now = saved_data(page, tmp_path / "now.json")
    old, new = (np.array(data["arrays"]["probabilities"]) for data in (before, now))
    np.testing.assert_allclose(old[:, :61], new[:, :61], atol=1e-6)
    assert (np.abs(old[:, 61:] - new[:, 61:]).max(1) > 0.01).all()
    np.testing.assert_allclose(new[1], expected(flipped).probabilities["ntm"][0, :, 0], atol=1e-5)
    assert step(page) == 60


def test_typing_and_pasting_replace_the_sequence(page, server):
    open_view(page, server, MODELS)
    field = page.locator("#symbols")
    after(page, lambda: field.fill("0101 1100, 1"))
    until(page, "location.hash.includes('bits=010111001')")
    assert page.locator("#strips").get_attribute("aria-valuemax") == "8"
    field.fill("01012")
    problem = page.locator("#symbols-problem")
    assert problem.inner_text() == "“2” is neither 0 nor 1."
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("0" * 10_001)
    assert "At most 10000 bits" in problem.inner_text()
    after(page, lambda: field.fill("0110"))
    assert problem.inner_text() == ""


def test_a_seed_draws_from_the_task_with_its_order_and_prior(page, server):
    open_view(page, server, MODELS)
    for field, value in (
        ("seed", "5"),
        ("option-length", "40"),
        ("option-order", "3"),
        ("option-prior-0", "2"),
    ):
        page.locator(f"#{field}").fill(value)
        after(page, lambda field=field: page.locator(f"#{field}").press("Enter"))
    assert shown_letters(page) == first_bits(5, length=40, order=3, prior=(2, 0.5))
    after(page, page.get_by_role("button", name="Next seed").click)
    assert shown_letters(page) == first_bits(6, length=40, order=3, prior=(2, 0.5))


def test_hovering_moves_the_cursor_and_a_click_holds_it(page, server):
    open_view(page, server, MODELS)
    box = page.locator("#strips").bounding_box()
    y = box["y"] + 60
    page.mouse.move(box["x"] + x_of(page, 33, 200), y)
    until(page, "document.querySelector('#readout').innerText.includes('Step 33')")
    page.mouse.click(box["x"] + x_of(page, 40, 200), y)
    until(page, "document.querySelector('#readout').innerText.includes('held')")
    page.mouse.move(box["x"] + x_of(page, 90, 200), y)
    drawn_anew(page)
    assert step(page) == 40
    page.keyboard.press("Escape")
    page.mouse.move(box["x"] + x_of(page, 91, 200), y)
    until(page, "document.querySelector('#readout').innerText.includes('Step 91')")


def test_the_keyboard_alone_suffices(page, server):
    open_view(page, server, MODELS)
    page.locator("#strips").focus()
    for key, place in (
        ("ArrowRight", 1),
        ("Shift+ArrowRight", 11),
        ("ArrowLeft", 10),
        ("End", 199),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        until(page, f"document.querySelector('#strips').getAttribute('aria-valuenow') == '{place}'")
    value = page.locator("#strips").get_attribute("aria-valuetext")
    assert value.startswith(f"Step 0, bit {first_bits(14)[0]}. Probability of 1: Optimal 0.50")
    after(page, lambda: page.keyboard.press("f"))
    assert shown_letters(page)[0] != first_bits(14)[0]
    after(page, lambda: page.keyboard.press("+"))
    assert page.locator("#window-text").inner_text() == "steps 0–119 of 200"
    after(page, lambda: page.keyboard.press("]"))
    assert page.locator("#window-text").inner_text() == "steps 30–149 of 200"
    after(page, lambda: page.keyboard.press("a"))
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.screenshot(path=SHOTS / "keys.png")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")


def test_everything_that_can_be_used_has_a_name_and_can_be_reached(page, server):
    open_view(page, server, MODELS)
    nameless = page.evaluate(
        """[...document.querySelectorAll('button, input, select, summary, [tabindex]')]
        .filter((e) => e.offsetParent && !(e.ariaLabel || e.textContent.trim() || e.labels?.length))
        .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    unreachable = page.evaluate(
        "[...document.querySelectorAll('[tabindex=\"-1\"]')].map((e) => e.outerHTML)"
    )
    assert unreachable == []


def test_arrows_stand_where_the_figure_has_them_and_a_click_goes_there(page, server, tmp_path):
    open_view(page, server, f"models={','.join(ROUGH)}&arrows=3")
    shown = strip_arrays(expected(first_bits(14), ROUGH), arrows=3)
    data = saved_data(page, tmp_path / "data.json")
    for model in data["models"]:
        assert model["arrows"] == shown[f"arrows/{model['name']}"].tolist()
    place = data["models"][1]["arrows"][0]
    under_it = 14 + 3 * 33 + 26 - 33 + 8  # head, three rows, into the arrow's room
    after(page, lambda: click_strips(page, x_of(page, place, 200), under_it))
    assert step(page) == place
    first, last = map(int, re.findall(r"\d+", page.locator("#window-text").inner_text())[:2])
    assert first <= place <= last
    assert last - first == 47
    page.screenshot(path=SHOTS / "zoomed.png")
    now = saved_data(page, tmp_path / "now.json")
    window = (first, last + 1)
    again = strip_arrays(expected(first_bits(14), ROUGH), arrows=3, window=window)
    assert now["models"][1]["arrows"] == again["arrows/kt-4"].tolist()
    page.get_by_role("button", name="All", exact=True).click()
    all_shown = "document.querySelector('#window-text').innerText.startsWith('steps 0–199')"
    until(page, all_shown)
    page.keyboard.press("Home")
    until(page, "document.querySelector('#strips').getAttribute('aria-valuenow') == '0'")
    every = sorted({t for name in ROUGH for t in shown[f"arrows/{name}"].tolist()})
    for t in every[:2]:
        page.keyboard.press("a")
        until(page, all_shown)
        page.keyboard.press("n")
        until(page, f"document.querySelector('#strips').getAttribute('aria-valuenow') == '{t}'")


def test_dragging_over_the_overview_zooms_and_a_link_is_a_reproduction(page, server, browser):
    open_view(page, server, f"{MODELS}&mark=11011&at=70")
    box = page.locator("#overview").bounding_box()
    page.mouse.move(box["x"] + x_of(page, 50, 200), box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + x_of(page, 100, 200), box["y"] + 6, steps=4)
    after(page, page.mouse.up)
    assert page.locator("#window-text").inner_text() == "steps 50–100 of 200"
    until(page, "location.hash.includes('window=50:101')")
    link = page.evaluate("location.href")
    look = """() => [...document.querySelectorAll('#strips, #machine, #memory, .chart canvas')]
        .map((c) => c.toDataURL()).concat(document.body.innerText)"""
    page.mouse.move(5, 5)
    looks = []
    for _ in range(2):
        with watched(browser, server.url) as other:
            other.goto(link)
            other.wait_for_selector("body[data-drawn]")
            # Said after a moment.
            until(other, "document.querySelector('#live').textContent !== ''")
            drawn_anew(other)
            looks.append(other.evaluate(look))
    assert looks[0] == looks[1]
    assert len(looks[0]) == 6


def test_cost_and_gap_are_charted(page, server):
    open_view(page, server, MODELS)
    assert page.locator("#cost-chart canvas").count() == 1
    assert page.locator("#gap-chart canvas").count() == 1
    colours = """(c) => new Set(new Uint32Array(c.getContext('2d')
        .getImageData(0, 0, c.width, c.height).data.buffer)).size"""
    assert page.locator("#gap-chart canvas").evaluate(colours) > 3
    after(page, lambda: page.locator("#model-optimal").uncheck())
    assert not page.locator("#gap-chart").is_visible()
    assert "No arrows: the optimum is not among" in page.locator("#caption").inner_text()


def test_play_and_step(page, server):
    open_view(page, server, f"{MODELS}&speed=25")
    assert page.locator("#speed").input_value() == "25"  # the page went so fast, and showed 8
    open_view(page, server, MODELS)
    page.get_by_role("button", name="One step on").click()
    until(page, "document.querySelector('#strips').getAttribute('aria-valuenow') == '1'")
    page.locator("#speed").select_option("25")
    page.locator("#play").click()
    until(page, "Number(document.querySelector('#strips').getAttribute('aria-valuenow')) > 5")
    page.locator("#play").click()
    assert page.locator("#play").get_attribute("aria-pressed") == "false"
    drawn_anew(page)  # the last step
    stopped = step(page)
    page.wait_for_timeout(200)
    assert step(page) == stopped


def test_guessing_keeps_the_costs_of_all(page, server):
    open_view(page, server, MODELS)
    after(page, page.locator("#guess-start").click)
    assert shown_letters(page) == ""
    assert page.locator("#strips").get_attribute("aria-valuemax") == "4"
    page.locator("#guess-1").click()
    until(page, "document.querySelector('#guess h2').innerText == 'What is bit 6?'")
    page.keyboard.press("0")
    until(page, "document.querySelector('#guess h2').innerText == 'What is bit 7?'")
    page.locator("#guess-slider").fill("65")
    page.locator("#guess-say").click()
    until(page, "document.querySelector('#guess h2').innerText == 'What is bit 8?'")
    until(page, "location.hash.includes('guess=5.802065')")
    seed = int(re.search(r"seed=(\d+)", page.evaluate("location.hash"))[1])
    sequence = first_bits(seed)
    said = [0.8, 0.2, 0.65]
    own = sum(-np.log2(p if b == "1" else 1 - p) for p, b in zip(said, sequence[5:8], strict=True))
    comparison = expected(sequence)
    costs = [own, *(comparison.cost(name)[0, 5:8].sum() for name in NAMES)]
    cells = page.locator("#guess-scores tbody tr")
    assert [cells.nth(i).locator("td").first.inner_text() for i in range(4)] == [
        f"{cost:.2f}" for cost in costs
    ]
    page.screenshot(path=SHOTS / "guess.png")
    page.locator("#guess-end").click()
    until(page, f"document.querySelector('#symbols').value == '{sequence}'")
    page.wait_for_selector("#guess", state="hidden")


@pytest.mark.parametrize(("width", "theme"), [(400, "dark"), (1280, "light")])
def test_it_fits_and_follows_the_theme(browser, server, theme, width):
    size = {"width": width, "height": 900}
    with watched(browser, server.url, color_scheme=theme) as page:
        page.set_viewport_size(size)
        open_view(page, server, f"{MODELS}&at=150&pinned=1")
        for task in ("ngrams", "copy"):
            if task == "copy":
                after(page, page.get_by_role("button", name="Copy", exact=True).click)
            drawn_anew(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.screenshot(path=SHOTS / f"{task}-{width}-{theme}.png", full_page=True)
        paper = page.evaluate("getComputedStyle(document.querySelector('.timed')).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") == (theme == "light")
        page.locator("#theme").click()
        assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_a_link_to_a_model_that_is_not_here_says_so(page, server):
    open_view(page, server, "models=optimal,ntm,stranger")
    assert "names stranger" in page.locator("#note").inner_text()
    assert page.locator("#readout tbody tr").count() == 2
    open_view(page, server, "task=strange&models=optimal,stranger")
    note = page.locator("#note").inner_text()
    assert note.startswith("This link names the task strange; ntmlab explore was started without.")
    assert "This link names stranger;" in note
    open_view(page, server, "task=dynamic-ngrams:order=3,order=4&models=optimal")
    wrong = "task dynamic-ngrams:order=3,order=4: order is given twice"
    assert page.locator("#note").inner_text() == f"This link's {wrong}."
    assert page.locator("#option-order").input_value() == "6"
    open_view(page, server, "models=optimal")
    assert not page.locator("#note").is_visible()


def test_a_long_sequence_is_shown(page, server):
    open_view(page, server, f"{MODELS}&length=10000&at=9999&pinned=1")
    assert page.locator("#strips").get_attribute("aria-valuemax") == "9999"
    assert "Step 9999" in readout(page)
    page.screenshot(path=SHOTS / "long.png")


def test_what_goes_wrong_is_said_and_can_be_tried_again(browser, server):
    with watched(browser, server.url) as page:
        open_view(page, server, MODELS)
        page.route("**/packed/view", lambda route: route.abort())
        page.get_by_role("button", name="Next seed").click()
        page.wait_for_selector("#problem:not([hidden])")
        assert "does not answer" in page.locator("#problem").inner_text()
        page.screenshot(path=SHOTS / "problem.png")
        page.unroute("**/packed/view")
        after(page, page.locator("#retry").click)
        assert not page.locator("#problem").is_visible()
        assert shown_letters(page) == first_bits(15)
        assert all("ERR_FAILED" in text for text in page.seen.console)  # the browser's own word
        page.seen.console.clear()


def test_a_factory_of_ones_own_is_shown_beside_the_others(page, server):
    open_view(page, server, "at=120&pinned=1")
    labels = page.locator("#readout tbody th").all_inner_texts()
    assert {"homemade:half", "small"} <= set(labels)
    assert probabilities(page)[labels.index("homemade:half")] == 0.5
