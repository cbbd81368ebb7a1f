"""The native NTM scan in several Python threads at once, and in worker processes."""

import faulthandler
import multiprocessing
import threading

import pytest
import torch

from ntmlab.kernels.ntm_scan import native
from tests.kernels.test_ntm_scan import leaves, make, pytestmark, run, with_gradients

__all__ = ["pytestmark"]


def test_several_python_threads_at_once():
    case = make("paper")
    expected = with_gradients(leaves(*case[:3]), case[3])
    results = [None] * 4

    def work(i):
        results[i] = with_gradients(leaves(*case[:3]), case[3])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for outputs, gradients in results:
        assert all(torch.equal(a, b) for a, b in zip(outputs, expected[0], strict=True))
        assert all(torch.equal(a, b) for a, b in zip(gradients, expected[1], strict=True))


def in_child(queue):
    faulthandler.dump_traceback_later(50)  # says where, should it ever hang
    torch.set_num_threads(1)  # PyTorch's own pool does not survive a fork
    native.thread_count = lambda: 2  # the scan's threads do
    inputs, weights, state, shifts = make("paper")
    queue.put(float(run([inputs, *weights, *state], shifts)[0].sum()))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_worker_processes(method, monkeypatch):
    monkeypatch.setattr(native, "thread_count", lambda: 2)
    inputs, weights, state, shifts = make("paper")
    expected = float(run([inputs, *weights, *state], shifts)[0].sum())
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    process = context.Process(target=in_child, args=(queue,), daemon=True)
    process.start()
    assert queue.get(timeout=60) == expected
    process.join()
