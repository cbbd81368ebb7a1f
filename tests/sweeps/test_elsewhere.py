"""Workers in Ray's tasks and in jobs of submitit's local executor: the bits are those of train."""

import os
import signal
import sys

import pytest

from ntmlab import InputError
from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import attempts_at
from ntmlab.sweeps.carry import saved
from ntmlab.sweeps.executors.ray import Ray
from ntmlab.sweeps.executors.slurm import Slurm
from tests.sweeps.cases import (
    LONG,
    ONE,
    OTHER,
    Frozen,
    begin,
    drive,
    is_there,
    kill,
    seen,
    wait_for,
)
from tests.training.test_loop import assert_same_run


def place(name, sweep):
    """An executor for two runs at once."""
    if name == "ray":
        pytest.importorskip("ray")
        return Ray(1, 2)
    pytest.importorskip("submitit")
    return Slurm(sweep, LONG, 2, cluster="local")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("name", ["ray", "slurm"])
def test_stopped_and_killed_runs_end_as_those_of_train(whole, tmp_path, name):
    sweep, held = begin(tmp_path / "sweep", LONG), Frozen()

    def stop(driver) -> None:
        for unit in LONG.units:
            held.past(sweep, unit, 1)
        if len(held) == 2:
            if any(active.asked for active in driver.active.values()):
                held.go_on()
            else:
                os.kill(os.getpid(), signal.SIGTERM)

    done, told = drive(sweep, LONG, executor=place(name, sweep), disturb=stop)
    assert not done
    ended = [attempts_at(sweep, unit)[0] for unit in LONG.units]
    assert [one.how_it_ended()["how"] for one in ended] == [attempts.STOPPED] * 2
    before = {one.folder.name: saved(one.run)[0] for one in ended}
    assert all(0 < sequences < 20_000 for sequences in before.values())
    again = Frozen()

    def kill_worker(driver) -> None:
        if ONE not in again and again.past(sweep, ONE, 2, before[ONE]):
            kill(again[ONE])

    done, told = drive(sweep, LONG, executor=place(name, sweep), disturb=kill_worker)
    assert done
    assert any(f"{ONE}: attempt 2 ended:" in line for line in told)
    assert (saved(sweep.run(ONE))[1], saved(sweep.run(OTHER))[1]) == (3, 2)
    for unit in LONG.units:
        assert_same_run(sweep.run(unit), whole / unit)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning")
def test_a_machine_that_is_lost_loses_no_run(whole, tmp_path, monkeypatch):
    cluster_utils = pytest.importorskip("ray.cluster_utils")
    cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    nodes = [cluster.add_node(num_cpus=1)]
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)
    sweep, executor = begin(tmp_path / "sweep", LONG), Ray(1)
    executor.share_s = 0.0
    assert executor.jobs == 2
    held = Frozen()

    def lose(driver) -> None:
        for unit in LONG.units:
            held.past(sweep, unit, 1)
        if nodes and len(held) == 2:
            cluster.remove_node(nodes.pop())
            held.go_on()

    try:
        done, _ = drive(sweep, LONG, executor=executor, disturb=lose)
    finally:
        cluster.shutdown()
    assert done
    assert sorted(saved(sweep.run(unit))[1] for unit in LONG.units) == [1, 2]
    for unit in LONG.units:
        assert_same_run(sweep.run(unit), whole / unit)


class KilledError(BaseException):
    """As SIGKILL for a driver, but that this process lives on."""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning")
def test_a_lost_machine_two_killed_drivers_and_a_worker_that_comes_back(
    whole, tmp_path, monkeypatch
):
    """A machine is lost and the driver killed; a worker is held past its death, continued, and the
    driver killed again: the third driver ends with the bits of runs that nothing disturbed.
    """
    cluster_utils = pytest.importorskip("ray.cluster_utils")
    cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    nodes = [cluster.add_node(num_cpus=1)]
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)
    sweep, (held, again), lost = begin(tmp_path / "sweep", LONG), (Frozen(), Frozen()), []

    def on_ray(disturb, dead_after=60.0):
        executor = Ray(1, 2)
        executor.share_s = 0.0
        return drive(sweep, LONG, executor=executor, disturb=disturb, dead_after=dead_after)

    def lose_a_machine(driver) -> None:
        for unit in LONG.units:
            held.past(sweep, unit, 1)
        if nodes and len(held) == 2:
            cluster.remove_node(nodes.pop())
            cluster.add_node(num_cpus=2)  # another machine takes its place
            held.go_on()
        lost[:] = [unit for unit in LONG.units if not is_there(held.get(unit, os.getpid()))]
        if not nodes and (len(lost) == 2 or any(seen(sweep, unit, 2) for unit in lost)):
            raise KilledError

    def hold_one_past_its_death(driver) -> None:
        for unit in driver.active:
            made = attempts_at(sweep, unit)
            if not again and len(made) > 1:
                again.past(sweep, unit, made[-1].number, seen(sweep, unit, made[-2].number))
        for unit in again:
            number = attempts_at(sweep, unit)[-1].number
            if seen(sweep, unit, number) > seen(sweep, unit, number - 1):
                again.go_on()
                wait_for(lambda: not any(map(is_there, again.values())))  # it sees it and ends
                raise KilledError

    try:
        with pytest.raises(KilledError):
            on_ray(lose_a_machine)
        with pytest.raises(KilledError):
            on_ray(hold_one_past_its_death, dead_after=3.0)
        done, _ = on_ray(lambda driver: None, dead_after=3.0)
    finally:
        cluster.shutdown()
    assert done
    assert max(saved(sweep.run(unit))[1] for unit in LONG.units) >= 3
    for unit in LONG.units:
        assert_same_run(sweep.run(unit), whole / unit)


def test_where_a_package_is_missing_a_line_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "submitit", None)
    for make in (lambda: Ray(1), lambda: Slurm(begin(tmp_path, LONG), LONG)):
        with pytest.raises(InputError, match=r"pip install 'ntmlab\[sweep\]'"):
            make()
