"""The speed claims' scripts run, untimed."""

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"


def test_bench_against_the_peer_runs():
    found = subprocess.run(
        [sys.executable, str(BENCH / "ario.py"), "--tiny", "--blocks", "2"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert found.returncode == 0, found.stderr
    assert "120 industries" in found.stdout
    assert float(found.stdout.split("largest difference ")[1].split()[0]) < 1e-12
