"""Any module trains: its run is as any recipe's, and whatever fails in it is a line."""

import json
import shutil
import warnings
from functools import partial

import pytest
import torch
from safetensors.torch import load_file

from ntmlab import InputError, load_model
from ntmlab.cli import main
from ntmlab.errors import Remark
from ntmlab.evaluation.evaluate import evaluate
from ntmlab.models import ModulePredictor
from ntmlab.recipes import own_recipe
from ntmlab.runs.folder import RunFolder, create
from ntmlab.tasks.draws import EVALUATION_SEED
from ntmlab.training import complete, read_metrics, resume, train, train_longer
from ntmlab.training.loop import Observer, Trainer
from tests.training.test_loop import assert_same_run, stopped_after

TASK = "dynamic-ngrams:order=3,length=12"
SHORT = ["sequences=480", "validate_every=100", "learning_rate=0.01"]
OWN = "tests.models.own"


def recipe_of(model, *settings, task=TASK):
    return own_recipe(task, model).override([*SHORT, *settings])


@pytest.mark.parametrize(
    "model",
    [
        "lstm:hidden_size=6,layers=1",
        "ntm:slots=4,slot_width=3,controller_size=5",
        f"{OWN}:GRU",
        f"{OWN}:GRU:dropout=0.4,norm=true",
        f"{OWN}:Tied",
        f"{OWN}:wide",
        f"{OWN}:lazy",
    ],
)
def test_any_model_learns_and_resuming_changes_no_bit(tmp_path, model):
    recipe = recipe_of(model)
    assert train(recipe, 1, tmp_path / "whole")
    stopped_after(tmp_path / "parts", 250, recipe)
    torch.rand(7)  # what the process draws meanwhile is nothing to the run
    assert resume(tmp_path / "parts")
    assert_same_run(tmp_path / "parts", tmp_path / "whole")
    rows = read_metrics(tmp_path / "whole")
    assert rows[-1]["bits"] < rows[0]["bits"]
    loaded = load_model(str(tmp_path / "whole"))
    for name, value in loaded.state_dict().items():
        assert torch.equal(value, load_file(tmp_path / "whole/model.safetensors")[name])


def test_noise_differs_from_step_to_step(tmp_path):
    """A dropout that were the same at every step would resume as well."""
    recipe = recipe_of(f"{OWN}:GRU:dropout=0.5")
    trainer = Trainer(create(tmp_path / "run", recipe, 1), recipe, 1, Observer())
    inputs = trainer.task.sample(4, 0).inputs
    trainer.model.train()
    assert not torch.equal(trainer.model(inputs)[0], trainer.model(inputs)[0])


def test_code_that_was_changed_since_is_remarked_upon(tmp_path, monkeypatch):
    """Weights of a tanh under a ReLU were scored, and trained on, in silence."""
    monkeypatch.chdir(tmp_path)
    code = "from tests.models.own import GRU, Die as Source\n"
    source = f"{code}\nclass Source(Source):\n    name = 'changing_code:Source'\n"
    (tmp_path / "changing_code.py").write_text(source)
    recipe = recipe_of("changing_code:GRU", task="changing_code:Source:length=5")
    assert train(recipe, 1, tmp_path / "whole")
    stopped_after(tmp_path / "part", 250, recipe)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load_model("whole")
    assert not caught
    (tmp_path / "changing_code.py").write_text(f"{source}# another\n")
    remark = "the file of changing_code:{} has changed since {}"
    for wanted, action in (
        ("whole/model.safetensors was", partial(load_model, "whole")),
        ("part was", partial(resume, tmp_path / "part")),
        ("whole was", partial(complete, recipe, 1, tmp_path / "whole")),
        ("whole was", partial(train_longer, tmp_path / "whole", 960, tmp_path / "more")),
    ):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            action()
        said = [str(one.message) for one in caught if "has changed since" in str(one.message)]
        assert [words.partition(wanted)[1] for words in said] == [wanted] * 2
        starts = [remark.format(name, "") for name in ("GRU", "Source")]
        assert [words[: len(start)] for words, start in zip(said, starts, strict=True)] == starts


