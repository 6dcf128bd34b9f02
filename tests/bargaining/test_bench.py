"""The bench runs, and its game is solved; untimed."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))


def test_the_bench_of_quantal_response_runs():
    import quantal

    game, solved = quantal.ours(12, 2.0, repeats=1)
    assert len(game.states) == 12 and solved.residual < 1e-9
