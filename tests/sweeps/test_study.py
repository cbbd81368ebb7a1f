"""What a study expands to, and what a sweep's folder says."""

import json

import pytest

from ntmlab import InputError
from ntmlab.recipes import find_recipe
from ntmlab.sweeps.attempts import Sweep, attempts_at, begin_attempt
from ntmlab.sweeps.study import Study, Wanted, add_study, expand, parse_grid, read_study
from ntmlab.sweeps.study_file import read_toml
from ntmlab.sweeps.worker import Job, work
from tests.cli.commands import run
from tests.sweeps.cases import SETTINGS, begin, make_study


def test_every_combination_from_every_seed_is_a_run_named_by_what_varies():
    grid = parse_grid(["learning_rate=1e-3,3e-3", "sequences=480", "model.slots=8,16"])
    units = expand(Wanted(["ngrams-quick"], [], None, [0, 5], grid))
    assert len(units) == 8
    unit = units["ngrams-quick-learning_rate=0.003-model.slots=8-seed5"]
    settings = ["learning_rate=0.003", "sequences=480", "model.slots=8"]
    assert unit.recipe == find_recipe("ngrams-quick").override(settings)
    assert unit.seed == 5
    assert unit.settings == {"learning_rate": "0.003", "model.slots": "8"}


def test_models_whose_names_are_cut_are_two_runs():
    """Cut at 100 characters they had one name, and the study was refused."""
    models = [f"mine:GRU:kind={'x' * 110}{end}" for end in "ab"]
    units = expand(Wanted([], models, "dynamic-ngrams", [0], {}))
    assert len(units) == 2
    assert len({unit.recipe.name for unit in units.values()}) == 2
    assert all(len(unit.recipe.name) == 100 for unit in units.values())


def test_models_on_a_task_are_named_as_training_names_them():
    wanted = Wanted([], ["gru:hidden_size=4"], "hmm:mess3", [0], {"model.layers": ["1", "2"]})
    unit = expand(wanted)["hmm-mess3-gru-hidden_size=4-model.layers=2-seed0"]
    assert unit.recipe.name == "hmm-mess3-gru-hidden_size=4-layers=2"


def test_a_long_name_is_cut_and_stays_its_own():
    grid = {"task.prior": [f"[{'1' * n},1]" for n in (200, 201)]}
    names = list(expand(Wanted(["ngrams-quick"], [], None, [0], grid)))
    assert len(names) == 2
    assert all(len(name) < 200 for name in names)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["learning_rate"], "takes key=value,value"),
        (["learning_rate=1,,2"], "takes key=value,value"),
        (["learning_rate="], "takes key=value,value"),
        (["learning_rate=1,1"], "given twice"),
        (["learning_rate=1", "learning_rate=2"], "given twice"),
        (["rate=1"], "unknown recipe key 'rate'"),
        (["batch=1,x"], "batch must be of type int"),
        (["sequences=1+,1-"], "of type int"),
    ],
)
def test_wrong_settings_are_a_line(settings, message):
    with pytest.raises(InputError, match=message) as info:
        expand(Wanted(["ngrams-quick"], [], None, [0], parse_grid(settings)))
    assert "\n" not in str(info.value)


def test_a_file_says_the_same_as_options(tmp_path):
    text = """
recipe = ["ngrams-quick", "ngrams-lstm"]
seeds = "0:3"
threads = 2
[set]
sequences = 480
learning_rate = [1e-3, 3e-3]
model.hidden_size = [8]
"""
    (tmp_path / "study.toml").write_text(text.replace("model.hidden_size = [8]", ""))
    wanted, own = read_toml(tmp_path / "study.toml")
    assert own == {"threads": 2}
    assert wanted.seeds == [0, 1, 2]
    assert wanted.grid == {"sequences": ["480"], "learning_rate": ["0.001", "0.003"]}
    assert len(expand(wanted)) == 12
    (tmp_path / "study.toml").write_text(text)
    assert read_toml(tmp_path / "study.toml")[0].grid["model.hidden_size"] == ["8"]
    (tmp_path / "study.toml").write_text("recipe = 'ngrams-quick'\nsequences = 480")
    assert read_toml(tmp_path / "study.toml")[0].grid == {"sequences": ["480"]}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("learning_rate=1e-3,3E-3", "learning_rate = [0.001, 3e-3]"),
        ("sequences=480,960", "sequences = [480, 960]"),
        ("task.prior=0.50/2,1/1", "task.prior = [[0.5, 2], [1, 1]]"),
        ("optimizer=adam,adam-damped", "optimizer = ['adam', 'adam-damped']"),
    ],
)
def test_a_value_has_one_spelling_on_the_command_line_and_in_a_file(tmp_path, typed, written):
    (tmp_path / "study.toml").write_text(f"recipe = 'ngrams-quick'\n[set]\n{written}")
    wanted, _ = read_toml(tmp_path / "study.toml")
    assert parse_grid([typed]) == wanted.grid
    assert len(expand(wanted)) == 2


