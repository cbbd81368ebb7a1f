"""The table of backends: which row runs, and what is said where none can."""

import subprocess
import sys

import pytest
import torch

from ntmlab import LSTM, NTM, InputError
from ntmlab.kernels import backend
from ntmlab.kernels.backend import BACKENDS, Row, implementation

FLOATS = (torch.zeros(1),)


def chosen(operation: str, name: str = "auto", tensors: tuple[torch.Tensor, ...] = FLOATS) -> str:
    return implementation(operation, name, tensors).__module__.rpartition(".")[2]


@pytest.mark.parametrize("operation", BACKENDS)
def test_a_backend_that_cannot_run_says_why(
    operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles = (torch.zeros(1, dtype=torch.float64),)
    with pytest.raises(InputError, match=r"needs float32 tensors on the CPU; .*'reference'"):
        implementation(operation, "native", doubles)
    assert chosen(operation, tensors=doubles) == "reference"
    with pytest.raises(InputError, match=r"backend must be 'auto', .* or 'reference', not 'tpu'"):
        implementation(operation, "tpu", FLOATS)
    monkeypatch.setattr(backend, "native_module", lambda: None)
    assert chosen(operation) == "reference"
    with pytest.raises(InputError, match="cannot run: it was not built"):
        implementation(operation, "native", FLOATS)


@pytest.mark.skipif(backend.native_module() is None, reason="native kernels were not built")
@pytest.mark.parametrize("operation", BACKENDS)
def test_the_first_row_that_can_run_runs(operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(operation) == "native"
    assert chosen(operation, "reference") == "reference"
    module = f"ntmlab.kernels.{operation}.reference"
    new = Row("new", module, lambda tensors: None if len(tensors) > 1 else "one tensor is few")
    monkeypatch.setitem(BACKENDS, operation, (new, *BACKENDS[operation]))
    assert chosen(operation) == "native"
    assert chosen(operation, tensors=FLOATS * 2) == "reference"
    with pytest.raises(InputError, match="the new kernel cannot run: one tensor is few"):
        implementation(operation, "new", FLOATS)
    kind = {"ntm_scan": NTM, "lstm_scan": LSTM}[operation]
    assert kind(1, 1, backend="new")(torch.zeros(1, 2, 1))[0].shape == (1, 2, 1)


def test_a_model_imports_no_implementation_but_the_reference() -> None:
    code = "import sys, ntmlab.models; print(*sorted(n for n in sys.modules if 'kernels' in n))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"native", "layered", "_native"} & {n.split(".")[-1] for n in done.stdout.split()}
