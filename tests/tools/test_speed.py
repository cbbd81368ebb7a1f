"""The tables of speed are what the files say."""

import json

from tools.docs.speed import NOTHING, cpu_tables, gpu_tables

BENCH = {
    "environment": {"gpu": "NVIDIA A", "torch": "2.11.0"},
    "bytes_per_second": 3.04e12,
    "flops_per_second": 51.2e12,
    "cases": [
        {
            "case": "NTM, batch 64",
            "sequences_per_second": {
                "ntmlab": 50_000.0,
                "ntmlab, no graph": 30_000.4,
                "JAX": 1.7e3,
            },
            "floor": 500_000.0,
            "floors": {"arithmetic": 9e5, "bytes": 5e5},
            "peak_memory_bytes": 300 * 2**20,
        },
        {
            "case": "recipe",
            "sequences_per_second": {"whole step": 100.0},
            "floor": 1000.0,
            "floors": {"arithmetic": 1e3, "bytes": 5e5},
            "peak_memory_bytes": 2**20,
        },
    ],
}


def test_a_row_a_case_and_a_table_a_machine(tmp_path):
    assert gpu_tables(tmp_path) == NOTHING
    (tmp_path / "gpu-a.json").write_text(json.dumps(BENCH))
    (tmp_path / "2026-cpu.json").write_text("{}")
    text = gpu_tables(tmp_path)
    assert "NVIDIA A, PyTorch 2.11.0; a copy moves 3.04 TB/s" in text
    row = "| NTM, batch 64 | **50,000** | 30,000 | 10% (bytes) | 300 MiB | JAX 1,700 |"
    assert row in text.splitlines()
    assert "| recipe | **100** |  | 10% (arithmetic) | 1 MiB |  |" in text.splitlines()
    (tmp_path / "gpu-b.json").write_text(json.dumps(BENCH))
    assert gpu_tables(tmp_path).count("| ours |") == 2


def test_of_each_processor_the_latest_file(tmp_path):
    environment = {"processor": "AMD A", "threads": 2, "kernels": "avx2", "torch": "2.13.0"}
    ratios = {"reference": 31.97, "torch.nn.LSTM": 1.361}
    case = {"case": "LSTM", "sequences_per_second": {"ntmlab": 901.8}, "ratios": ratios}
    files = {
        "2026-01-02-a-2-cores": ("AMD A", [{**case, "floor": 1498.8}]),
        "2026-01-01-a-2-cores": ("AMD A", [{**case, "case": "before", "floor": 1.0}]),
        "2026-01-01-b-2-cores": ("Intel B", [{**case, "case": "no floor", "floor": None}]),
    }
    for name, (processor, cases) in files.items():
        bench = {"environment": environment | {"processor": processor}, "cases": cases}
        (tmp_path / f"{name}.json").write_text(json.dumps(bench))
    text = cpu_tables(tmp_path)
    assert "AMD A, 2 threads, avx2, PyTorch 2.13.0:" in text
    assert "| LSTM | **902** | reference 32; torch.nn.LSTM 1.36 | 60% |" in text.splitlines()
    assert "| no floor | **902** | reference 32; torch.nn.LSTM 1.36 |  |" in text.splitlines()
    assert "before" not in text
