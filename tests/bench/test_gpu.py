"""The rows of a GPU: what they hold and how they are timed, on a CPU; and on a GPU itself."""

import dataclasses
import json
import time
from importlib import import_module

import pytest
import torch

from ntmlab import LSTM, NTM
from ntmlab.bench.gpu import GPU_CASES, Rates, measure_on_gpu, passes
from ntmlab.bench.gpu import cases as rows
from ntmlab.bench.gpu import measure as timing
from ntmlab.bench.gpu import outside as peers
from ntmlab.bench.gpu.machines import Machines
from ntmlab.bench.measure import CheckError, Measurement, confirm, repeated
from ntmlab.bench.traffic import lstm_bytes, ntm_bytes
from ntmlab.cli import main
from ntmlab.cli.bench import line, record
from ntmlab.errors import Remark
from tests.gpu import needs_gpu

# Functions of the package have the names of these two.
shared, measuring = (import_module(f"ntmlab.bench.{name}") for name in ("cases", "measure"))
CPU = torch.device("cpu")
SMALL = {"slots": 8, "slot_width": 3, "controller_size": 5}


@pytest.fixture
def on_a_cpu(monkeypatch):
    """Short sequences; a recorded action is the action, and nothing is waited for."""
    monkeypatch.setattr(shared, "STEPS", 6)
    monkeypatch.setattr(shared, "CHECK_STEPS", 5)
    monkeypatch.setattr(measuring, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(passes, "CudaRecord", lambda: lambda action: action)
    monkeypatch.setattr(timing, "free_bytes", lambda: 0)
    monkeypatch.setattr(timing, "used_by", lambda action: action() or 2**20)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)


@pytest.mark.usefixtures("on_a_cpu")
@pytest.mark.parametrize(
    ("make", "names"),
    [
        (
            lambda: rows.ntm_case(SMALL, 4, CPU, peers=("reference",)),
            ["ntmlab", "ntmlab, no graph", "reference", "reference, graph"],
        ),
        (lambda: rows.seeds_case(3, 2, CPU), ["ntmlab", "ntmlab, no graph"]),
        (
            lambda: rows.lstm_case(2, CPU, slow=True),
            [
                "ntmlab",
                "ntmlab, no graph",
                "backend reference",
                "torch.nn.LSTM",
                "torch.nn.LSTM, graph",
                "torch.nn.LSTM with TF32",
            ],
        ),
    ],
    ids=["ntm", "seeds", "lstm"],
)
def test_a_row_is_checked_and_times_all_its_candidates(make, names, monkeypatch):
    monkeypatch.setitem(rows.GPU_CASES, "row", lambda device: make())
    before = torch.backends.cudnn.allow_tf32
    result = measure_on_gpu("row", Rates(bytes=1e9, flops=1e12), CPU, rounds=1)
    assert list(result.rates) == names
    assert all(rate > 0 for rate in result.rates.values())
    assert result.floor == min(result.floors.values())
    assert result.memory == 2**20
    torch.backends.cudnn.allow_tf32 = before


@pytest.mark.usefixtures("on_a_cpu")
def test_a_row_that_is_off_its_reference_is_not_timed(monkeypatch):
    def wrong(device):
        case = rows.ntm_case(SMALL, 2, CPU)
        check = case.check()
        check.found["logits"].add_(1)
        make = {"ntmlab": pytest.fail}
        return rows.GpuCase(2, make, 1.0, 1.0, lambda: check, case.bare)

    monkeypatch.setitem(rows.GPU_CASES, "row", wrong)
    with pytest.raises(CheckError, match="row: logits is off"):
        measure_on_gpu("row", Rates(1.0, 1.0), CPU, rounds=1)


@pytest.mark.usefixtures("on_a_cpu")
def test_what_cannot_be_had_is_a_remark():
    def too_large():
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate\nmore")

    case = rows.ntm_case(SMALL, 2, CPU)
    case.make["reference"] = too_large
    with pytest.warns(Remark, match="reference is not timed: CUDA out of memory. Tried to al"):
        candidates = case.candidates()
    assert list(candidates) == ["ntmlab", "ntmlab, no graph"]


@pytest.mark.usefixtures("on_a_cpu")
def test_peers_are_timed_after_what_we_held_is_given_back(monkeypatch):
    order = []
    monkeypatch.setattr(timing, "free_bytes", lambda: order.append("free"))

    def peer():
        order.append("peer")
        return {"JAX": 5.0}

    def make(device):
        return dataclasses.replace(rows.ntm_case(SMALL, 2, CPU), outside=(peer, lambda: {}))

    monkeypatch.setitem(rows.GPU_CASES, "row", make)
    result = measure_on_gpu("row", Rates(1.0, 1.0), CPU, rounds=1)
    assert list(result.rates) == ["ntmlab", "ntmlab, no graph", "JAX"]
    assert order == ["free", "free", "peer"]


