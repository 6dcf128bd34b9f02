"""What takes hours in all: every case at 200 draws. `make nightly` runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

import geoecon as ge
from geoecon.line import Memo


@pytest.mark.nightly
@pytest.mark.parametrize("name", ge.cases())
def test_every_case_at_200_draws(name):
    memo = Memo()
    told = ge.run(ge.load_case(name), memo=memo)
    assert told.draws == 200 and told.failed == {}
    for key, figure in told.figures().items():
        if figure.low is not None:
            assert figure.low <= figure.value <= figure.high and figure.low < figure.high, key
    asked = ge.what_if(told, memo=memo)
    assert all(row.fault == "" for row in asked.rows)


@pytest.mark.nightly
@pytest.mark.spark
@pytest.mark.parametrize("more", [[], ["--lose-a-worker", "25"]])
def test_a_standalone_spark_cluster_gives_what_duckdb_gives(more):
    bench = Path(__file__).parents[2] / "bench"
    words = [sys.executable, "spark_cluster.py", "--rows", "100000", *more]
    done = subprocess.run(words, cwd=bench, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
