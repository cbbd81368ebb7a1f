"""Workers killed and stopped, drivers killed: every run is, to the last bit, as if undisturbed."""

import os
import signal

import pytest

from ntmlab.sweeps import attempts
from ntmlab.sweeps.attempts import attempts_at
from ntmlab.sweeps.carry import saved
from ntmlab.sweeps.driver import Driver
from ntmlab.sweeps.executors.processes import Process
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


class KilledError(BaseException):
    """As SIGKILL for a driver, but that this process lives on."""


@pytest.mark.slow
def test_runs_whose_workers_and_drivers_are_killed_are_as_if_undisturbed(whole, tmp_path):
    """Stopped in good order; then a worker is killed, one is held, and the driver killed, twice."""
    sweep, held = begin(tmp_path / "sweep", LONG), Frozen()

    def stop(driver: Driver) -> None:
        for name in LONG.units:
            held.past(sweep, name, 1)
        if len(held) == 2:
            if any(active.asked for active in driver.active.values()):
                held.go_on()
            else:
                os.kill(os.getpid(), signal.SIGTERM)

    done, told = drive(sweep, LONG, disturb=stop)
    assert not done
    assert f"{ONE}: attempt 1 ended: told to stop" in told
    ended = [attempts_at(sweep, name)[0] for name in LONG.units]
    assert [one.how_it_ended()["how"] for one in ended] == [attempts.STOPPED] * 2
    before = {one.folder.name: saved(one.run)[0] for one in ended}
    assert all(0 < sequences < 20_000 for sequences in before.values())
    again = Frozen()

    def kill_worker_and_driver(driver: Driver) -> None:
        for name in LONG.units:
            again.past(sweep, name, 2, before[name])
        if len(again) == 2:
            kill(again[ONE])
            raise KilledError

    with pytest.raises(KilledError):
        drive(sweep, LONG, disturb=kill_worker_and_driver)

    def kill_driver(driver: Driver) -> None:
        if all(len(attempts_at(sweep, name)) == 3 for name in LONG.units):
            raise KilledError

    with pytest.raises(KilledError):  # it thinks both dead, and starts both again
        drive(sweep, LONG, dead_after=1.0, disturb=kill_driver)
    os.kill(again[OTHER], signal.SIGCONT)
    wait_for(lambda: not is_there(again[OTHER]))  # it sees attempt 3 and ends

    done, told = drive(sweep, LONG)
    assert done
    assert f"{ONE}: attempt 3 was under way; watching it" in told
    for name in LONG.units:
        assert_same_run(sweep.run(name), whole / name)
        assert saved(sweep.run(name))[1] == 3
        assert not sweep.attempts(name).exists()


def test_a_worker_that_was_thought_dead_and_comes_back_can_do_no_harm(whole, tmp_path, monkeypatch):
    """As on a machine that its driver does not reach: it is killed in vain."""
    killed = []
    monkeypatch.setattr(Process, "kill", lambda process: killed.append(process))
    study = LONG._replace(units={ONE: LONG.units[ONE]})
    sweep, held = begin(tmp_path / "sweep", study), Frozen()

    def disturb(driver: Driver) -> None:
        waits = held.past(sweep, ONE, 1) and len(attempts_at(sweep, ONE)) == 1
        driver.rules = driver.rules._replace(dead_after_s=1.0 if waits else 60.0)
        if held and seen(sweep, ONE, 2):
            held.go_on()

    done, told = drive(sweep, study, disturb=disturb)
    assert done
    assert f"{ONE}: attempt 1 ended: no sign of life for 1 s" in told
    assert held[ONE] in [process.process.pid for process in killed]
    assert saved(sweep.run(ONE))[1] == 2
    assert_same_run(sweep.run(ONE), whole / ONE)
    wait_for(lambda: not is_there(held[ONE]))
