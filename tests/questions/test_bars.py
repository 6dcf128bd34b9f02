"""The bars of issue 18: bands that hold out of sample, and forecasts better than naive ones."""

import numpy as np
import pandas as pd
import pytest

import geoecon as ge
from geoecon.cli.words import show
from geoecon.questions.bars import Bars
from geoecon.scorecard import past_bands


@pytest.fixture(scope="module")
def found():
    return ge.rolling_evidence()


def test_every_bar_is_met(found):
    table = found.table()
    assert len(table) == 24
    assert table["met"].all(), table[~table["met"].astype(bool)].to_string()


def test_bands_hold_inside_classes_where_naive_ones_fail(found):
    """Design page, section 3: conditional coverage by share, cut, period and size of the flow."""
    table = found.trade.conditional()
    mine = table[(table["outcome"] == "imports") & (table["years after"] == 1)]
    assert mine["in the 80 % band"].between(0.74, 0.95).all()
    one = found.trade.find("imports", 1)
    high = one.rows["share"].to_numpy() > 0.9
    low, up = one.naive[high][:, 3], one.naive[high][:, 35]
    naive = np.average((one.seen[high] >= low) & (one.seen[high] <= up), weights=one.votes[high])
    assert naive < 0.7


def test_the_rolling_test_is_that_of_the_design_page(found):
    """1,842 cut-offs; CRPS against naive −31.5, −14.3, −12.3 %, interval score 2.61."""
    one = found.trade.find("imports", 1)
    assert len(one.seen) == 1842
    assert one.interval_score() == pytest.approx(2.61, abs=0.02)
    gains = [row["CRPS against naive (%)"] for row in found.to_frame().to_dict("records")[:3]]
    assert gains == pytest.approx([-31.5, -14.3, -12.3], abs=0.5)


def test_the_cases_bar_by_hand():
    table = past_bands()
    assert 0.75 <= table["inside"].mean() <= 0.87
    assert table["score"].mean() < table["score_draws"].mean()
    assert table["inside_draws"].mean() < 0.7


def test_it_shows_itself(found):
    assert "bars are met" in found.sentence()
    assert found.chart().to_dict() and found.summary()["met"].eq("yes").all()
    assert (found.trade.reliability()["said 90 %"] >= found.trade.reliability()["said 50 %"]).all()


@pytest.fixture(scope="module")
def judged(found):
    return found.cases, found.forward


def test_a_terminal_prints_every_bar(monkeypatch, capsys, found, judged):
    rows = pd.DataFrame(
        {"bar": [f"bar {n}." for n in range(30)], "reached": 0.8, "must": ".75", "met": [True, False] * 15}
    )
    monkeypatch.setattr(Bars, "table", lambda self: rows)
    monkeypatch.setattr(Bars, "sentence", lambda self: "Bars.")
    show(Bars(found.trade, *judged), False)
    printed = capsys.readouterr().out
    assert all(name in printed for name in rows["bar"])


def test_a_forward_judge_knows_no_later_case(judged):
    others, earlier = judged
    assert set(earlier["case"]) < set(others["case"])  # the first case has nobody to judge it
    assert len(earlier) == len(others[others["case"].isin(set(earlier["case"]))])
    for table in judged:
        assert 0.75 <= table["inside"].mean() <= 0.9
        assert table["score"].mean() < table["score_draws"].mean()
    last = earlier[earlier["case"] == "china-rare-earths-2025"].reset_index(drop=True)  # everybody else came before it
    shipped = others[others["case"] == "china-rare-earths-2025"].reset_index(drop=True)
    pd.testing.assert_frame_equal(last, shipped, rtol=1e-3)  # scales ship with four decimals
