"""The stage of precedents: blind, one precedent a draw, a cut from known measures of its kind."""

import numpy as np
import pandas as pd
import pytest

import geoecon as ge

CASE = ge.load_case("china-japan-rare-earths-2010")


@pytest.fixture(scope="module")
def found():
    return ge.run(CASE.at(CASE.cutoffs[0]), draws=60, until="precedents").precedents


def test_it_sees_nothing_that_came_later(found):
    for asked in found.of.values():
        assert asked.known_by == CASE.cutoffs[0]
        near = asked.neighbours()
        assert near["year"].max() + 2 < 2010
        assert not ((near["product"] == asked.product) & (near["supplier"] == "CHN")).any()


def test_predictions_are_imports_from_everybody(found):
    told = found.predictions()
    assert all(values.shape == (61,) and (values >= -100).all() for values in told.values())
    assert ("imports_all_origins_change", "rare_earths@2009/2011") in told
    paths = found.paths("rare_earths")
    np.testing.assert_allclose(
        100 * np.expm1(paths["imports_1"]), told["imports_all_origins_change", "rare_earths@2009/2011"]
    )


def test_a_cut_that_the_controls_know_better_replaces_the_prior(found):
    none, full = (found.paths("rare_earths", np.full(60, cut))["others_1"].iloc[1:] for cut in (0.0, 1.0))
    assert full.mean() > none.mean()
    assert (found.paths("rare_earths", np.full(60, 0.9))["cut"].iloc[1:] == 0.9).all()


def test_a_scenario_that_moves_no_cut_leaves_every_draw_its_precedent():
    """Stocks touch neither the measures nor what happens under them: the line asks for the same precedents."""
    case = ge.load_case("japan-korea-2019")
    asked = []
    for changes in ({}, {"inventory_days": 180}, {"review_days": 5}):
        told = ge.run(case.with_scenario(**changes), draws=6, until="disruption").precedents
        cuts = {product: np.frombuffer(cut) for product, cut, _ in told.made if cut}
        asked.append({product: (cut, told.paths(product, cut, ("place",))) for product, cut in cuts.items()})
    base, stocks, quick = asked
    assert base
    for product, (cut, places) in base.items():
        pd.testing.assert_frame_equal(places, stocks[product][1])
        same = np.r_[True, cut == quick[product][0]]
        pd.testing.assert_frame_equal(places[same], quick[product][1][same])


def test_without_measures_nothing_is_cut():
    free = ge.run(CASE.at(CASE.cutoffs[0]).with_scenario(measures="none"), draws=10, until="precedents").precedents
    assert all((asked.cut == 0).all() for asked in free.of.values())


def test_it_shows_itself(found):
    assert found.sentence().startswith("Rare earths: Of the 200 most similar of")
    assert found.chart().to_dict() and len(found.summary()) == len(found.of)
    assert set(found.figures()) == {f"{name}.rare_earths" for name in ("imports_1", "replaced_1", "price_1", "back_2")}
