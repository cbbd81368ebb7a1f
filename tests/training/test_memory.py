"""Which batch would fit on a GPU: a straight line through what two smaller ones used."""

import pytest
import torch

from ntmlab.training import memory
from ntmlab.training.memory import GIB, largest_batch, rounded, too_large


def gpu(total: int, fixed: int = 1000, each: int = 7, tried: list[int] | None = None):
    """Bytes that a step uses of so many, the batches tried noted."""

    def used(batch: int) -> int:
        if tried is not None:
            tried.append(batch)
        if fixed + each * batch > total:
            raise torch.OutOfMemoryError
        return fixed + each * batch

    return used


@pytest.mark.parametrize("batch", [10_000, 640, 200])
@pytest.mark.parametrize("total", [2_000, 20_000])
def test_the_largest_batch_fits_and_hardly_another(total, batch):
    fits = largest_batch(batch, total, gpu(total))
    assert fits < batch
    assert 1000 + 7 * fits <= total
    assert fits == batch - 1 or 1000 + 7 * (fits + 1) > total * 0.9


def test_trials_are_far_smaller_than_what_did_not_fit():
    tried: list[int] = []
    assert largest_batch(1_000_000, 20_000, gpu(20_000, tried=tried)) > 0
    assert max(tried) < 1_000_000 / 30


def test_not_even_one_sequence_fits():
    assert largest_batch(100, 900, gpu(900)) == 0


def test_the_line_says_the_batch_what_was_free_and_what_fits(monkeypatch):
    monkeypatch.setattr(memory, "free_bytes", lambda: 3 * GIB)
    said = too_large(100_000, gpu(3 * GIB, GIB, GIB // 10_000))
    assert said == (
        "batch 100,000 needs more memory than the 3.0 GiB free on this GPU; about 17,000 would "
        "fit: --set batch=17000"
    )
    said = too_large(10, gpu(10))
    assert said.endswith("3.0 GiB free on this GPU, and so would a single sequence")
    assert rounded(12_345) == 12_000


def test_what_a_step_takes_is_beside_what_was_there(monkeypatch):
    """Of a GPU that holds 100 bytes, of which a step makes 150 for a while."""
    said = {"memory_allocated": 100, "max_memory_allocated": 150}
    for name in ("reset_peak_memory_stats", "synchronize", *said):
        monkeypatch.setattr(memory.torch.cuda, name, lambda name=name: said.get(name))
    assert memory.used_by(lambda: None) == 2 * 50
