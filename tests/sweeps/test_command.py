"""What the command of a sweep hands on, shows, and ends with; what is asked of Ray and of Slurm."""

from types import SimpleNamespace

import pytest

from ntmlab.cli import sweep as command
from ntmlab.records import write_object
from ntmlab.studies import curves
from ntmlab.sweeps.attempts import begin_attempt
from ntmlab.sweeps.driver import Rules
from ntmlab.sweeps.executors import ray, slurm
from tests.cli.commands import run
from tests.sweeps.cases import begin, make_study
from tests.sweeps.test_tables import RUNS


@pytest.mark.parametrize(
    ("done", "failed", "status"), [(True, 0, 0), (True, 1, 1), (False, 0, 1), (False, 1, 1)]
)
def test_a_sweep_ends_well_where_all_runs_are_done_and_none_failed(
    capsys, tmp_path, monkeypatch, done, failed, status
):
    asked = []

    def drive(sweep, study, executor, rules):
        asked.append(rules)
        return done, failed

    monkeypatch.setattr(command, "drive", drive)
    monkeypatch.setattr(command, "make_executor", lambda *given: None)
    options = ("--recipe", "ngrams-quick", "--retries", 5, "--dead-after", 7.5)
    ended, _, err = run(capsys, "sweep", *options, "--out", tmp_path / "s")
    assert (ended, asked) == (status, [Rules(5, 7.5)])
    assert ("go on with: ntmlab sweep" in err) == (not done)


def test_a_run_has_failed_after_so_many_retries_as_were_given(capsys, tmp_path):
    study = make_study(seeds=(0,))
    sweep, (name,) = begin(tmp_path / "s", study), study.units
    for number in (1, 2):
        attempt = begin_attempt(sweep, name, number, {})
        write_object(attempt.end, {"how": "error", "why": "no memory"})
    given = ("sweep", sweep.path, "--show")
    assert "failed: no memory" in run(capsys, *given, "--retries", 1)[1]
    assert "failed: no memory" not in run(capsys, *given, "--retries", 2)[1]


def test_a_picture_has_the_runs_that_are_finished_and_versions_of_code_are_looked_at(
    capsys, tmp_path, monkeypatch
):
    sweep, asked = begin(tmp_path / "s", make_study()), []

    def drawing(paths):
        asked.append([path.name for path in paths])
        return SimpleNamespace(save=lambda path: None)

    monkeypatch.setattr(curves, "drawing", drawing)
    monkeypatch.setattr(command.show, "run_rows", lambda sweep, retries: RUNS)
    monkeypatch.setattr(command.show, "remark_on_code", lambda sweep, runs: asked.append(runs))
    given = ("sweep", sweep.path, "--show", "--plot", tmp_path / "it.png")
    assert run(capsys, *given)[0] == 0
    assert asked == [RUNS, ["r1-0", "r1-1", "r1-2", "r2-0"]]


def test_a_job_of_slurm_asks_for_the_threads_of_a_run_and_for_a_gpu_where_it_needs_one():
    study = make_study(threads=3)
    assert slurm._parameters(study, []) == {"name": "ntmlab", "cpus_per_task": 3}
    asked = slurm._parameters(study._replace(device="cuda"), ["time=60", "cpus_per_task=8"])
    assert asked == {"name": "ntmlab", "cpus_per_task": 8, "gpus_per_node": 1, "time": 60}


@pytest.mark.parametrize(("state", "cancelled"), [("PENDING", 1), ("pending", 1), ("RUNNING", 0)])
def test_a_job_that_runs_is_left_to_save(state, cancelled):
    asked = []
    slurm.SlurmJob(SimpleNamespace(state=state, cancel=lambda: asked.append(1))).stop()
    assert len(asked) == cancelled


@pytest.mark.parametrize(
    ("device", "jobs", "processors", "gpus", "fit"),
    [("cpu", None, 7.0, 0, 3), ("cuda", 2, 7.0, 1, 2), ("cpu", 5, 7.0, 0, 3), ("cpu", 5, 1, 0, 1)],
)
def test_a_task_of_ray_asks_for_the_same(monkeypatch, device, jobs, processors, gpus, fit):
    asked = {}

    def remote(**options):
        asked.update(options)
        return lambda work: work

    known = {"init": lambda **given: None, "remote": remote, "shutdown": lambda: None}
    known["cluster_resources"] = lambda: {"CPU": processors}
    monkeypatch.setattr(ray, "import_extra", lambda *given: SimpleNamespace(**known))
    made = ray.Ray(2, jobs, device)
    assert (asked["num_cpus"], asked["num_gpus"], asked["max_retries"]) == (2, gpus, 0)
    assert made.jobs == fit
