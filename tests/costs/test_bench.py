"""The benches run, and their answers agree with the peer; nothing is timed here."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def test_bench_of_the_solver_runs() -> None:
    file = Path(__file__).parents[2] / "bench" / "hat_algebra.py"
    spec = importlib.util.spec_from_file_location("bench_hat_algebra", file)
    assert spec is not None and spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    found = bench.main(quick=True)
    assert set(found) == {"pair", "batch", "slider", "large"}
    assert found["pair"]["agreement_0.2"] < 1e-7 and found["batch"]["worst_residual"] < 1e-8
