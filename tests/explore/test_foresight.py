"""The flip that a resting pointer makes likely is asked ahead: in a real browser."""

import contextlib

import pytest

from tests.explore.conftest import watched
from tests.explore.steps import (
    INPUT_ROW,
    after,
    drawn_anew,
    open_view,
    readout,
    saved_data,
    shown_letters,
    step,
    until,
    x_of,
)

VIEW = "models=optimal,ntm,lstm&machine=ntm"

# The page's clock, by which it judges whether answers come quickly, goes on as often as it is read.
CLOCK = "let read = 0; performance.now = () => {} * read++;"


@contextlib.contextmanager
def opened(browser, address, *, took=1):
    """A page whose answers take so many ms, and the questions that it asks, as they were sent."""
    with watched(browser, address) as page:
        page.add_init_script(CLOCK.format(took))
        asked = []
        page.on("request", lambda sent: asked.append(sent) if "packed" in sent.url else None)
        yield page, asked


def rest(page, step):
    """Moves the pointer onto a bit of the input and leaves it there."""
    box = page.locator("#strips").bounding_box()
    page.mouse.move(box["x"] + x_of(page, step, 200), box["y"] + INPUT_ROW)


def click(page):
    page.mouse.down()
    page.mouse.up()


def flipped(bits, step):
    return bits[:step] + "10"[int(bits[step])] + bits[step + 1 :]


def of(asked, bits):
    """How often a sequence was asked for."""
    return [sent.post_data_json.get("symbols") for sent in asked].count(bits)


def asked_for(page, asked, count):
    """Waits until so many questions were asked and answered."""
    while len(asked) < count:
        page.wait_for_event("request")
    for sent in asked:
        assert sent.response().finished() is None
    drawn_anew(page)


@pytest.fixture
def plain(browser, server):
    """What the read-out says of a state that was opened and not come to."""

    def said(state):
        with opened(browser, server.url) as (page, _):
            open_view(page, server, state)
            return readout(page)

    return said


def test_a_resting_pointer_asks_ahead_and_a_click_asks_no_more(browser, server, plain):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        bits = shown_letters(page)
        rest(page, 60)
        asked_for(page, asked, 2)
        assert asked[1].post_data_json["symbols"] == flipped(bits, 60)
        assert shown_letters(page) == bits  # nothing is shown of it
        after(page, lambda: click(page))
        assert shown_letters(page) == flipped(bits, 60)
        assert of(asked, flipped(bits, 60)) == 1
        found = readout(page)
    assert found == plain(f"{VIEW}&symbols={flipped(bits, 60)}&at=60")


def test_the_way_back_is_asked_ahead_while_the_pointer_stays(browser, server, plain):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        bits = shown_letters(page)
        rest(page, 60)
        asked_for(page, asked, 2)
        after(page, lambda: click(page))
        asked_for(page, asked, 3)
        assert asked[2].post_data_json["symbols"] == bits
        assert shown_letters(page) == flipped(bits, 60)
        after(page, lambda: click(page))
        assert shown_letters(page) == bits
        assert of(asked, bits) == 1
        found = readout(page)
    assert found == plain(f"{VIEW}&symbols={bits}&at=60")


def test_a_finger_asks_ahead_as_it_comes_down(browser, server):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        bits = shown_letters(page)
        box = page.locator("#strips").bounding_box()
        at = {"x": box["x"] + x_of(page, 60, 200), "y": box["y"] + INPUT_ROW}
        touch = page.context.new_cdp_session(page)
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
        asked_for(page, asked, 2)
        assert shown_letters(page) == bits
        up = {"type": "touchEnd", "touchPoints": []}
        after(page, lambda: touch.send("Input.dispatchTouchEvent", up))
        assert shown_letters(page) == flipped(bits, 60)
        assert of(asked, flipped(bits, 60)) == 1


def test_another_bit_than_the_one_foreseen_is_answered_for_itself(browser, server, plain):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        bits = shown_letters(page)
        rest(page, 60)
        asked_for(page, asked, 2)

        def at_once():
            rest(page, 90)
            click(page)

        after(page, at_once)
        assert shown_letters(page) == flipped(bits, 90)
        found = readout(page)
    assert found == plain(f"{VIEW}&symbols={flipped(bits, 90)}&at=90")


def test_a_click_while_the_question_is_under_way_waits_for_its_answer(browser, server):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        bits, held = shown_letters(page), []
        page.route("**/packed/view", lambda route: held.append(route), times=1)
        rest(page, 60)
        while not held:
            page.wait_for_timeout(5)
        click(page)
        rest(page, 120)  # no further question ahead of this answer
        page.wait_for_timeout(200)
        assert shown_letters(page) == flipped(bits, 60)  # the form follows at once where it is late
        assert len(asked) == 2
        after(page, held[0].continue_)
        asked_for(page, asked, 3)  # but as soon as it is there
        assert of(asked, flipped(bits, 60)) == 1
        assert of(asked, flipped(flipped(bits, 60), 120)) == 1


def test_flips_while_an_answer_is_under_way_are_all_made(browser, server, tmp_path):
    """Each began with the letters of the last answer, so that of 40 quick clicks 24 were lost."""
    with opened(browser, server.url, took=2001) as (page, _):
        open_view(page, server, VIEW)
        bits, held = shown_letters(page), []
        page.route("**/packed/view", lambda route: held.append(route), times=1)
        for step in (60, 90, 120):
            rest(page, step)
            click(page)
        every = flipped(flipped(flipped(bits, 60), 90), 120)
        assert shown_letters(page) == every
        page.locator("#save-menu summary").click()
        page.locator("[data-save=json]").click()
        assert "not yet what was asked for" in page.locator("#problem").inner_text()
        after(page, held[0].continue_)
        assert saved_data(page, tmp_path / "view.json")["bits"] == every


