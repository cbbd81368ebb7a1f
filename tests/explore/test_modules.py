"""What single modules of the page compute: windows, letters, marks, sums, links, memories."""

import numpy as np
import pytest

# A function of a module, called with arguments; {"f": [...], "shape": [...]} is an array.
CALL = """async ([module, name, given]) => {
  const found = await import(new URL(`static/${module}.js`, document.baseURI));
  const made = (x) => {
    if (Array.isArray(x)) return x.map(made);
    if (x === null || typeof x !== "object") return x;
    if ("f" in x) return x.shape ? { ...x, data: Float32Array.from(x.f) } : Float32Array.from(x.f);
    return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, made(value)]));
  };
  const plain = (x) => {
    if (ArrayBuffer.isView(x)) return Array.from(x, (y) => (Number.isFinite(y) ? y : String(y)));
    if (Array.isArray(x)) return x.map(plain);
    if (x === null || typeof x !== "object") return x;
    return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, plain(value)]));
  };
  return plain(found[name](...made(given)) ?? null);
}"""
REPLAYED = """async ([first, second, order]) => {
  const { Replay } = await import(new URL("static/memory.js", document.baseURI));
  const made = ({ starts, ...arrays }) => {
    const typed = ([name, { f, shape }]) => [name, { data: Float32Array.from(f), shape }];
    return [Object.fromEntries(Object.entries(arrays).map(typed)), starts];
  };
  const before = new Replay(...made(first));
  const own = order.map((step) => Array.from(before.at(step)));
  const after = new Replay(...made(second), before);
  return [own, order.map((step) => Array.from(after.at(step)))];
}"""


@pytest.fixture(scope="module")
def call(browser, server):
    from tests.explore.conftest import watched

    with watched(browser, server.url) as page:
        page.goto(server.url)

        def called(module, name, *given):
            return page.evaluate(CALL, [module, name, list(given)])

        called.page = page
        yield called


def array(values):
    values = np.asarray(values, dtype=np.float32)
    return {"f": values.ravel().tolist(), "shape": list(values.shape)}


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("around", [50, 20, 100], [40, 60]),
        ("around", [2, 20, 100], [0, 20]),
        ("around", [99, 20, 100], [80, 100]),
        ("around", [50, 3, 100], [46, 54]),  # not below eight steps
        ("around", [5, 100, 100], None),
        ("around", [3, 3, 6], None),
        ("zoomed", [[20, 60], 0.5, 30, 100], [20, 40]),
        ("zoomed", [[20, 60], 0.5, 60, 100], [30, 50]),  # a cursor outside is no centre
        ("panned", [[20, 60], 10, 100], [30, 70]),
        ("panned", [[20, 60], 100, 100], [60, 100]),
        ("panned", [[20, 60], -100, 100], [0, 40]),
        ("panned", [[0, 100], 5, 100], None),
        ("following", [[20, 60], 60, 100], [21, 61]),
        ("following", [[20, 60], 19, 100], [19, 59]),
        ("following", [[20, 60], 59, 100], [20, 60]),
        ("following", [None, 59, 100], None),
        ("atArrow", [[0, 100], 50, 100], [26, 74]),
        ("atArrow", [[10, 60], 70, 100], [21, 71]),
        ("atArrow", [[0, 50], 20, 50], None),
    ],
)
def test_windows(call, name, given, expected):
    assert call("window", name, *given) == expected


@pytest.mark.parametrize(
    ("text", "letters", "symbols", "problem"),
    [
        ("0 1,1_0;1\n", 2, [0, 1, 1, 0, 1], ""),
        ("012", 2, [], "“2” is neither 0 nor 1."),
        ("aA0", 11, [10, 10, 0], ""),
        ("0b", 11, [], "“b” is none of the letters 0 to a."),
        ("z", 36, [35], ""),
        ("12, 3;40", 41, [12, 3, 40], ""),
        ("12 41", 41, [], "“41” is none of the letters 0 to 40."),
        ("12 a", 41, [], "“a” is none of the letters 0 to 40."),
        (" ", 2, [], "Give at least one bit."),
        ("", 3, [], "Give at least one letter."),
    ],
)
def test_letters_are_read_as_the_command_line_writes_them(call, text, letters, symbols, problem):
    assert call("letters", "read", text, letters) == {"symbols": symbols, "problem": problem}
    if symbols:
        written = call("letters", "written", symbols, letters)
        assert call("letters", "read", written, letters)["symbols"] == symbols
        assert ("," in written) == (letters > 36)