def test_a_source_s_file_that_was_changed_since_is_remarked_upon(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    chain = {"matrices": [[[0.2, 0.3], [0.1, 0.1]], [[0.4, 0.1], [0.3, 0.5]]]}
    (tmp_path / "chain.json").write_text(json.dumps(chain))
    recipe = recipe_of("lstm:hidden_size=4", task="hmm:file=chain.json,length=5")
    assert train(recipe, 1, tmp_path / "run")
    load_model("run")
    chain["matrices"][1][1] = [0.5, 0.3]
    (tmp_path / "chain.json").write_text(json.dumps(chain))
    with pytest.warns(Remark, match="the file of chain.json has changed since run/model"):
        load_model("run")


def test_ties_are_kept(tmp_path):
    recipe = recipe_of(f"{OWN}:Tied")
    assert train(recipe, 1, tmp_path / "run")
    module = load_model(str(tmp_path / "run")).module
    assert module.third.weight is module.second.weight


@pytest.mark.parametrize(
    "task",
    ["hmm:mess3,length=10", "copy:max_length=4", "dynamic-ngrams:order=2,letters=3,length=10"],
)
def test_any_task_is_learnt_by_any_model(tmp_path, task):
    recipe = recipe_of(f"{OWN}:GRU", "sequences=64", "validate_every=32", task=task)
    assert train(recipe, 1, tmp_path / "run")
    card = json.loads((tmp_path / "run/model.json").read_text())
    assert card["model"] == f"{OWN}:GRU"
    assert card["task"] == task.partition(":")[0]
    assert card["options"]["input_size"] == recipe.make_task().input_size


def test_a_source_whose_optimum_nobody_knows_is_learnt_and_drawn(tmp_path, capsys):
    out = str(tmp_path / "run")
    options = ["--task", f"{OWN}:Die:sides=4", "--model", "lstm:hidden_size=4,layers=1"]
    options += ["--sequences", "64", "--set", "validate_every=32", "--out", out]
    assert main(["train", *options]) == 0
    assert "gap" not in capsys.readouterr().err
    assert "kl" not in read_metrics(tmp_path / "run")[-1]
    assert main(["evaluate", f"{OWN}:Die:sides=4", "--models", out, "coin"]) == 0
    assert main(["curves", out, "--out", str(tmp_path / "curves.png")]) == 0


def test_the_command_line_trains_and_everything_reads_the_run(tmp_path, capsys):
    out = str(tmp_path / "run")
    options = ["--task", TASK, "--model", f"{OWN}:GRU:width=4", "--sequences", "64", "--seed", "3"]
    options += ["--set", "validate_every=32", "--set", "model.dropout=0.1", "--out", out]
    assert main(["train", *options]) == 0
    capsys.readouterr()
    assert main(["evaluate", TASK, "--models", "optimal", out, "--sequences", "20", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["models"][out]["gap"] > 0
    assert main(["predict", "0110", "--models", out, "--json"]) == 0
    fresh = f"{OWN}:GRU:width=4"
    assert main(["evaluate", TASK, "--models", fresh, "--sequences", "20"]) == 0
    assert fresh in capsys.readouterr().out
    assert main(["curves", out, "--out", str(tmp_path / "curves.png")]) == 0
    assert main(["train", "--resume", out]) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--model", "lstmm"], "did you mean 'lstm'"),
        (["--model", "lstm", "--task", "hm"], "unknown task 'hm'"),
        (["--model", f"{OWN}:Odd:wrong=raises"], f"model {OWN}:Odd: its forward pass failed"),
        (["--model", f"{OWN}:leaves"], "SystemExit: 3"),
        (["--model", f"{OWN}:Letters"], "sparse gradients, as of nn.Embedding(sparse=True)"),
        (["--model", f"{OWN}:Elsewhere:where=beside"], "without a gradient of parameters"),
        (["--model", f"{OWN}:GRU", "--set", "model.wdth=3"], "did you mean 'width'"),
        (["--model", "lstm", "--set", "task.ordre=3"], "did you mean 'order'"),
        (["--model", "lstm", "--task", f"{OWN}:Die:wrong=raises"], "its draw failed: KeyError"),
        (["--model", "lstm", "--task", f"{OWN}:Die:wrong=leaves"], "its draw failed: SystemExit"),
        (["--model", "lstm", "--task", f"{OWN}:Die:wrong=type"], "its draw failed: ValueError"),
        (["--model", "lstm", "--task", f"{OWN}:Die:wrong=letters"], "whole numbers from 0 to 2"),
        (["ngrams-quick", "--model", "lstm"], "give a RECIPE"),
        (["--task", TASK], "give a RECIPE"),
    ],
)
def test_failures_are_a_line_and_leave_no_folder(tmp_path, capsys, options, message):
    out = tmp_path / "run"
    assert main(["train", *options, "--out", str(out)]) == 2
    errors = capsys.readouterr().err
    assert message in errors
    assert len(errors.splitlines()) == 1
    assert not out.exists()


def test_a_failure_while_training_is_a_line(tmp_path):
    with pytest.raises(InputError, match=f"^model {OWN}:Odd: its backward pass failed: ZeroDiv"):
        train(recipe_of(f"{OWN}:Odd:wrong=backward"), 1, tmp_path / "run")


@pytest.mark.parametrize(
    ("where", "remarks"), [("attribute", 2), ("chance", 2), ("buffer", 0), (None, 0)]
)
def test_what_is_in_no_weights_is_remarked_upon(tmp_path, where, remarks):
    """Rows had a count of steps added, and the run's own weights were scored without it."""
    model = "GRU:dropout=0.4,norm=true" if where is None else f"Elsewhere:where={where}"
    recipe = recipe_of(f"{OWN}:{model}", "sequences=48", "validate_every=16")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert train(recipe, 1, tmp_path / "run")
    said = [str(one.message) for one in caught if issubclass(one.category, Remark)]
    assert ["elsewhere than in its parameters" in words for words in said] == [True] * remarks
    task = recipe.make_task()
    kept = ModulePredictor(load_model(str(tmp_path / "run")), task.outputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Remark)  # on chance, here too
        bits = evaluate(task, {"kept": kept}, 1000, EVALUATION_SEED)["kept"].bits
    same = bits == pytest.approx(read_metrics(tmp_path / "run")[-1]["bits"], abs=1e-6)
    assert same == (remarks == 0)


def test_a_model_that_does_not_take_its_weights_back_is_remarked_upon(tmp_path):
    recipe = recipe_of(f"{OWN}:Odd:wrong=refuses", "sequences=16")
    with pytest.warns(Remark, match="does not take its own weights back: .*RuntimeError"):
        assert train(recipe, 1, tmp_path / "run")


def test_weights_that_a_users_module_does_not_fit_are_a_line(tmp_path):
    assert train(recipe_of(f"{OWN}:GRU:width=4", "sequences=16"), 1, tmp_path / "run")
    card = tmp_path / "run/model.json"
    for change in ('"width": 5', '"norm": true', '"width": -1', '"depth": 4'):
        text = card.read_text()
        card.write_text(text.replace('"width": 4', change))
        with pytest.raises(InputError, match=f"{OWN}:GRU|does not hold the weights") as info:
            load_model(str(tmp_path / "run"))
        assert "\n" not in str(info.value)
        assert len(str(info.value)) < 600
        card.write_text(text)


def test_a_folder_from_elsewhere_runs_no_code(tmp_path, monkeypatch):
    """Its card and configuration may name only what is here, or what the user trusts."""
    assert train(recipe_of(f"{OWN}:GRU"), 1, tmp_path / "run")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(tmp_path / "run", elsewhere / "run")
    monkeypatch.chdir(elsewhere)
    for act in (resume, lambda path: load_model(str(path))):
        with pytest.raises(InputError, match="set NTMLAB_TRUST=tests"):
            act(elsewhere / "run")
    run = RunFolder(elsewhere / "run")
    for file in (run.config, run.model.with_suffix(".json")):
        text = file.read_text()
        for evil in ("os:system", "nowhere.evil:run:command=1", "ntmlab.cli:main"):
            file.write_text(text.replace(f"{OWN}:GRU", evil))
            with pytest.raises(InputError, match="set NTMLAB_TRUST="):
                resume(run.path) if file == run.config else load_model(str(run.path))
        file.write_text(text)
    monkeypatch.setenv("NTMLAB_TRUST", "other, tests")
    load_model(str(run.path))
    assert resume(run.path)
