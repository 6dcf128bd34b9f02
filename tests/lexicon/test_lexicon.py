"""Names in words: what people write finds the code, what could be read two ways says so, what is unknown is refused."""

import csv
from importlib.resources import files

import pytest

from geoecon import countries, lexicon, production
from geoecon.errors import InputError
from geoecon.flows import raw_materials


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("China", "CHN"), ("chinese", "CHN"), ("CHN", "CHN"), ("Beijing", "CHN"), ("the United States", "USA"),
        ("U.S.", "USA"), ("America", "USA"), ("Australian", "AUS"), ("Türkiye", "TUR"), ("Turkey", "TUR"),
        ("DRC", "COD"), ("Congo", "COD"), ("Congo-Brazzaville", "COG"), ("Ivory Coast", "CIV"), ("Viet Nam", "VNM"),
        ("the EU", "EU27"), ("European Union", "EU27"), ("the Gulf four", "GULF4"), ("UK", "GBR"), ("Korea", "KOR"),
        ("North Korea", "PRK"), ("South Africa", "ZAF"), ("South African", "ZAF"), ("Emirati", "ARE"), ("Dutch", "NLD"),
    ],
)  # fmt: skip
def test_a_state_in_any_words(text, code):
    assert lexicon.state(text) == code


def test_a_shared_name_is_read_and_said():
    assert "North Korea would be PRK" in lexicon.place("Korea").note
    assert "COG" in lexicon.place("Congo").note


def test_a_group_has_its_members():
    assert set(lexicon.place("the Gulf four").states) == {"SAU", "ARE", "BHR", "EGY"}
    assert len(lexicon.place("the EU").states) == 27


@pytest.mark.parametrize(
    ("wrong", "near"), [("Chna", "China"), ("Indonezia", "Indonesia"), ("Kazakstan", "Kazakhstan")]
)
def test_a_misspelt_state_is_offered_and_never_taken(wrong, near):
    with pytest.raises(InputError, match=f"did you mean .*{near}"):
        lexicon.state(wrong)


def test_every_state_and_member_of_the_lists_is_a_country():
    for file in ("states.csv", "groups.csv"):
        with (files("geoecon.lexicon") / file).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                codes = [row["state"]] if "state" in row else lexicon.place(row["name"]).states
                assert all(countries.is_country(code) for code in codes), row


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("graphite", "natural_graphite"), ("Rare Earths", "rare_earths"), ("rare-earth", "rare_earths"),
        ("HS 2504", "natural_graphite"), ("2504", "natural_graphite"), ("260400", "nickel_ore"), ("LNG", "lng"),
        ("HS92 810510", "cobalt_metal"), ("3C002", "photoresist"), ("CHN:GALLIUM", "gallium"), 
        ("hydrofluoric acid", "hydrogen_fluoride"),
    ],
)  # fmt: skip
def test_a_product_by_name_code_or_list_number(text, id_):
    assert lexicon.good(text).id == id_


def test_a_code_below_a_product_keeps_to_its_own_rows():
    found = lexicon.good("250410")
    assert found.hs == ("250410",)
    assert "natural graphite" in found.name
    longer = lexicon.good("2504101000")
    assert longer.hs == ("250410",)
    assert "first six digits" in longer.note


def test_a_name_with_others_beside_it_says_so():
    assert "refined copper" in lexicon.good("copper").note


def test_words_within_several_names_are_choices():
    assert {"iron_ore", "nickel_ore"} <= {one.id for one in lexicon.product("ore")}
    with pytest.raises(InputError, match="may be several"):
        lexicon.good("ore")


@pytest.mark.parametrize("wrong", ["graphit", "pladium", "litium"])
def test_a_misspelt_product_is_offered_and_never_taken(wrong):
    with pytest.raises(InputError, match="did you mean"):
        lexicon.good(wrong)


@pytest.mark.parametrize("wrong", ["123", "2504103", "990099"])
def test_a_code_of_no_table_is_refused(wrong):
    with pytest.raises(InputError, match="customs code"):
        lexicon.good(wrong)


def test_every_bundled_code_has_a_name_and_every_product_an_industry_of_the_world_table():
    named = {code for good in lexicon.goods().values() for code in good.hs}
    assert set(raw_materials("2024")["product"]) <= named
    assert set(lexicon.industries()) <= set(production.world().sectors)
    assert set(production.uses()["industries"].str.split(";").explode()) <= set(production.world().sectors)
    assert set(production.uses().index) <= set(lexicon.goods())


def test_small_words_are_no_states():
    assert [spot.found.code for spot in lexicon.places_in("tell us in no time who is to stop it")] == []
    assert [spot.found.code for spot in lexicon.places_in("the US and the UK's allies in the EU")] == [
        "USA",
        "GBR",
        "EU27",
    ]
