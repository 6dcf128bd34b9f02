"""A new year of what ships: pacts, capabilities and a world table go on from the bundled ones."""

import numpy as np
import pandas as pd
import pytest

import geoecon as ge
from geoecon import production, triangle
from geoecon.files import own_folder
from geoecon.questions import library
from geoecon.questions.ask import made_case, wording
from geoecon.triangle import newer, patrons
from geoecon.triangle import records as r


@pytest.fixture(autouse=True)
def forgotten():
    yield
    newer.forget()
    production.world.cache_clear()
    production.incomes_forgotten()


def write(tmp_path, name, text):
    place = tmp_path / name
    place.write_text(text, encoding="utf-8")
    return place


def test_a_new_pact_goes_on_from_the_records_and_the_others_stay(tmp_path):
    before = patrons.allies("JPN", 2024)
    assert patrons.patron_of(("CHN",), ("CHL",), 2024)[0] != "JPN"
    file = write(tmp_path, "pacts.csv", "state1,state2,start_year,end_year,defense\nJapan,PHL,2023,2024,1\n")
    assert library.update(file).kind == "pacts"
    assert set(patrons.allies("JPN", 2024)) == {*before, "PHL"}
    assert "2024" in patrons.patron_of(("CHN",), ("KOR",), 2024)[1]
    assert r.last_pacts() == 2024
    assert "1 file of your own" in ge.data().sentence()


def test_a_pact_that_ended_is_gone(tmp_path):
    assert "USA" in patrons.allies("KOR", 2024)
    end = "mem1,mem2,year,defense\n2,732,2019,1\n2,732,2020,0\n2,740,2024,1\n"
    library.update(write(tmp_path, "atop.csv", end))
    assert "USA" not in patrons.allies("KOR", 2024)
    assert "USA" in patrons.allies("JPN", 2024)


def test_capabilities_of_a_new_year_are_the_last(tmp_path):
    rows = r.records("capabilities").query("year == 2022").assign(year=2024)[["ccode", "year", "cinc"]]
    rows.to_csv(tmp_path / "nmc.csv", index=False)
    library.update(tmp_path / "nmc.csv")
    assert r.last_power() == 2024
    assert patrons.capability("CHN", 2026) == pytest.approx(r.value("capabilities", "cinc", "CHN", 2022))


def test_ideal_points_of_a_new_session_are_used(tmp_path):
    head = '"ccode","session","IdealPointAll","Q5%All","Q95%All","iso3c"\n'
    rows = "".join(f"{ccode},80,{point},{point - 0.1},{point + 0.1},X\n" for ccode, point in ((2, 2.5), (740, 1.5)))
    assert library.update(write(tmp_path, "points.csv", head + rows)).kind == "ideal points"
    assert r.last_year() == 2025
    assert r.value("ideal_points", "ideal_point", "JPN", 2025) == 1.5
    assert r.value("ideal_points", "ideal_point", "JPN", 2024) != 1.5  # the bundled years stay


def test_votes_of_a_new_session_go_on_from_the_bundled_ones(tmp_path):
    rows = [f"{call},2,80,{1 + call % 3}\n{call},740,80,{1 + call % 2}\n" for call in range(12)]
    library.update(write(tmp_path, "UNVotes.csv", "rcid,ccode,session,vote\n" + "".join(rows)))
    usa, japan = r.common_votes("USA", "JPN", 2025)
    assert list(usa) == [3 - call % 3 for call in range(12)]  # yes 3, abstain 2, no 1
    assert list(japan) == [3 - call % 2 for call in range(12)]
    assert len(r.common_votes("USA", "JPN", 2015)[0]) > 20
    assert not len(r.common_votes("USA", "KOR", 2025)[0])  # it did not vote in these rows


WORLD_BANK = (
    '\ufeff"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-10-01",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2022","2024","2025",\n'
    '"Japan","JPN","GDP (current US$)","NY.GDP.MKTP.CD","4256410760723.75","4026211000000","",\n'
    '"Tajikistan","TJK","GDP (current US$)","NY.GDP.MKTP.CD","10700000000","14200000000","",\n'
    '"World","WLD","GDP (current US$)","NY.GDP.MKTP.CD","1e14","1.1e14","",\n'
)


def test_incomes_of_the_world_bank_as_downloaded_stand_for_the_bundled_ones(tmp_path):
    made = library.update(write(tmp_path, "API_NY.GDP.MKTP.CD_DS2_en_csv_v2.csv", WORLD_BANK))
    assert (made.kind, made.holds) == ("incomes", "gdp of 2 countries, 2022 to 2024 (1 groups left out)")
    assert production.own_income("JPN", "gdp_usd", 2025) == (2024, 4026211000000.0)
    assert production.nations().at["TJK", "gdp_usd_billion"] == pytest.approx(10.7)
    asked, day = wording("China stops graphite to Japan", start="2026-06-01")
    macro = made_case(asked, patron=None, start=day)[1].texts["macro.csv"]
    assert "JPN,gdp_usd,2024,4026211000000,current USD,own-incomes,seen" in macro