def test_marks(call):
    view = {
        "header": {"context_names": ["00", "01", "10", "11"]},
        "arrays": {"contexts": array([-1, -1, 1, 2, 1, 3])},
        "symbols": {"f": [0, 1, 0, 1, 1, 0]},
        "letters": 2,
    }
    assert call("marks", "contextless", view) == 2
    assert call("marks", "contextless", {"arrays": {"contexts": array([-1, -1])}}) == 2
    assert call("marks", "contextless", {"arrays": {}}) == 0
    assert call("marks", "contextAt", view, 4) == "01"
    assert call("marks", "contextAt", view, 1) == ""
    assert call("marks", "recurrences", view, "01") == [2, 4]
    assert call("marks", "recurrences", view, "0") == [1, 3]  # no context's name: letters before
    assert call("marks", "recurrences", view, "") == []
    assert call("marks", "recurrences", view | {"header": {}}, "011") == [5]


def test_where_a_slot_that_was_read_is_written_later(call):
    reads = np.array(
        [[[0.6, 0.4, 0.0], [0.1, 0.2, 0.7]], [[0, 1, 0], [0.9, 0.1, 0]], [[1, 0, 0]] * 2]
    )
    writes = np.array([[[0.1, 0.1, 0.8]], [[0.2, 0.5, 0.3]], [[0.3, 0.6, 0.1]]])
    assert call("marks", "slotRead", array(reads), 0) == 2  # the second head is surer
    assert call("marks", "slotRead", array(reads), 1) == 1
    arrays = {"read_weightings": array(reads), "write_weightings": array(writes)}
    later = call("marks", "writtenLater", arrays, [0, 1])
    assert later[0] == {"lag": 1, "weight": pytest.approx((0.3 + 0.6) / 2), "of": 2}
    assert later[1] == {"lag": 2, "weight": pytest.approx(0.1), "of": 1}
    assert call("marks", "writtenLater", arrays, [2], [1]) == [{"lag": 1, "weight": 0, "of": 0}]


def test_sums_of_costs_gaps_and_of_what_a_person_said(call):
    costs = np.array([[1.0, 2.0, 4.0], [0.5, 0.25, 8.0]])
    view = {
        "header": {
            "models": [{"label": "Optimal", "name": "optimal"}, {"label": "Mine", "name": "mine"}]
        },
        "arrays": {"costs": array(costs)},
        "symbols": {"f": [1, 0, 1]},
        "steps": 3,
    }
    said = {"f": [float("nan"), 0.25, 0.5]}
    assert call("charts", "summed", {"f": costs.ravel().tolist()}, 2, 3, 1) == [
        [0, 2, 6],
        [0, 0.25, 8.25],
    ]
    lines = call("charts", "costLines", view, None, 0)
    assert [(line["label"], line["series"], line["sums"]) for line in lines] == [
        ("Optimal", 0, [1, 3, 7]),
        ("Mine", 1, [0.5, 0.75, 8.75]),
    ]
    view["symbols"]["f"] = [1, 0, 1]
    you = call("charts", "costLines", view, said | {"f": [0.5, 0.25, 0.5]}, 0)[-1]
    assert (you["name"], you["series"]) == ("you", 2)
    assert you["sums"] == pytest.approx(np.cumsum(-np.log2([0.5, 0.75, 0.5])))
    (gap,) = call("charts", "gapLines", lines, "optimal")
    assert (gap["label"], gap["sums"]) == ("Mine", [-0.5, -2.25, 1.75])
    assert call("charts", "gapLines", lines, None) == []


def test_no_line_looks_like_another(call):
    theme = {"series": [f"#{colour:06x}" for colour in range(8)]}
    styles = [call("colours", "lineStyle", theme, series) for series in range(56)]
    looks = {(style["colour"], tuple(style["dash"])) for style in styles}
    assert len(looks) == 56
    assert styles[:2] == [{"colour": "#000000", "dash": []}, {"colour": "#000001", "dash": []}]
    assert [styles[8]["colour"], styles[8]["dash"]] == ["#000000", [7, 3]]


def test_a_game_is_at_the_step_after_the_last_that_was_said(call):
    state = {"guess": {"from": 5, "said": [80, 20]}}
    assert call("guess", "nextGuess", state, 20) == 7
    assert call("guess", "nextGuess", state, 6) == 6
    assert call("guess", "nextGuess", {"guess": None}, 20) == 20
    values = call("guess", "saidValues", state, 6)
    assert values == ["NaN"] * 5 + [pytest.approx(0.8)]
    assert call("guess", "saidValues", {"guess": None}, 6) is None


LINK = (
    "#task=hmm:rrxor,length=30&theme=dark&bits=0110&models=optimal,ntm&snapshots=small:48,other:7"
    "&machine=small&rows=letters&slots=all&head=2&arrows=5&window=3:17&at=9&pinned=1&mark=01"
    "&slot=4&changes=clear.3@7,swap.1.2@8,freeze@9&guess=5.802001&speed=25&model=copy-ntm"
    "&sizes=length:20,repeats:3"
)


