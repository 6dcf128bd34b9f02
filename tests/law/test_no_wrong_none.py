"""No wrong "none": what no row says is never answered by "no licence". Whole tables of places, goods and uses."""

from datetime import date

import pytest

from geoecon.errors import InputError
from geoecon.law import licence, licence_card, licence_history, load_regimes, screen
from geoecon.law.items import OUTSIDE
from geoecon.law.one_day import on_day
from geoecon.law.regime import opened

EXPORTERS = {"USA": "USA", "CHN": "CHN", "JPN": "JPN", "KOR": "KOR", "EU": "DEU", "TWN": "TWN", "GBR": "GBR"}
SANCTIONED = ("RUS", "BLR", "IRN", "PRK", "SYR", "UKR", "LBY", "MMR", "VEN", "SDN", "CUB", "HKG", "MAC", "CHN", "JPN")
DAYS = (date(2022, 12, 1), date(2023, 12, 1), date(2025, 10, 20))


@pytest.mark.parametrize("name", EXPORTERS)
def test_listed_goods_never_need_less_than_goods_outside_the_list(name):
    """Before a control, and where the list asks nothing, an embargo of all goods still holds."""
    regime, exporter = load_regimes()[name], EXPORTERS[name]
    outer = next(code for code in OUTSIDE if code in regime.items)
    for code in regime.items:
        for place in SANCTIONED:
            for day in DAYS:
                own = on_day(regime, code, place, exporter, {}, day)
                if own.kind == "none" and outer not in regime.chains[code]:
                    assert on_day(opened(regime), outer, place, exporter, {}, day).kind == "none", (code, place, day)


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("use", ["military", "wmd", "nuclear", "terrorism", "repression", "national_security"])
def test_a_use_of_concern_is_caught_or_asked_by_a_row_or_not_known(name, use):
    """None stands only where some row of the regime asks about the use and leaves the place out."""
    regime, exporter = load_regimes()[name], EXPORTERS[name]
    item = next(code for code in OUTSIDE if code in regime.items)
    for place in SANCTIONED:
        found = licence(regime, exporter=exporter, destination=place, item=item, on="2025-10-20", end_use=use)
        if found.kind == "none" and place != exporter:
            asked = {word for row in regime.rows["catch_all"] for word in row["end_use"]}
            assert use in asked or (use == "military" and "conventional_military" in asked), (place, found.reasons)


@pytest.mark.parametrize(
    "line",
    """
USA|Hong Kong|3A090.a|2022-12-01||refused as policy
USA|Hong Kong|3B090|2022-12-01||refused as policy
USA|Hong Kong|EAR99|2025-03-01|end_use=military|not known
USA|Macao|EAR99|2025-03-01|end_use=supercomputer|refused as policy
USA|Macao|EAR99|2022-12-01|end_use=supercomputer|no licence
USA|Nicaragua|EAR99|2023-03-01|end_use=military|no licence
USA|Nicaragua|3A991|2025-03-01|end_use=military|refused as policy
USA|China|EAR99|2025-03-01|end_use=military;catch_all_trigger=suspicion|not known
USA|Ukraine|3A090.a|2022-10-10||not known
Japan|Iran|UNLISTED|2023-01-01||no licence
Japan|Iran|UNLISTED|2025-11-01||not known
Japan|Iran|ROW2|2025-11-01||refused as policy
Japan|Syria|UNLISTED|2025-03-01||not known
Japan|Russia|QC2024|2023-12-01||not known
Japan|Iran|UNLISTED|2023-01-01|end_use=terrorism|not known
South Korea|Russia|STRAT21|2023-12-01||not known
China|India|UNLISTED|2025-03-01|end_use=military|not known
Taiwan|Iraq|UNLISTED|2025-03-01||not known
Taiwan|North Korea|SHTC2026|2025-03-01||prohibited
Taiwan|Hong Kong|CHN-TOOLS|2025-03-01||not known
Germany|India|UNLISTED|2023-01-01|end_user=military|not known
Germany|India|UNLISTED|2023-01-01|end_use=repression|not known
Germany|China|NL-DUV|2026-01-20||not known
Netherlands|Russia|IMM-1970|2023-12-01||not known
Netherlands|China|METRO|2024-12-01||no licence
Netherlands|France|IMM-1970|2024-12-01||no licence
Netherlands|China|3B001.l|2024-12-01||case by case
UK|Iran|PL9013|2023-12-01||not known
UK|Iraq|UNLISTED|2023-12-01|end_use=military|not known
""".strip().splitlines(),
)
def test_what_used_to_need_no_licence(line):
    exporter, destination, item, day, said, expected = line.split("|")
    facts = dict(pair.split("=", 1) for pair in said.split(";") if pair)
    found = licence(exporter=exporter, destination=destination, item=item, on=day, facts=facts)
    assert found.verdict == expected, found.reasons
    states = licence_history(exporter=exporter, destination=destination, item=item, facts=facts)
    assert states.at(date.fromisoformat(day)).kind == found.kind  # the history says the same


