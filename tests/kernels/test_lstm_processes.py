"""The native LSTM scan on many threads and in worker processes, and the memory it holds on to."""

import faulthandler
import multiprocessing
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from ntmlab.kernels.backend import native_module
from tests.kernels import lstm_cases
from tests.kernels.lstm_cases import Sizes, draw, loss, results, scan
from tests.tolerances import RELATIVE_RMS, relative_rms

pytestmark = [
    pytest.mark.skipif(native_module() is None, reason="native kernels are not built"),
    pytest.mark.usefixtures("one_thread"),
]

TOLERANCE = RELATIVE_RMS[torch.float32]
SMALL = Sizes(5, 6, 3, 2, 19)


def test_thread_setting_may_change_before_backward() -> None:
    torch.set_num_threads(2)
    tensors = [tensor.requires_grad_() for tensor in draw(Sizes(7, 5, 2, 2, 9))]
    total = loss(scan(tensors, "native"))
    first = torch.autograd.grad(total, tensors, retain_graph=True)
    torch.set_num_threads(1)
    for one, other in zip(first, torch.autograd.grad(total, tensors), strict=True):
        assert torch.equal(one, other)


def test_repeated_calls_agree_to_the_bit() -> None:
    torch.set_num_threads(3)
    first = results(draw(Sizes(11, 30, 2, 2, 33)), "native")
    for _ in range(3):
        again = results(draw(Sizes(11, 30, 2, 2, 33)), "native")
        for name in first:
            assert torch.equal(first[name], again[name]), name


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_memory_does_not_grow() -> None:
    def resident_megabytes() -> float:
        return (
            int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
        )

    tensors = draw(Sizes(16, 50, 1, 2, 64))  # 4 MB of history a call
    for _ in range(5):
        results(tensors, "native")
    before = resident_megabytes()
    for _ in range(40):
        results(tensors, "native")
    assert resident_megabytes() - before < 20


def test_several_python_threads_at_once() -> None:
    expected = results(draw(SMALL), "native")
    barrier = threading.Barrier(4)

    def run(_: int) -> bool:
        barrier.wait()
        many = (results(draw(SMALL), "native") for _ in range(20))
        return all(torch.equal(found[name], expected[name]) for found in many for name in expected)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(run, range(4)))


def _worker(connection: "multiprocessing.connection.Connection") -> None:
    faulthandler.dump_traceback_later(25)  # says where, should it ever hang
    torch.set_num_threads(1)  # PyTorch's own thread pool does not survive a fork
    connection.send(results(draw(SMALL), "native")["gradient of weights.recurrent"].numpy())


def test_forked_worker() -> None:
    torch.set_num_threads(2)
    expected = results(draw(SMALL), "native")["gradient of weights.recurrent"]
    torch.set_num_threads(1)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_worker, args=(sender,), daemon=True)
    process.start()
    assert receiver.poll(30)
    assert relative_rms(torch.from_numpy(receiver.recv()), expected) <= TOLERANCE
    process.join(30)
    assert process.exitcode == 0


def test_spawned_worker() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply_async(lstm_cases.errors, (SMALL,)).get(60)
    assert all(error <= TOLERANCE for error in found.values()), found
