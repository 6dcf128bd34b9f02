"""The benches fire, untimed and small, so that they never rot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