@pytest.mark.usefixtures("on_a_cpu")
def test_every_pass_takes_another_batch_and_a_graph_reads_it_from_its_own_place():
    drawn = passes.batches(2, CPU)
    assert len({tuple(batch.inputs.flatten().tolist()) for batch in drawn}) == passes.BATCHES
    seen = []

    class Spy(NTM):
        def forward(self, inputs, *rest):
            seen.append((inputs.data_ptr(), inputs.clone()))
            return super().forward(inputs, *rest)

    call = passes.recorded(Spy(1, 1, **SMALL), drawn)
    seen.clear()
    for _ in drawn:
        call()
    assert len({place for place, _ in seen}) == 1
    assert all(torch.equal(a.inputs, b) for a, (_, b) in zip(drawn, seen, strict=True))
    assert seen[0][0] not in {batch.inputs.data_ptr() for batch in drawn}


def test_machines_are_each_the_model_it_was_made_of():
    models = [NTM(2, 1, controller=c, **SMALL) for c in ("lstm", "lstm")]
    inputs = torch.rand(6, 4, 2)
    logits, _ = Machines(models)(inputs)
    expected = [model(part)[0] for model, part in zip(models, inputs.split(3), strict=True)]
    assert torch.allclose(logits, torch.cat(expected), atol=1e-6)


@pytest.mark.usefixtures("on_a_cpu")
def test_every_gradient_of_machines_is_checked():
    machines = Machines([NTM(1, 1, **SMALL) for _ in range(2)])
    check = shared.against_reference(machines, 4)
    names = {"logits"} | {f"gradient of {name}" for name, _ in machines.named_parameters()}
    assert set(check.found) == set(check.expected) == names
    confirm("machines", check)


def test_bytes_are_counted_from_the_sizes():
    ntm = NTM(1, 1)
    each = 128 * 20 + 2 * 128 + 92 + 100 + 20  # memory, weightings, head parameters, units, read
    assert ntm_bytes(ntm, 200) == 2 * 4 * 200 * each
    assert lstm_bytes(LSTM(1, 1), 200) == 2 * 4 * 200 * 6 * 3 * 128
    assert ntm_bytes(NTM(1, 1, controller="lstm"), 200) - ntm_bytes(ntm, 200) == 8 * 200 * 500


def test_a_loop_that_is_waited_for_doubles(monkeypatch):
    clock, calls, waits = iter(range(100)), [], []
    monkeypatch.setattr("time.perf_counter", lambda: next(clock) * 0.03)
    taken = repeated(lambda: calls.append(1), lambda: waits.append(len(calls)))
    assert waits == [1, 2, 4, 8]
    assert taken == pytest.approx(0.12 / 8)


def test_a_line_and_its_record_say_floor_and_memory():
    floors = {"arithmetic": 1000.0, "bytes": 400.0}
    result = Measurement("case", {"ntmlab": 200.0, "JAX": 50.0}, 400.0, floors, 3 * 2**20)
    text = line(result)
    assert "ntmlab 200, JAX 50; 4.0 x JAX; floor by bytes 400 (50%); peak memory 3 MiB" in text
    assert record(result)["floors"] == floors
    assert record(result)["peak_memory_bytes"] == 3 * 2**20
    assert "floors" not in record(Measurement("case", {"ntmlab": 2.0}, None))


def test_programs_in_processes_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, "PROGRAMS", tmp_path)
    monkeypatch.setattr(peers, "LIMITS", dict.fromkeys(["good", "bad", "slow", "none"], 20.0))
    (tmp_path / "good.py").write_text(
        "import json, os, sys\nprint('compiling')\n"
        "assert os.environ['XLA_PYTHON_CLIENT_PREALLOCATE'] == 'false'\n"
        "print(json.dumps({'JAX': float(sys.argv[1])}))"
    )
    (tmp_path / "bad.py").write_text("import nothing_of_this_name")
    (tmp_path / "slow.py").write_text("import time; time.sleep(30)")
    assert peers.outside("good", 64) == {"JAX": 64.0}
    monkeypatch.setitem(peers.LIMITS, "slow", 0.2)
    start = time.perf_counter()
    for name, why in (("bad", "No module named"), ("slow", "not done after"), ("none", "checkout")):
        with pytest.warns(Remark, match=f"{name} is not timed: .*{why}"):
            assert peers.outside(name, 64) == {}
    assert time.perf_counter() - start < 20


def test_where_there_is_no_gpu_or_nothing_to_time_there_it_says_so(monkeypatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert main(["bench", "--device", "cuda"]) == 2
    assert main(["bench", "--device", "cuda", "--what", "optimal"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert "finds no CUDA device here" in said[0]
    assert "are of the CPU" in said[1]


def test_rows_of_the_paper_are_there():
    assert len(GPU_CASES) == 11
    assert {"batch 64", "batch 256", "batch 1024", "batch 16"} == {
        name.rpartition(", ")[2] for name in GPU_CASES if "seeds" not in name
    }


@needs_gpu
def test_a_gpu_prints_rates_floor_and_memory(capsys):
    arguments = ["bench", "--device", "cuda", "--only", "LSTM 3x128, batch 16", "--rounds", "1"]
    assert main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (case,) = found["cases"]
    assert {"ntmlab", "torch.nn.LSTM", "torch.nn.LSTM, graph"} <= set(case["sequences_per_second"])
    assert found["bytes_per_second"] > 1e11
    assert found["flops_per_second"] > 1e12
    assert case["peak_memory_bytes"] > 2**20