def test_before_the_first_answer_nothing_can_be_moved(browser, server):
    """Buttons of the window and of the game had nothing to act on, and broke."""
    with opened(browser, server.url) as (page, _):
        held = []
        page.route("**/packed/view", lambda route: held.append(route), times=1)
        page.goto(f"{server.url}#{VIEW}")
        while not held:
            page.wait_for_timeout(5)
        page.locator("#guess-start").click()
        assert page.locator("#strips-panel").evaluate("(panel) => panel.inert")
        held[0].continue_()
        page.wait_for_selector("body[data-drawn]")
        assert not page.locator("#strips-panel").evaluate("(panel) => panel.inert")
        assert not page.locator("#guess").is_visible()


def test_keys_ask_ahead_too(browser, server):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        bits = shown_letters(page)
        page.locator("#strips").focus()
        page.keyboard.press("Shift+ArrowRight")
        asked_for(page, asked, 2)
        after(page, lambda: page.keyboard.press("f"))
        assert shown_letters(page) == flipped(bits, 10)
        assert of(asked, flipped(bits, 10)) == 1


def test_what_failed_ahead_is_asked_anew_when_it_is_wanted(browser, server):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        bits = shown_letters(page)
        page.route("**/packed/view", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            rest(page, 60)
        drawn_anew(page)
        page.unroute("**/packed/view")
        after(page, lambda: click(page))
        assert not page.locator("#problem").is_visible()
        assert shown_letters(page) == flipped(bits, 60)
        assert of(asked, flipped(bits, 60)) == 2
        page.seen.console.clear()  # the browser's own word


def test_where_answers_take_long_nothing_is_asked_ahead(browser, server):
    with opened(browser, server.url, took=2001) as (page, asked):
        open_view(page, server, VIEW)
        rest(page, 60)
        page.wait_for_timeout(300)
        assert len(asked) == 1
        after(page, lambda: click(page))
        page.wait_for_timeout(300)
        assert len(asked) == 2


def test_the_first_answer_may_take_longer_since_weights_come_with_it(browser, server):
    with opened(browser, server.url, took=1999) as (page, asked):
        open_view(page, server, VIEW)
        rest(page, 60)
        asked_for(page, asked, 2)
        after(page, lambda: click(page))
        rest(page, 90)
        page.wait_for_timeout(300)
        assert len(asked) == 2


# The pointer comes to a bit, may click it, and goes on at once: there is no time in between.
PASS = """([click, to]) => {
  const strips = document.querySelector("#strips");
  const [x, y] = [118 + 60 * 5, 26];
  const { left, top } = strips.getBoundingClientRect();
  const at = (y) => ({ clientX: left + x, clientY: top + y, bubbles: true });
  const moved = (y) => new PointerEvent("pointermove", at(y));
  strips.dispatchEvent(moved(y));
  if (click) strips.dispatchEvent(new PointerEvent("click", at(y)));
  strips.dispatchEvent(to === "strip" ? moved(60) : new PointerEvent(to));
}"""


@pytest.mark.parametrize("to", ["strip", pytest.param("pointerleave", marks=pytest.mark.slow)])
def test_a_pointer_that_goes_on_asks_nothing_ahead(browser, server, to):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        page.evaluate(PASS, [False, to])
        page.wait_for_timeout(300)
        assert len(asked) == 1
        page.evaluate(PASS, [False, "nothing"])
        asked_for(page, asked, 2)


@pytest.mark.parametrize("to", [pytest.param("strip", marks=pytest.mark.slow), "pointerleave"])
def test_a_pointer_that_leaves_with_its_click_asks_no_way_back(browser, server, to):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        bits = shown_letters(page)
        after(page, lambda: page.evaluate(PASS, [True, to]))
        assert shown_letters(page) != bits
        page.wait_for_timeout(300)
        assert len(asked) == 2
        page.evaluate(PASS, [False, "nothing"])
        asked_for(page, asked, 3)
        assert asked[2].post_data_json["symbols"] == bits


def test_a_click_flips_the_bit_that_the_pointer_was_seen_on(browser, server):
    """A move has parts of a pixel, a click has none; here a bit is half a pixel wide."""
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, f"{VIEW}&length=2000")
        bits = shown_letters(page)
        box = page.locator("#strips").bounding_box()
        page.mouse.move(round(box["x"]) + 700.95, box["y"] + INPUT_ROW)
        asked_for(page, asked, 2)
        seen = step(page)
        after(page, lambda: click(page))
        assert of(asked, flipped(bits, seen)) == 1
        assert step(page) == seen
        assert shown_letters(page) == flipped(bits, seen)
        page.locator("#machine").scroll_into_view_if_needed()
        box = page.locator("#machine").bounding_box()
        page.mouse.move(round(box["x"]) + 600.95, box["y"] + 40)
        drawn_anew(page)
        seen = step(page)
        click(page)
        drawn_anew(page)
        assert "held" in readout(page)
        assert step(page) == seen


def test_a_game_and_a_cursor_at_play_ask_nothing_ahead(browser, server):
    with opened(browser, server.url) as (page, asked):
        open_view(page, server, VIEW)
        page.locator("#speed").select_option("2")
        page.locator("#play").click()
        until(page, "Number(document.querySelector('#strips').ariaValueNow) > 1")
        page.locator("#play").click()
        assert len(asked) == 1
        after(page, page.locator("#guess-start").click)  # with a sequence of its own
        rest(page, 60)
        page.wait_for_timeout(300)
        assert len(asked) == 2
