"""An option that would have no effect beside another is refused in a line that names it."""

import pytest

from tests.cli.commands import run

TRAIN = ["train", "ngrams-quick", "--dry-run"]
OWN = ["train", "--task", "hmm:mess3", "--model", "gru", "--dry-run"]
SWEEP = ["sweep", "--recipe", "ngrams-quick"]
IGNORED = [
    (["table", "--redraw", "--models", "gru"], "leave out --models"),
    (["table", "--redraw", "--sources", "three letters"], "leave out --sources"),
    (["table", "--redraw", "--sequences", "10"], "leave out --sequences"),
    (["table", "--redraw", "--search", "10"], "leave out --search"),
    (["table", "--redraw", "--seeds", "0"], "leave out --seeds"),
    (["reproduce", "11", "--seed", "5"], "leave out the seed"),
    (["figure", "--bits", "0101", "--length", "9"], "--length is of sequences that are drawn"),
    (["figure", "--file", "lines", "--length", "9"], "--length is of sequences that are drawn"),
    (["figure", "--columns", "50", "--no-close-up"], "leave out --no-close-up"),
    (["figure", "--width", "3.3", "--no-close-up"], "leave out --no-close-up"),
    ([*TRAIN, "--set", "batch=2", "--set", "batch=3"], "batch is given twice"),
    ([*TRAIN, "--set", "sequences=20", "--sequences", "30"], "sequences is given twice"),
    ([*TRAIN, "--set", "snapshots=2", "--snapshots", "3"], "snapshots is given twice"),
    ([*OWN, "--set", "task=copy"], "task is no setting where --model names the run: give --task"),
    ([*OWN, "--set", "model=lstm"], "give --model"),
    (["sweep", *OWN[1:], "--set", "task=copy"], "give --task"),
    ([*TRAIN, "--together"], "--together is for several runs"),
    ([*SWEEP, "--set", "sequences=20", "--sequences", "30"], "sequences is given twice"),
    ([*SWEEP, "--show", "--seeds", "0:2"], "leave out --seeds"),
    ([*SWEEP, "--show", "--set", "batch=2"], "leave out --set"),
    ([*SWEEP, "--show", "--jobs", "2"], "leave out --jobs"),
    ([*SWEEP, "--show", "--on", "ray"], "leave out --on"),
    ([*SWEEP, "--show", "--dead-after", "5"], "leave out --dead-after"),
    (["evaluate", "--file", "lines", "--format", "bytes", "--joined"], "leave out --joined"),
    (["code", "lines", "--format", "bytes", "--joined"], "leave out --joined"),
]


@pytest.mark.parametrize(("arguments", "message"), IGNORED, ids=lambda v: " ".join(v)[:60])
def test_an_option_without_effect_is_refused(capsys, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lines").write_text("01\n10\n")
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err
    assert [path.name for path in tmp_path.iterdir()] == ["lines"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "dynamic-ngrams:order=3", "--order", "5"], ":order=3 and --order 5 are two"),
        (["evaluate", "copy:max_length=5", "--length", "7"], "max_length=5 and --length 7"),
        (["evaluate", "hmm:mess3,length=9", "--length", "8"], "hmm:length=9 and --length 8"),
        (["predict", "01", "--task", "dynamic-ngrams:order=3", "--order", "4"], "--order 4"),
        (
            ["figure", "--task", "dynamic-ngrams:prior=1/1", "--prior", "0.5", "0.5"],
            "dynamic-ngrams:prior=1/1 and --prior 0.5 0.5",
        ),
        (
            ["losses", "kt-1", "--task", "dynamic-ngrams:length=9", "--length", "8"],
            "give one",
        ),
    ],
    ids=lambda v: " ".join(v)[:60],
)
def test_a_size_that_the_task_is_named_with_is_not_another(
    capsys, tmp_path, monkeypatch, arguments, message
):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert not list(tmp_path.iterdir())


def test_sizes_that_agree_with_the_task_s_are_taken(capsys):
    models = ("--models", "optimal", "--sequences", "3")
    sizes = ("--order", "3", "--prior", "1", "2", "--length", "9")
    status, once, _ = run(capsys, "evaluate", "dynamic-ngrams", *sizes, *models)
    assert status == 0
    named = "dynamic-ngrams:order=3,prior=1/2"
    assert run(capsys, "evaluate", named, *sizes, *models) == (0, once, "")