def test_one_value_in_two_spellings_is_given_twice():
    with pytest.raises(InputError, match="given twice"):
        parse_grid(["learning_rate=1e-3,0.001"])


def test_runs_of_a_folder_with_another_spelling_are_found_and_those_beside_them_named_so(tmp_path):
    def study(seeds, *rates):
        grid = {"learning_rate": list(rates)}
        return Study(expand(Wanted(["ngrams-quick"], [], None, seeds, grid)), "cpu", 1)

    sweep = begin(tmp_path / "sweep", study([0], "1e-3", "3e-3"))
    add_study(sweep, study([0, 1], "0.001", "0.003", "0.005"))
    units = read_study(sweep).units
    rates = ("1e-3", "3e-3", "0.005")
    assert list(units)[:2] == [f"ngrams-quick-learning_rate={rate}-seed0" for rate in rates[:2]]
    assert set(units) == {f"ngrams-quick-learning_rate={r}-seed{s}" for r in rates for s in (0, 1)}
    assert all(one.settings["learning_rate"] in name for name, one in units.items())
    grid = {"learning_rate": ["0.001", "0.003"], "sequences": ["480"]}
    other = Study(expand(Wanted(["ngrams-quick"], [], None, [0], grid)), "cpu", 1)
    with pytest.raises(InputError, match="learning_rate=1e-3-seed0 is another run"):
        add_study(sweep, other)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("recipes = 'x'", "unknown .* 'recipes'; did you mean 'recipe'"),
        ("recipe = ", "is no study"),
        ("seeds = [1.5]", "must be whole"),
        ("set = 3", "a table"),
        ("sequences = 9\n[set]\nsequences = [8]", "sequences is given twice"),
        ("[set]\n'model.slots' = 8\n[set.model]\nslots = 9", "model.slots is given twice"),
        ("[set]\nlearning_rate = []", "learning_rate: give at least one value"),
        ("[set]\nlearning_rate = 1979-05-27", "learning_rate: 1979-05-27 is no number"),
        ("task = 3", "its task is 3, and no name"),
        ("device = 3", "its device is 3, and no name"),
    ],
)
def test_a_wrong_file_is_a_line(tmp_path, text, message):
    (tmp_path / "study.toml").write_text(text)
    with pytest.raises(InputError, match=message) as info:
        read_toml(tmp_path / "study.toml")
    assert "\n" not in str(info.value)


def test_a_folder_keeps_its_study_and_takes_in_a_larger_one(tmp_path):
    small, large = make_study(seeds=(0,)), make_study(seeds=(0, 1))
    sweep = begin(tmp_path / "sweep", small)
    assert read_study(sweep) == small
    add_study(sweep, large)
    add_study(sweep, small)
    assert read_study(sweep) == large
    with pytest.raises(InputError, match="ngrams-quick-seed0 is another run"):
        add_study(sweep, make_study("learning_rate=0.5"))
    with pytest.raises(InputError, match="with 1 threads a run"):
        add_study(sweep, Study({**make_study(seeds=(2,)).units}, "cpu", 2))


def test_while_a_driver_works_nothing_is_added(capsys, tmp_path):
    """The second command was refused, and its runs stood in the folder from then on."""
    sweep = begin(tmp_path / "sweep", make_study(seeds=(0,)))
    sets = [word for setting in SETTINGS for word in ("--set", setting)]
    with sweep.held():
        options = ("--recipe", "ngrams-quick", "--seeds", "0:9", "--out", sweep.path, *sets)
        status, _, err = run(capsys, "sweep", *options)
    assert (status, "another driver is at work" in err) == (2, True)
    assert read_study(sweep) == make_study(seeds=(0,))


def test_seeds_of_another_setting_are_no_seeds_of_a_folder_s(tmp_path):
    """Its table gave one median of runs of 480 and of 960 sequences."""
    sweep = begin(tmp_path / "sweep", make_study(seeds=(0,)))
    with pytest.raises(InputError, match="quick-seed0 has other settings than ngrams-quick-seed1"):
        add_study(sweep, make_study("sequences=960", seeds=(1,)))
    assert read_study(sweep) == make_study(seeds=(0,))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"format": 1}, "not of format"),
        ({"units": []}, "damaged"),
        ({"units": {"a": {}}}, "damaged: run a"),
        ({"units": {"a": {"recipe": {}, "seed": 0, "set": {}}}}, "run a: the recipe has no name"),
        ({"threads": "two"}, "damaged"),
    ],
)
def test_a_damaged_study_is_a_line(tmp_path, edit, message):
    sweep = begin(tmp_path / "sweep", make_study())
    sweep.study.write_text(json.dumps(json.loads(sweep.study.read_text()) | edit))
    with pytest.raises(InputError, match=message):
        read_study(sweep)