def test_goods_that_stay_at_home_are_no_export_at_every_door(tmp_path):
    for place, item in (("CHN", "gallium"), ("Germany", "LIST"), ("Netherlands", "3B001.l"), ("USA", "H100")):
        found = licence(exporter=place, destination=place, item=item, on="2026-03-01", end_use="military")
        assert (found.kind, found.ground) == ("none", None) or found.choices
        assert "no export" in found.sentence() or found.choices
    card = licence_card("CHN", "China", "gallium", "2026-03-01")
    assert card.headline == "No export, no licence" and "no export" in card.sentence
    (tmp_path / "list.csv").write_text(
        "from,to,item,date\nCHN,CHN,gallium,2026-03-01\nDEU,FRA,LIST,2023-01-01\nCHN,CHN,gallium,1999-01-01\n"
    )
    many = screen(tmp_path / "list.csv")
    assert [many.answer(line).at_home for line in range(3)] == [True, False, True]
    assert set(many.column("kind")) == {"none"}


@pytest.mark.parametrize(
    ("exporter", "place", "state", "verdict"),
    [
        ("USA", "Crimea", "UKR", "refused as policy"),
        ("Germany", "Sevastopol", "UKR", "prohibited"),
        ("USA", "Donetsk", "UKR", "not known"),
        ("South Korea", "Crimea", "UKR", "not known"),  # no row of the regime speaks of it
        ("Taiwan", "Luhansk", "UKR", "not known"),
        ("Germany", "Northern Cyprus", "CYP", "not known"),
        ("USA", "Abkhazia", "GEO", "not known"),
        ("Germany", "Xinjiang", "CHN", "no licence"),
        ("Germany", "Gaza Strip", "PSE", "no licence"),
        ("Germany", "Kosovo", "XKX", "no licence"),
        ("Germany", "Taiwan", "TWN", "no licence"),
        ("Northern Ireland", "USA", "USA", "not known"),  # both laws apply there
    ],
)
def test_a_part_of_a_state_is_a_place_with_an_answer(exporter, place, state, verdict, tmp_path):
    item = "EAR99" if exporter == "USA" else "UNLISTED"
    found = licence(exporter=exporter, destination=place, item=item, on="2024-05-01")
    assert (found.destination, found.verdict) == (state, verdict)
    if exporter != "Northern Ireland":
        (tmp_path / "list.csv").write_text(f"from,to,item,date\n{exporter},{place},{item},2024-05-01\n")
        assert screen(tmp_path / "list.csv").answer(0).verdict == verdict
        again = licence_card(exporter, place, item, "2024-05-01")
        assert again.answer.verdict == verdict
        assert ("region=" in again.link) == (place not in ("Kosovo", "Taiwan"))


def test_a_fact_that_contradicts_the_place_is_refused():
    with pytest.raises(InputError, match="occupied_region=no beside Crimea; allowed: yes"):
        licence(exporter="USA", destination="Crimea", item="EAR99", on="2024-05-01", occupied_region="no")
    with pytest.raises(InputError, match="region = 'Atlantis'"):
        licence(exporter="USA", destination="Ukraine", item="EAR99", on="2024-05-01", region="Atlantis")
