"""A case with two states behind its sides: measures for each pair, and pressing by either."""

import shutil
from dataclasses import replace
from importlib.resources import files

import pytest

import geoecon as ge
from geoecon.bargaining.first_day import pressing_of
from geoecon.bargaining.mechanism import names_of_sides
from geoecon.errors import InputError
from geoecon.message import Findings
from geoecon.triangle import for_case

ROW = "{state},press,2022-05,,words,,,2022-05-01,jk102,memory,low\n"


@pytest.fixture
def folder(tmp_path):
    """Japan–Korea with the United Kingdom as a second patron."""
    place = tmp_path / "two-patrons"
    shutil.copytree(str(files("geoecon") / "cases" / "japan-korea-2019"), place)
    text = (place / "case.toml").read_text(encoding="utf-8")
    lead = 'name = "United States"\nrole = "patron"\n'
    assert lead in text
    more = '[[states]]\ncode = "GBR"\nname = "United Kingdom"\nrole = "patron"\n\n'
    text = text.replace(lead, lead + "lead = true\n").replace("[[states]]", more + "[[states]]", 1)
    (place / "case.toml").write_text(text.replace('id = "japan-korea-2019"', 'id = "two-patrons"'), encoding="utf-8")
    return place


def test_each_patron_has_its_triangle(folder):
    case, one = ge.load_case(folder), ge.load_case("japan-korea-2019")
    assert case.patrons == ("USA", "GBR") and case.patron == "USA"
    draws = ge.sample(case.parameters, 5)
    both, alone = for_case(case, draws), for_case(one, draws)
    assert [other.states for other in both.others] == [("GBR", "JPN", "KOR")]
    found = both.figures()
    for key, figure in alone.figures().items():
        assert found[key].value == figure.value, key
    # no pact binds Japan or Korea to the United Kingdom (ATOP 5.1): nothing is lost with it
    assert found["security_dependence.KOR.GBR"].value == 0
    assert found["security_dependence.KOR"].value > 0.5
    assert "The United Kingdom, a further patron, has no pact with Japan or Korea." in both.sentences()
    assert set(both.to_frame()["patron"]) == {"USA", "GBR"}


def test_a_tie_of_the_case_with_the_second_patron(folder):
    with (folder / "alliance.csv").open("a", encoding="utf-8") as table:
        table.write("GBR-JPN,defence_tie,2017,,1,,,2017-01-01,jk102,memory,low\n")
    found = for_case(ge.load_case(folder), ge.sample(ge.load_case(folder).parameters, 5)).figures()
    assert found["security_dependence.JPN.GBR"].value > 0.05
    assert found["security_dependence.KOR.GBR"].value == 0


def test_either_may_press(folder):
    with (folder / "alliance.csv").open("a", encoding="utf-8") as table:
        table.write(ROW.format(state="GBR-KOR"))
    case = ge.load_case(folder)
    known, sources = pressing_of(case)
    (pressing,) = (one for one in known if one.by == "GBR")
    assert pressing.side == "target" and sources
    asked = ge.load_case("japan-korea-2019").with_scenario(press="KOR:2022-05")
    (same,), _ = pressing_of(asked)
    assert (same.by, same.side, same.month) == ("USA", "target", pressing.month)
    said, _ = pressing_of(case.with_scenario(press="gbr-JPN:2020-01/2021-01, USA-KOR:2022-05"))
    assert [(one.by, one.side) for one in said] == [("GBR", "sender"), ("USA", "target")]


def test_who_is_no_patron_cannot_press(folder):
    with (folder / "alliance.csv").open("a", encoding="utf-8") as table:
        table.write(ROW.format(state="FRA-KOR") + ROW.format(state="USA-FRA"))
    case = ge.load_case(folder)
    with pytest.raises(InputError) as refused:
        pressing_of(case)
    assert len(refused.value.faults) == 2 and "PATRON-SIDE" in str(refused.value)
    with pytest.raises(InputError, match="FRA is no patron; allowed: USA, GBR"):
        pressing_of(case.with_scenario(press="FRA-KOR:2022-05"))


def test_the_one_that_leads_stands_in_its_role_at_every_door(folder):
    """It stands second in case.toml; names, losses and pages used to take the first or the last of a role."""
    case = ge.load_case(folder)
    assert [state.code for state in case.states if state.role == "patron"] == ["GBR", "USA"]
    assert names_of_sides(case)["patron"] == "United States"
    told = ge.run(case, draws=2)
    assert (Findings(told).code("patron"), Findings(told).name("patron")) == ("USA", "United States")
    turned = ge.run(replace(case, states=tuple(sorted(case.states, key=lambda state: state.code == "GBR"))), draws=2)
    lost, wanted = (one.losses.monthly.sel(side="patron").values for one in (told, turned))
    assert lost == pytest.approx(wanted)