def test_an_attempt_s_number_is_given_once(tmp_path):
    sweep = Sweep(tmp_path)
    first = begin_attempt(sweep, "a", 1, {})
    with pytest.raises(InputError, match="made by another driver"):
        begin_attempt(sweep, "a", 1, {})
    assert not first.superseded
    begin_attempt(sweep, "a", 10, {})
    begin_attempt(sweep, "a", 2, {})
    assert [one.number for one in attempts_at(sweep, "a")] == [1, 2, 10]
    assert first.superseded


def test_a_worker_that_does_not_read_the_driver_s_nonce_says_so_in_a_line(tmp_path):
    sweep = begin(tmp_path / "sweep", make_study())
    begin_attempt(sweep, "ngrams-quick-seed0", 1, {"nonce": "one", "beat_s": 1.0})
    job = Job(str(sweep.path), "ngrams-quick-seed0", 1, "another", 1)
    with pytest.raises(InputError, match="not the folder in which the driver writes") as info:
        work(job, share_s=0.0)
    assert "\n" not in str(info.value)
    assert not job.attempt.beat.exists()


def test_dry_runs_print_each_run_and_make_nothing(capsys, tmp_path):
    options = ["--recipe", "ngrams-quick", "--seeds", "0:2", "--out", tmp_path / "s", "--dry-run"]
    status, out, _ = run(capsys, "sweep", *options)
    shown = json.loads(f"[{out.replace('}' + chr(10) + '{', '},{')}]")
    assert status == 0
    assert [one["seed"] for one in shown] == [0, 1]
    assert shown[0]["recipe"] == json.loads(json.dumps(find_recipe("ngrams-quick").to_json()))
    assert not (tmp_path / "s").exists()


def test_options_beside_a_file_come_before_what_it_says(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "recipe = 'ngrams-quick'\ndevice = 'cuda'\nthreads = 2\nsequences = 480\n"
    (tmp_path / "study.toml").write_text(text)

    def shown(*options):
        status, out, _ = run(capsys, "sweep", "study.toml", "--dry-run", *options)
        assert status == 0
        one = json.loads(out)
        assert one["out"].startswith("sweeps/study/runs/")
        return one["device"], one["threads"], one["recipe"]["sequences"]

    assert shown() == ("cuda", 2, 480)
    assert shown("--device", "cpu", "--threads", "3", "--sequences", "960") == ("cpu", 3, 960)
    assert shown("--set", "sequences=1440") == ("cuda", 2, 1440)
    status, _, err = run(capsys, "sweep", "study.toml", "--threads", "0")
    assert (status, "--threads must be at least 1" in err) == (2, True)


def test_a_search_beside_a_file_comes_before_the_file_s(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "recipe = 'ngrams-quick'\nsearch = 4\nahead = 2\n[set]\nlearning_rate = '1e-4..1e-2'\n"
    (tmp_path / "study.toml").write_text(text)

    def shown(*options):
        found = json.loads(run(capsys, "sweep", "study.toml", "--dry-run", *options)[1])["search"]
        return found["points"], found["ahead"]

    assert shown() == (4, 2)
    assert shown("--search", "7") == (7, 2)
    assert shown("--ahead", "3") == (4, 3)
    status, _, err = run(capsys, "sweep", "study.toml", "--dry-run", "--search", "0")
    assert (status, "a search has at least 1 point" in err) == (2, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "a study needs recipes"),
        (["nowhere.toml"], "no file or sweep"),
        (["--recipe", "ngrams-quik"], "did you mean 'ngrams-quick'"),
        (["--recipe", "ngrams-quick", "--on", "moon"], "unknown place"),
        (["--recipe", "ngrams-quick", "--jobs", "0"], "--jobs must be at least 1"),
        (["--recipe", "ngrams-quick", "--threads", "0"], "--threads must be at least 1"),
        (["--recipe", "ngrams-quick", "--retries", "-1"], "--retries must not be negative"),
        (["--recipe", "ngrams-quick", "--device", "moon"], "unknown device"),
        (["--recipe", "ngrams-quick", "--show"], "is no sweep"),
        ([".", "--seeds", "1"], "give nothing else"),
    ],
)
def test_wrong_use_is_a_line_and_makes_nothing(capsys, tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    status, _, err = run(capsys, "sweep", *options)
    assert status == 2
    assert message in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
