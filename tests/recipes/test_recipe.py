"""Recipes and their overrides."""

import json

import pytest

from ntmlab import InputError
from ntmlab.models.paper import BASELINE, FEEDFORWARD, LSTM_CONTROLLER
from ntmlab.training import RECIPES, Recipe, find_recipe


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_makes_its_model_and_survives_json(name):
    recipe = RECIPES[name]
    assert recipe.name == name
    model = recipe.make_model()
    assert model.input_size == recipe.make_task().input_size
    assert Recipe(**json.loads(json.dumps(recipe.to_json()))).to_json() == recipe.to_json()


def test_overrides_reach_inside():
    recipe = find_recipe("ngrams-quick").override(
        ["learning_rate=1", "task.length=7", "model.controller=lstm", "model.slots=3"]
    )
    assert recipe.learning_rate == 1.0
    assert recipe.make_task().length == 7
    model = recipe.make_model()
    assert (model.controller, model.slots, model.controller_size) == ("lstm", 3, 32)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("learning_rat=1", "did you mean 'learning_rate'"),
        ("batch", "key=value"),
        ("batch=x", "must be of type int"),
        ("batch=1.5", "must be of type int"),
        ("batch=true", "must be of type int"),
        ("batch=0", "batch must be a whole number from 1 to 65536"),
        ("sequences=-4", "at least 1"),
        ("decay=2", "at most 1"),
        ("snapshots=-1", "snapshots must be"),
        ("snapshots=1001", "snapshots must be"),
        ("sequences=40 snapshots=4", "at most 3, the steps of training"),
        ("fewest_slots=-1", "from 0 to the memory's 32"),
        ("fewest_slots=33", "from 0 to the memory's 32"),
        ("learning_rate=NaN", "must not be negative"),
        ("optimizer=sgd", "unknown optimizer"),
        ("name=x", "unknown recipe key"),
        ("model.slot=3", "slot"),
        ("model.slots=0", "slots must be"),
        ("model.input_size=3", "input_size"),
        ("task.order=99", "order must be"),
        ("task.size=9", "size"),
        ("batch=1000000000", "from 1 to 65536, not 1000000000"),
        ("restarts=1", "set together"),
        ("restart_every=2000", "set together"),
        ("restarts=-1", "set together"),
        ("restart_above=-1", "must not be negative"),
        (f"learning_rate={'9' * 400}", "must be of type float"),
        (f"model.gain={'9' * 400}", "gain must be"),
    ],
)
def test_wrong_overrides_are_refused(setting, message):
    with pytest.raises(InputError, match=message):
        find_recipe("ngrams-quick").override(setting.split())


def test_a_task_or_model_that_is_set_brings_its_options():
    """As one name with them it would be read as code of one's own by whatever reads the run."""
    quick = find_recipe("copy-quick")
    recipe = quick.override(["task=hmm:mess3,length=9"])
    assert (recipe.task, recipe.task_options) == ("hmm", {"process": "mess3", "length": 9})
    assert recipe.override(["task=hmm:rrxor"]).task_options == {"process": "rrxor", "length": 9}
    longer = ["task=hmm:rrxor", "task.length=7"]
    for order in (longer, longer[::-1]):
        assert quick.override(order).task_options == {"process": "rrxor", "length": 7}
    slots = quick.override(["model=ntm:slots=9"])
    assert (slots.model, slots.model_options["slots"]) == ("ntm", 9)
    assert slots.model_options["slot_width"] == quick.model_options["slot_width"]
    with pytest.raises(InputError, match=r"task\.length is given twice"):
        quick.override(["task=hmm:mess3,length=9", "task.length=7"])
    with pytest.raises(InputError, match="unknown option of task hmm 'order'"):
        quick.override(["task=hmm:mess3", "task.order=7"])


def test_a_recipe_that_was_written_with_options_in_its_names_is_read():
    quick = find_recipe("copy-quick")
    good = quick.override(["task=hmm:mess3", "task.length=9", "model=ntm:slots=9"]).to_json()
    old = good | {"task": "hmm:mess3", "model": "ntm:slots=9", "task_options": {"length": 9}}
    old["model_options"] = {k: v for k, v in good["model_options"].items() if k != "slots"}
    assert Recipe.from_json(old) == Recipe.from_json(good)
    for own in ("ntm.mine:Own", "gru:Own"):  # a gru.py that is elsewhere
        assert Recipe.from_json(good | {"model": own}).model == own


@pytest.mark.parametrize(
    ("task", "name"),
    [("hmm:mess3", "hmm"), ("copy:min_length=2", "copy"), ("a.b:C:length=9", "a.b:C")],
)
def test_a_recipe_made_with_options_in_its_task_s_name_is_refused(task, name):
    """Such a run was trained, and then no command could read it."""
    with pytest.raises(InputError, match=f"has options in its name; '{name}' takes task_options"):
        Recipe("mine", "it", "lstm", task=task)
    assert Recipe("mine", "it", "lstm", task=name).task == name


