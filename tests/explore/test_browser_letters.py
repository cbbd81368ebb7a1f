"""The page in a real browser with more letters than two, other sources and one's own."""

import numpy as np
import pytest

from ntmlab import compare, make_task
from ntmlab.evaluation.predictors import find_predictor
from ntmlab.letters import write_letters
from ntmlab.sequences import next_symbol, symbols_of
from tests.explore.conftest import SHOTS, start, stop, watched
from tests.explore.steps import (
    INPUT_ROW,
    after,
    drawn_anew,
    open_view,
    readout,
    save,
    saved_data,
    shown_letters,
    step,
    until,
    x_of,
)

THREE = "task=dynamic-ngrams:order=3,letters=3&models=optimal,kt-4"
NAMES = ["optimal", "kt-4"]


def letters_of(spec, seed):
    task = make_task(spec)
    symbols = symbols_of(task.sample(1, seed).targets, task.letters)[0]
    return write_letters(symbols.tolist(), task.letters)


def expected(spec, text):
    task = make_task(spec)
    symbols = [[int(letter, 36) for letter in text]]
    predictors = {name: find_predictor(name, task) for name in NAMES}
    return compare(next_symbol(symbols, task.letters), predictors)


def test_three_letters_are_shown_as_the_command_line_says(page, server, tmp_path):
    open_view(page, server, f"{THREE}&at=120&pinned=1")
    spec = "dynamic-ngrams:order=3,letters=3"
    text = letters_of(spec, 14)
    assert shown_letters(page) == text
    comparison = expected(spec, text)
    rows = page.locator("#readout tbody tr")
    for i, name in enumerate(NAMES):
        p = comparison.probabilities[name][0, 120, int(text[120])]
        assert rows.nth(i).locator("td").first.inner_text().split()[-1] == f"{p:.3f}"
        cost = comparison.cost(name)[0, 120]
        assert rows.nth(i).locator("td").nth(1).inner_text() == f"{cost:.2f}"
    context = text[118:120]
    counts = [0, 0, 0]
    for t in range(2, 120):
        if text[t - 2 : t] == context:
            counts[int(text[t])] += 1
    told = ", ".join(f"{count + 0.5:g}" for count in counts)
    assert f"Dirichlet({told})" in readout(page)
    assert "the probability of the letter that came" in page.locator("#caption").inner_text()
    data = saved_data(page, tmp_path / "three.json")
    assert data["models"][1]["arrows"] == comparison.divergences("kt-4")
    assert not page.locator("#guess-start").is_visible()
    page.screenshot(path=SHOTS / "three.png", full_page=True)


def test_a_click_takes_the_next_letter_round_and_round(page, server):
    open_view(page, server, THREE)
    text = letters_of("dynamic-ngrams:order=3,letters=3", 14)
    for turn in (1, 2, 3):
        click = {"x": x_of(page, 60, 200), "y": INPUT_ROW}
        after(page, lambda click=click: page.locator("#strips").click(position=click))
        letter = (int(text[60]) + turn) % 3
        assert shown_letters(page) == f"{text[:60]}{letter}{text[61:]}"
    assert step(page) == 60
    until(page, "location.hash.includes('symbols=')")
    after(page, lambda: page.keyboard.press("f"))
    assert shown_letters(page)[60] == str((int(text[60]) + 1) % 3)


def test_each_letter_has_a_row_on_request_and_a_click_there_chooses_it(page, server):
    open_view(page, server, THREE)
    low = page.locator("#strips").bounding_box()["height"]
    plain = page.locator("#strips").evaluate("(c) => c.toDataURL()")
    page.locator("#rows").select_option("letters")
    until(page, "location.hash.includes('rows=letters')")
    drawn_anew(page)
    assert page.locator("#strips").bounding_box()["height"] > low
    assert page.locator("#strips").evaluate("(c) => c.toDataURL()") != plain
    assert "the row's letter" in page.locator("#caption").inner_text()
    text = shown_letters(page)
    at = next(t for t in range(50, 200) if text[t] != "2")
    third = {"x": x_of(page, at, 200), "y": 14 + 2.5 * 9}
    after(page, lambda: page.locator("#strips").click(position=third))
    assert shown_letters(page)[at] == "2"
    page.screenshot(path=SHOTS / "rows.png", full_page=True)


