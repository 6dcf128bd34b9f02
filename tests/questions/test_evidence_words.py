"""What the record of forecasts says where it cannot judge."""

import pandas as pd
import pytest

import geoecon as ge
from geoecon.questions import calibrated


@pytest.mark.parametrize(("draws", "words"), [(0, "With no draws"), (1, "With one draw"), (9, "With 9 draws")])
def test_draws_too_few_for_a_band_judge_nothing(draws, words):
    found = ge.evidence("china-japan-2026", draws=draws, conditions=["known"])
    assert found.sentence().startswith(words) and "fail" not in found.sentence()


def test_a_band_without_an_end_is_counted_apart():
    told = pd.DataFrame({
        "class": ["length", "length"], "past_rank": [0.5, 0.2], "inside": [1.0, 1.0], "scaled_crps": [1.0, 2.0],
        "past_interval_score": [3.0, float("inf")], "interval_score": [2.0, 1.0], "log_score": [1.0, 1.0],
    })  # fmt: skip
    row = calibrated.reliability(told).iloc[-1]
    assert (row["interval score"], row["of the draws"], row["bands without an end"]) == (3.0, 2.0, 1)