@pytest.mark.parametrize("turn", [1, -1])
def test_settings_that_fit_each_other_come_in_any_order(turn):
    fewer = ["model.slots=9", "fewest_slots=4"][::turn]
    assert find_recipe("copy-ntm").override(fewer).fewest_slots == 4
    still = ["model.shift_range=0", "model.shift_bias=0"][::turn]
    assert find_recipe("copy-ntm-lstm").override(still).model_options["shift_bias"] == 0
    longer = ["task.length=300", "longest=400"][::turn]
    assert find_recipe("ngrams-quick").override(longer).longest == 400


def test_a_run_starts_again_at_rows_of_metrics_before_its_end():
    quick, rule = find_recipe("ngrams-quick"), ["restarts=2", "restart_above=40"]
    recipe = quick.override([*rule, "restart_every=4000", "batch=48"])
    rows = [(0, 2016), (2016, 4032), (4032, 6000), (6000, 8016), (8016, 10032), (10032, 12000)]
    assert [recipe.restart_due(*row, 41.0) for row in rows] == [False, True, False, True] + [
        False
    ] * 2
    assert not any(recipe.restart_due(*row, 40.0) for row in rows)
    assert not any(quick.restart_due(*row, 50.0) for row in rows)
    with pytest.raises(InputError, match="multiple of validate_every, 2000"):
        quick.override([*rule, "restart_every=3000"])
    late = quick.override([*rule, "restart_every=10000"])
    assert [late.restart_due(at - 2000, at, 41.0) for at in (10000, 20000)] == [True, False]
    never = find_recipe("recall-ntm-lstm").override(["sequences=40000"])
    assert not never.restart_due(38000, 40000, 18.0)


def test_memories_of_every_size_are_for_ntms():
    with pytest.raises(InputError, match="for an NTM"):
        find_recipe("copy-lstm").override(["fewest_slots=4"])
    with pytest.raises(InputError, match="memory's 8"):  # whichever is set last
        find_recipe("ngrams-quick").override(["fewest_slots=20", "model.slots=8"])


def test_unknown_recipe_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'ngrams-ntm'"):
        find_recipe("ngram-ntm")


def test_learning_rate_falls_linearly_over_the_last_part():
    recipe = find_recipe("ngrams-quick").override(
        ["sequences=100", "decay=0.5", "learning_rate=2.0"]
    )
    assert [recipe.rate_at(n) for n in (0, 50, 75, 100)] == [2.0, 2.0, 1.0, 0.0]
    constant = recipe.override(["decay=0"])
    assert constant.rate_at(99) == 2.0


def test_snapshots_are_due_at_equal_parts():
    recipe = find_recipe("ngrams-quick").override(["sequences=100", "snapshots=3"])
    steps = range(0, 100, 16)
    ends = [min(step + 16, 100) for step in steps]
    due = [end for step, end in zip(steps, ends, strict=True) if recipe.snapshot_due(step, end)]
    assert due == [48, 80, 100]
    never = recipe.override(["snapshots=0"])
    assert not any(map(never.snapshot_due, steps, ends))


CELLS = {
    "copy": "copy",
    "repeat-copy": "repeat copy",
    "recall": "associative recall",
    "sort": "priority sort",
}


@pytest.mark.parametrize("task", CELLS)
def test_the_twelve_cells_have_the_sizes_of_tables_1_to_3(task):
    paper = CELLS[task]
    heads, units, _ = FEEDFORWARD[paper]
    ntm = find_recipe(f"{task}-ntm").make_model()
    assert (ntm.controller, ntm.read_heads, ntm.write_heads) == ("feedforward", heads, heads)
    assert (ntm.controller_size, ntm.slots, ntm.slot_width) == (units, 128, 20)
    heads, units, layers, _ = LSTM_CONTROLLER[paper]
    ntm = find_recipe(f"{task}-ntm-lstm").make_model()
    assert (ntm.controller, ntm.read_heads, ntm.write_heads) == ("lstm", heads, heads)
    assert (ntm.controller_size, ntm.controller_layers) == (units, layers)
    assert (ntm.slots, ntm.slot_width) == (128, 20)
    lstm = find_recipe(f"{task}-lstm").make_model()
    assert (lstm.hidden_size, lstm.layers) == (BASELINE[paper][0], 3)
    assert {
        find_recipe(f"{task}-{kind}").task for kind in ("ntm", "ntm-lstm", "lstm", "quick")
    } == {task}
