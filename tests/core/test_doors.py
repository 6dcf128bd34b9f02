"""One name, every door: a state by code in any case, by its English and its own name, gives the same answer."""

import pytest

import geoecon as ge
from geoecon import lexicon

NAMES = [("jpn", "kor"), ("JP", "KR"), ("Japan", "South Korea"), ("日本", "韓国"), ("japan", "Republic of Korea")]
DOORS = {
    "scan": lambda one, other: ge.scan("sample", other, one, top=2).sentence(),
    "leverage": lambda one, other: ge.leverage("sample", one, other).sentence(),
    "alliance": lambda one, other: ge.alliance("USA", one, other, since=2015).sentence(),
    "precedents": lambda one, other: ge.precedents("250410", one, other, share=0.5).sentence(),
    "target": lambda one, other: ge.load_case("china-rare-earths-2025").towards(other).target,
}


@pytest.mark.parametrize("door", DOORS)
def test_a_state_is_known_under_all_its_names(door):
    asked = DOORS[door]
    wanted = asked("JPN", "KOR")
    assert [asked(*names) for names in NAMES] == [wanted] * len(NAMES)


@pytest.mark.parametrize("door", [door for door in DOORS if door != "target"])
def test_a_name_that_two_states_share_is_refused_with_both(door):
    with pytest.raises(ge.InputError, match=r"ambiguous country 'Korea'.*KOR.*PRK"):
        DOORS[door]("JPN", "Korea")


@pytest.mark.parametrize("door", DOORS)
def test_what_no_list_has_is_refused(door):
    with pytest.raises(ge.InputError, match=r"Atlantis'; allowed"):
        DOORS[door]("JPN", "Atlantis")


def test_a_table_keeps_the_places_of_its_own():
    assert [lexicon.code(text, ("ROW", "Japan")) for text in ("ROW", "Japan", "R99", "EU27")] == [
        "ROW", "Japan", "R99", "EU27"]  # fmt: skip


@pytest.mark.parametrize("item", ["hydrogen fluoride", "hydrogen_fluoride", "Hydrogen-Fluoride"])
def test_the_id_of_a_good_is_a_name_of_it(item):
    assert ge.licence(exporter="JPN", destination="KOR", item=item, on="2019-07-05").kind == "individual"


@pytest.mark.parametrize("name", ["2504.10", "HS 250410", "250410"])
def test_a_customs_code_is_read_as_people_write_it(name):
    assert ge.precedents(name, "CHN", "KOR", share=0.5).product == "250410"
