"""The benches of this room run and their answers agree; nothing is timed here."""

import importlib.util
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"


def load(name):
    spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_screening_gives_the_answers_of_the_row_by_row_evaluation():
    assert load("licence_screen").main(rows=3000, sample=400)["different"] == 0


def test_the_point_query_and_the_load_run():
    assert load("licence_point").main(repeats=20, loads=1)["point_ms"] > 0
