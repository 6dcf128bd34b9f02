"""The second reading of dependence on a patron, and findings that lie within their band."""

import numpy as np
import pytest

import geoecon as ge
from geoecon import triangle
from geoecon.triangle import output_dependence, readings, replacement_outlay, trade_dependence


def test_the_outlay_that_replaces_the_patron():
    """Half of the pool gone: own outlay once more; nine tenths: nine times."""
    assert replacement_outlay(0.5, 2.0, 100.0) == pytest.approx(2.0)
    assert replacement_outlay(0.9, 2.0, 100.0) == pytest.approx(18.0)
    assert replacement_outlay(0.0, 2.0, 100.0) == 0 and replacement_outlay(1.0, 2.0, 100.0) == np.inf


def test_japan_and_korea_are_twins_by_shares_and_not_by_outlay():
    bond = ge.triad("USA", "JPN", "KOR", 2018).bond
    table = readings(bond).set_index("state")
    assert table.loc["JPN", "by capability"] == pytest.approx(0.809, abs=5e-4)
    assert table.loc["KOR", "by capability"] == pytest.approx(0.8414, abs=5e-5)
    assert (
        2 < table.loc["JPN", "outlay to replace, % of GDP"] < 6 < table.loc["KOR", "outlay to replace, % of GDP"] < 15
    )
    by_output = output_dependence(bond)
    assert by_output.shape == (3, 3) and (np.diag(by_output) == 0).all() and (by_output <= 1).all()


def test_the_second_reading_of_2022_rests_on_output_of_2022():
    table = readings(ge.triad("USA", "JPN", "KOR", 2022).bond).set_index("state")
    assert (table["year"] == 2022).all() and table["by output"].between(0.7, 0.98).all()
    # by hand: what Korea spends on its army against its output, times Dep / (1 - Dep)
    dependence = table.loc["KOR", "by capability"]
    spent, output = triangle.records.value("capabilities", "milex", "KOR", 2022) / 1000, 1_673_900
    outlay = 100 * dependence / (1 - dependence) * spent / output
    assert table.loc["KOR", "outlay to replace, % of GDP"] == pytest.approx(outlay, rel=0.02)
    assert (readings(ge.triad("USA", "JPN", "KOR", 2021).bond)["year"] == 2019).all()


def test_no_finding_inside_its_band():
    case = ge.load_case("japan-korea-2019")
    found = triangle.for_case(case.at(case.cutoffs[0]), ge.sample(case.parameters, 100))
    assert "do not differ within the band" in found.sentence() and "larger in" not in found.sentence()
    assert "by shares no difference within the band" in " ".join(found.sentences())


def test_members_of_one_pact_are_not_ranked():
    for pair, year in ((("GRC", "TUR"), 1996), (("GBR", "ISL"), 1975)):
        said = " ".join(ge.alliance("USA", *pair, 1950, year).sentences())
        assert "by shares no difference within the band" in said


@pytest.mark.parametrize(("state", "other", "share"), [("KOR", "JPN", 0.0794), ("JPN", "KOR", 0.0580)])
def test_trade_dependence_of_2014(state, other, share):
    found = trade_dependence(state, other, 2018)
    assert found.year == 2014 and found.value == pytest.approx(share, abs=5e-5)


def test_trade_dependence_of_nobody():
    assert trade_dependence("EUU", "JPN", 2018) is None and trade_dependence("KOR", "JPN", 1940) is None