def test_another_alphabet_is_drawn_and_models_of_bits_are_left_out(page, server):
    open_view(page, server, "models=optimal,ntm,lstm")
    page.locator("#option-letters").fill("4")
    after(page, lambda: page.locator("#option-letters").press("Enter"))
    assert shown_letters(page) == letters_of("dynamic-ngrams:letters=4", 14)
    until(page, "location.hash.includes('task=dynamic-ngrams:letters=4')")
    assert page.locator("#readout tbody tr").count() == 1
    assert "ntm: model ntm has 1 inputs" in page.locator("#note").inner_text()
    assert not page.locator("#machine").is_visible()
    assert page.locator("[id^=option-prior-]").count() == 4
    page.locator("#option-letters").fill("2")
    after(page, lambda: page.locator("#option-letters").press("Enter"))
    assert page.locator("#readout tbody tr").count() == 3
    assert not page.locator("#note").is_visible()
    assert page.locator("#machine").is_visible()


def test_typed_letters_are_checked(page, server):
    open_view(page, server, THREE)
    after(page, lambda: page.locator("#symbols").fill("0122 0121"))
    until(page, "location.hash.includes('symbols=01220121')")
    page.locator("#symbols").fill("0123")
    assert page.locator("#symbols-problem").inner_text() == "“3” is none of the letters 0 to 2."


def test_a_hidden_markov_model_has_no_contexts_and_an_oracle(page, server):
    open_view(page, server, "task=hmm:mess3&models=optimal,oracle&at=30&pinned=1")
    assert shown_letters(page) == letters_of("hmm:mess3", 14)
    assert page.locator("#readout dt").all_inner_texts() == ["letter"]
    assert page.locator("#readout tbody th").all_inner_texts() == ["Optimal", "Oracle"]
    assert not page.locator("#mark").is_visible()
    assert page.locator("#option-process").input_value() == "mess3"
    page.screenshot(path=SHOTS / "mess3.png", full_page=True)
    after(page, lambda: page.keyboard.press("f"))
    assert page.locator("#readout tbody th").all_inner_texts() == ["Optimal"]
    assert "drawn sequences only" in page.locator("#note").inner_text()
    after(page, lambda: page.locator("#option-process").select_option("golden-mean"))
    assert shown_letters(page) == letters_of("hmm:golden-mean", 14)
    assert page.locator("#unit").inner_text() == "Bits"
    assert not page.locator(".posterior").is_visible()
    until(page, "location.hash.includes('task=hmm:golden-mean')")


def test_a_task_is_left_and_found_again_as_it_was(page, server):
    open_view(page, server, "models=optimal,ntm&bits=0110100110")
    after(page, page.get_by_role("button", name="Hidden Markov", exact=True).click)
    assert shown_letters(page) == letters_of("hmm:mess3", 14)
    after(page, page.get_by_role("button", name="Dynamic N-grams", exact=True).click)
    assert shown_letters(page) == "0110100110"
    assert page.locator("#readout tbody tr").count() == 2


@pytest.mark.parametrize(
    ("link", "spec", "seed"),
    [
        ("order=3&prior=2,0.5&length=40&seed=5", "dynamic-ngrams:order=3,prior=2/0.5,length=40", 5),
        ("task=dynamic-ngrams&seed=6", "dynamic-ngrams", 6),
        ("seed=7&task=hmm:rrxor,length=30", "hmm:rrxor,length=30", 7),
    ],
)
def test_links_old_and_new_open_the_same_view(page, server, link, spec, seed):
    open_view(page, server, f"{link}&models=optimal,ntm")
    assert shown_letters(page) == letters_of(spec, seed)
    again = saved_again(page, server)
    assert again == letters_of(spec, seed)


