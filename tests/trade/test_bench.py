"""The benches fire, untimed and small, so that they never rot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.mark.nightly
def test_the_scan_bench_runs_and_its_steps_agree(tmp_path):
    command = [sys.executable, str(BENCH / "scan.py"), "--rows", "20000", "--repeats", "1", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    sums = done.stdout.splitlines()[-1].split("{")[1]
    assert sums.count(",") == 0  # the same hundred losses from the SQL and from both of our files
    assert "hand-written SQL" in done.stdout
    assert "SQL that writes the same columns / it" in done.stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Every triple of a small made-up year as the scan writes it, and as SQL does."""
    folder = tmp_path_factory.mktemp("bench")
    made = (
        "import sys; from pathlib import Path; import scan_data, scan_sql; from geoecon import flows, indicators\n"
        "folder = Path(sys.argv[1]); ours = folder / 'ours.parquet'\n"
        "flows.convert(scan_data.write(folder, 30_000), ours, quiet=True)\n"
        "indicators.scan(flows.read_flows(ours, quiet=True), out=folder / 'scan.parquet', elasticity=5.0)\n"
        "scan_sql.write(ours, folder / 'sql.parquet', 5.0)\n"
    )
    done = subprocess.run([sys.executable, "-c", made, str(folder)], capture_output=True, text=True, cwd=BENCH)
    assert done.returncode == 0, done.stderr
    return folder / "scan.parquet", folder / "sql.parquet"


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    text = {name: str for name in ("period", "importer", "exporter", "product", "top_supplier", "reason")}
    return table.astype(text).sort_values(["product", "importer", "exporter"], ignore_index=True)


def test_every_triple_written_is_what_sql_writes(files):
    ours, theirs = (_sorted(pd.read_parquet(file)) for file in files)
    assert len(ours) == 30_000
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False, check_exact=False, rtol=1e-9, atol=1e-12)


def test_every_triple_written_is_the_same_in_other_readers(files):
    wanted = pd.read_parquet(files[0])
    polars, duck = pl.read_parquet(files[0]), duckdb.sql(f"select * from '{files[0]}'")
    assert polars.columns == duck.columns == list(wanted.columns)
    for name in wanted:
        held = wanted[name].astype(object).where(wanted[name].notna(), None).tolist()
        assert polars[name].to_list() == held, name
        assert [row[0] for row in duck.select(f'"{name}"').fetchall()] == held, name