def test_a_link_holds_the_whole_state_and_leaves_out_what_makes_no_sense(call):
    state = call("state", "parse", LINK)
    assert state["snapshots"] == {"small": 48, "other": 7}
    assert state["window"] == [3, 17]
    assert state["guess"] == {"from": 5, "said": [80, 20, 1]}
    assert state["sizes"] == {"length": 20, "repeats": 3}
    assert state["changes"] == [
        {"kind": "clear", "step": 7, "slots": [3]},
        {"kind": "swap", "step": 8, "slots": [1, 2]},
        {"kind": "freeze", "step": 9, "slots": []},
    ]
    assert call("state", "format", state, "hmm:rrxor,length=30") == LINK
    usual = call("state", "defaults")
    wrong = "window=9:9&at=x&arrows=21&changes=melt@3&guess=5.8&pinned=0&rows=none&theme=pink"
    assert call("state", "parse", f"#{wrong}&symbols=0-1&seed=-1&snapshots=a&speed=16") == usual
    assert call("state", "parse", "#head=1001") == usual
    assert call("state", "parse", "#guess=3.00")["guess"] == {"from": 3, "said": [1]}
    older = call("state", "parse", "#bits=01&length=40&order=4&prior=1,0.5")
    assert older["options"] == {"length": "40", "order": "4", "prior": "1/0.5"}
    assert older["symbols"] == "01"
    assert call("state", "format", usual | {"seed": 3, "models": ["ntm"]}, "lags") == (
        "#task=lags&seed=3&models=ntm"
    )


def test_a_link_names_models_that_have_commas_of_their_own(call):
    """`own:gru:width=3,seed=2` was parted in two, neither of which was there."""
    names = ["optimal", "own:gru:width=3,seed=2", "100%2C", "ntm"]
    given = call("state", "defaults") | {"models": names, "snapshots": {"runs/a,b": 48, "c": 7}}
    link = call("state", "format", given, "lags")
    found = call("state", "parse", link)
    assert (found["models"], found["snapshots"]) == (names, given["snapshots"])


def replayed(weightings, erases, adds, memory, starts):
    """The memory before each step, by Eqs. 3 and 4, all erase before all add."""
    found, now = [], None
    for step in range(len(weightings)):
        if step in starts:
            now = memory[starts.index(step)].astype(float)
        found.append(now.copy())
        for w, e in zip(weightings[step], erases[step], strict=True):
            now = now * (1 - np.outer(w, e))
        for w, a in zip(weightings[step], adds[step], strict=True):
            now = now + np.outer(w, a)
    return np.stack(found)


def test_a_memory_is_replayed_at_any_step_and_kept_up_to_where_another_differs(call):
    random = np.random.default_rng(0)
    steps, heads, slots, width, starts = 60, 2, 5, 3, [0, 25]
    first = {
        "write_weightings": random.dirichlet(np.ones(slots), (steps, heads)),
        "erases": random.random((steps, heads, width)),
        "adds": random.normal(size=(steps, heads, width)),
        "memory": random.normal(size=(2, slots, width)),
    }
    first["write_weightings"][:, :, 2] = 0
    second = {name: values.copy() for name, values in first.items()}
    second["adds"][41:] += 1
    order = [7, 3, 59, 40, 24, 25, 50, 33, 0, 42]
    given = [{**{k: array(v) for k, v in one.items()}, "starts": starts} for one in (first, second)]
    told = call.page.evaluate(REPLAYED, [*given, order])
    for one, found in zip((first, second), told, strict=True):
        names = ("write_weightings", "erases", "adds", "memory")
        known = replayed(*(one[name] for name in names), starts)
        for step, memory in zip(order, found, strict=True):
            np.testing.assert_allclose(memory, known[step].ravel(), atol=1e-5)


def test_which_slots_are_shown_and_how_many_heads(call):
    reads, writes = np.zeros((3, 1, 5)), np.zeros((3, 2, 5))
    reads[0, 0, 4], writes[1, 1, 2], writes[2, 0, 1], reads[2, 0, 0] = 0.1, 0.5, 0.9, 0.09
    arrays = {"read_weightings": array(reads + 1e-9), "write_weightings": array(writes)}
    assert call("machine", "shownSlots", arrays, "used", 2) == [4, 2]
    assert call("machine", "shownSlots", arrays, "used", 9) == [4, 2, 1]
    assert call("machine", "shownSlots", arrays, "used", 0) == [0]
    assert call("machine", "shownSlots", arrays, "all", 0) == [0, 1, 2, 3, 4]
    assert call("machine", "headsOf", arrays) == 2
    assert call("memory", "weightOf", array(writes + 0.25), 1, 2) == pytest.approx(1.0)