def saved_again(page, server):
    """The letters that the page's own link opens."""
    page.keyboard.press("ArrowRight")
    until(page, "location.hash.includes('at=1')")
    link = page.evaluate("location.hash")
    open_view(page, server, link[1:])
    return shown_letters(page)


def test_a_view_of_letters_opens_from_disk(page, browser, server, tmp_path):
    open_view(page, server, f"{THREE}&rows=letters&at=50&pinned=1")
    text = readout(page)
    file = save(page, "html", tmp_path / "three.html")
    with watched(browser, file.as_uri(), offline=True) as opened:
        opened.goto(file.as_uri())
        opened.wait_for_selector("body[data-drawn]")
        assert readout(opened) == text


def test_a_source_of_ones_own_opens_the_page(browser, runs):
    running = start(runs, "homemade:gru", "--task", "homemade:Die:sides=4", "--port", "0")
    try:
        with watched(browser, running.url) as page:
            open_view(page, running)
            pressed = page.locator("#tasks [aria-current=true]").inner_text()
            assert pressed == "homemade:Die"
            labels = page.locator("#readout tbody th").all_inner_texts()
            assert labels == ["Optimal", "homemade:gru"]
            assert set(shown_letters(page)) <= set("0123")
            until(page, "document.querySelector('#option-sides').value === '4'")
            page.locator("#option-sides").fill("6")
            after(page, lambda: page.locator("#option-sides").press("Enter"))
            page.keyboard.press("ArrowRight")
            until(page, "location.hash.includes('task=homemade:Die:sides=6')")
            assert labels == page.locator("#readout tbody th").all_inner_texts()
            page.screenshot(path=SHOTS / "own.png", full_page=True)
    finally:
        stop(running)


def test_the_picture_has_the_rows_of_the_letters(page, server, tmp_path):
    open_view(page, server, f"{THREE}&rows=letters")
    svg = save(page, "svg", tmp_path / "three.svg").read_text()
    assert "task=dynamic-ngrams:order=3,letters=3" in svg
    assert np.all([label in svg for label in ("Optimal", "kt-4", ">2<")])


@pytest.mark.parametrize("width", [400, 1280])
def test_letters_fit_too(browser, server, width):
    with watched(browser, server.url) as page:
        page.set_viewport_size({"width": width, "height": 900})
        for name, state in (("three", f"{THREE}&rows=letters"), ("mess3", "task=hmm:mess3")):
            open_view(page, server, state)
            drawn_anew(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)


DIVERGENCE = """async ([optimal, model, letters]) => {
  const { divergences } = await import(new URL("static/local/outputs.js", document.baseURI));
  return String(divergences(optimal, model, 1, letters)[0]);
}"""


@pytest.mark.parametrize(
    ("optimal", "model", "bits"),
    [
        ([0.5, 0.5], [1, 1e-310], 0.5 * (-1 + 310 * np.log2(10)) + 0.5 * -1),
        ([0.5, 0.5, 0], [1e-310, 1, 0], 0.5 * (-1 + 310 * np.log2(10)) + 0.5 * -1),
        ([0.5, 0.5, 0], [0, 1, 0], np.inf),
        ([0, 1, 0], [0, 0.25, 0.75], 2),
    ],
    ids=["a bit", "a letter", "the impossible", "a certain letter"],
)
def test_a_page_without_a_server_has_the_divergences_by_hand(page, server, optimal, model, bits):
    """Also of what is so unlikely that no float holds the quotient."""
    page.goto(server.url)
    said = page.evaluate(DIVERGENCE, [optimal, model, len(optimal)])
    assert float(said.replace("Infinity", "inf")) == pytest.approx(bits, rel=1e-12)
