"""The bench of growth runs at its smallest size; nothing is timed here."""

import importlib.util
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench" / "scale.py"


def test_the_bench_runs():
    spec = importlib.util.spec_from_file_location("bench_scale", BENCH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.main(["--tiny", "--only", "kernel,rows"])
    assert {row[0] for row in found} == {"disruption, 365 days", "welfare, one solve", "scan, duckdb"}
    assert all(row[3] >= 0 and row[4] > 0 for row in found)