@pytest.mark.parametrize(
    ("change", "says"),
    [(("10700000000", "much"), "'much'; allowed: a number above 0"), (("NY.GDP.MKTP.CD", "NY.GNP"), "NY.GNP"),
     (('"2022","2024","2025"', '"a","b","c"'), "no column of a year")],
)  # fmt: skip
def test_incomes_that_cannot_be_read_are_refused(tmp_path, change, says):
    with pytest.raises(ge.InputError, match=says):
        library.update(write(tmp_path, "gdp.csv", WORLD_BANK.replace(*change)))
    assert not list(own_folder().rglob("*.parquet"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("state1,state2,start_year,end_year,defense\nJapan,Atlantis,2023,2024,1\n", "line 2, ccode2"),
        ("state1,state2,start_year,end_year,defense\nJapan,PHL,2024,2023,1\n", "end before the start"),
        ("state1,state2,start_year,end_year,defense\nJapan,PHL,2023,2024,2\n", "'2'; allowed: 0 or 1"),
        ("ccode,year,cinc\n2,2024,1.4\n", "cinc"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(tmp_path, text, says):
    with pytest.raises(ge.InputError, match=says):
        library.update(write(tmp_path, "bad.csv", text))
    assert not list(own_folder().rglob("*.parquet"))


def world_file(tmp_path, year=2023):
    """Three countries and the rest in the OECD's codes, each industry selling to each."""
    codes = [
        "A01", "B05", "B06", "B07", "C10T12", "C13T15", "C31T33", "C19", "C20", "C21", "C22", "C24A", "C24B", "C25",
        "C26", "C27", "C28", "C29", "C30", "D", "F", "G", "H49", "I", "J61", "K", "O",
    ]  # fmt: skip
    regions = ("CHN", "KOR", "USA", "ROW")
    names = [f"{region}_{code}" for region in regions for code in codes]
    rng = np.random.default_rng(0)
    n = len(names)
    Z, Y = rng.uniform(1, 9, (n, n)), rng.uniform(50, 90, (n, len(regions)))
    x = Z.sum(axis=1) + Y.sum(axis=1)
    frame = pd.DataFrame(
        np.hstack([Z, Y, x[:, None]]), index=names, columns=[*names, *(f"{one}_HFCE" for one in regions), "OUT"]
    )
    taxes = pd.DataFrame(0.0, index=["TLS"], columns=frame.columns)
    added = pd.DataFrame([[*(x - Z.sum(axis=0)), *[0.0] * 5]], index=["VA"], columns=frame.columns)
    out = pd.DataFrame([[*x, *Y.sum(axis=0), 0.0]], index=["OUT"], columns=frame.columns)
    place = tmp_path / f"{year}_SML.csv"
    pd.concat([frame, taxes, added, out]).rename_axis("V1").to_csv(place)
    return place, Z, x


def test_a_newer_world_table_takes_the_place_of_the_bundled_one(tmp_path):
    place, Z, x = world_file(tmp_path)
    one = library.update(place)
    assert one.kind == "world table"
    world = production.world()
    assert (world.year, world.regions, len(world.sectors)) == (2023, ("CHN", "KOR", "USA"), 27)
    kept = 3 * 27
    assert np.asarray(world.x).sum() == pytest.approx(x[:kept].sum())  # what the rest bought stays in output
    assert world.Z.sum() == pytest.approx(Z[:kept, :kept].sum())
    economy = production.economy("CHN", "KOR")
    assert np.allclose(economy.Z.sum(axis=1) + economy.Y.sum(axis=1), economy.x)
    answer = ge.ask("China stops graphite to Korea", draws=0, start="2026-06-01")
    assert "2023_SML" in " ".join(answer.assessment.disruption.sources) or any("2023" in one for one in answer.sources)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: f.drop(columns="KOR_C26"), "no column for KOR_C26; allowed: a column for every industry"),
        (lambda f: f.drop(index="KOR_C26"), "no row for KOR_C26; allowed: a row for every industry"),
        (lambda f: f.drop(columns=[c for c in f if c.endswith("HFCE")]), "no column of final demand"),
        (lambda f: f.drop(columns="KOR_HFCE"), "no final demand of KOR"),
        (lambda f: f * 0, "no industry has output"),
        (lambda f: f.replace(f.loc["CHN_C26", "KOR_C26"], -4.0), "CHN/C26 sells -4 to KOR/C26; allowed: sales from 0"),
        (lambda f: f.replace(f.loc["CHN_C26", "KOR_C26"], 4e9), "differ from output by .*KOR/C26 .*adds up to 1%"),
        (lambda f: f.iloc[:40], "no row for .*KOR_"),
    ],
)
def test_a_damaged_world_table_is_refused_and_the_bundled_one_stays(tmp_path, spoil, says):
    place, *_ = world_file(tmp_path)
    spoil(pd.read_csv(place, index_col=0)).to_csv(place)
    with pytest.raises(ge.InputError, match=says):
        production.renew_world(place)
    assert production.world().year == 2022 and len(production.world().regions) == 80


def test_a_world_table_says_what_it_holds_and_what_it_lacks(tmp_path):
    place, _, x = world_file(tmp_path)
    assert production.renew_world(place).endswith(f"27 industries, output {x.sum():,.0f} USD million a year")
    frame = pd.read_csv(place, index_col=0)
    frame.loc["VA"] += frame.loc["USA_C21"].reindex(frame.columns).fillna(0)  # bought of nobody any more
    frame.drop(columns="USA_C21", index="USA_C21").to_csv(place)
    assert production.renew_world(place).endswith("not in it: USA/C21")


def test_what_is_no_data_of_ours_is_refused_with_every_reading(tmp_path):
    with pytest.raises(ge.InputError):
        library.update(write(tmp_path, "poem.csv", "roses,are\nred,violets\n"))
    with pytest.raises(ge.InputError, match="no such file"):
        library.update(tmp_path / "gone.csv")


def test_headings_of_pacts_and_capabilities_are_known():
    assert triangle.kind_of(["mem1", "mem2", "year", "defense"]) == "pacts"
    assert triangle.kind_of(["stateabb", "ccode", "year", "cinc"]) == "capabilities"
    assert triangle.kind_of(["t", "i", "j", "k", "v", "q"]) is None
