"""Dated questions as a compliance officer asks them, in words, each checked by hand against the tables; and that no
place, notice, use or renamed state turns a licence into none."""

import pytest

from geoecon.errors import InputError
from geoecon.law import licence, licence_card, licence_history, screen

# exporter | destination | item | day | facts | verdict (p: presumed) or the codes to choose from
QUESTIONS = """
China|Japan|gallium|2026-07-01||case by case
China|USA|gallium|2025-06-01||prohibited
China|USA|gallium|2026-01-10||case by case
China|USA|antimony|2026-11-20||case by case p
China|USA|antimony|2026-11-28||not known
China|USA|graphite|2025-06-01||GRAPHITE-NAT GRAPHITE-SYN
China|Germany|terbium|2025-06-01||case by case
China|Germany|holmium|2025-11-08||no licence
China|Germany|holmium|2026-11-15||not known
China|Germany|rare earth magnets|2026-05-01||MAGNET-NDFEB MAGNET-NDFEB-TBDY MAGNET-SMCO
China|Japan|dysprosium|2026-03-01|end_use=military|prohibited
China|Japan|dysprosium|2026-03-01|end_use=civil|case by case
China|Japan|LIST|2026-03-01|party=Mitsubishi Heavy Industries Aero Engines|prohibited
China|India|UNLISTED|2026-03-01|end_use=nuclear|case by case
China|Iran|gallium|2024-06-01||not known
China|Russia|drones|2025-01-01||case by case
China|Netherlands|Nexperia chips|2025-10-20||prohibited
Japan|South Korea|hydrogen fluoride|2019-07-03||general licence
Japan|South Korea|hydrogen fluoride|2019-07-04|wt_pct=99|case by case
Japan|South Korea|hydrogen fluoride|2019-07-04|wt_pct=20|no licence
Japan|South Korea|photoresist|2024-01-05||general licence
Japan|China|EUV lithography|2024-01-05||ADV2025 CHIPTOOL23
Japan|Russia|LIST|2023-01-05||refused as policy
Japan|Russia|UNLISTED|2023-01-05||not known
Japan|Sudan|UNLISTED|2025-12-01|end_use=military|case by case
Japan|India|UNLISTED|2026-11-28||no licence p
Japan|North Korea|UNLISTED|2008-01-01||not known
Japan|North Korea|UNLISTED|2010-01-01||prohibited
Korea|Japan|LIST|2019-10-01||case by case
South Korea|Japan|LIST|2019-10-01||case by case
South Korea|Russia|UNLISTED|2024-05-01||not known
South Korea|Iran|UNLISTED|2024-05-01||not known
South Korea|Viet Nam|UNLISTED|2024-05-01|end_use=wmd|case by case
South Korea|China|UNLISTED|2026-10-01||not known
USA|China|H100|2022-11-01||refused as policy
USA|China|H20|2025-01-01||no licence
USA|China|H20|2025-05-01||case by case
USA|UAE|H100|2026-07-09||case by case
USA|UAE|H100|2026-07-10||no licence
USA|Russia|EAR99|2023-01-01||not known
USA|Ukraine|EAR99|2026-01-01||not known
USA|Ukraine|EAR99|2026-01-01|occupied_region=no|no licence
USA|Ukraine|EAR99|2026-01-01|occupied_region=yes|refused as policy
USA|Syria|EAR99|2026-01-01||general licence
USA|Syria|EAR99|2026-01-01|end_user=military|case by case
USA|Venezuela|EAR99|2026-01-01|end_use=military|not known
USA|Venezuela|3A991|2026-01-01|end_use=military|refused as policy
USA|Burma|EAR99|2026-01-01|end_use=military;military_intelligence=no|no licence
USA|China|EAR99|2025-05-05|party=HUAWEI TECHNOLOGIES CO LTD|refused as policy
USA|China|3B993|2025-05-05||no licence
USA|China|3B993|2025-05-05|end_use=advanced_chip_fab|refused as policy
USA|Germany|EAR99|2025-05-05|party=Siemens AG|not known
USA|Congo|EAR99|2026-01-01||no licence
USA|Virgin Islands|EAR99|2026-01-01||VGB VIR
Germany|Russia|LIST|2022-02-25||case by case
Germany|Russia|LIST|2022-02-26||prohibited
Germany|Russia|UNLISTED|2024-01-01||not known
Germany|Turkey|LIST|2023-01-01||case by case
Germany|USA|hydrogen fluoride|2023-01-01||general licence
Germany|France|LIST|2023-01-01||no licence
Germany|China|UNLISTED|2023-01-01|end_use=military|case by case
Germany|India|UNLISTED|2023-01-01|end_use=military|not known
Germany|Venezuela|UNLISTED|2023-01-01||not known
Germany|Ukraine|UNLISTED|2024-01-01|occupied_region=yes|prohibited
Netherlands|China|1970i|2024-10-01||case by case
Netherlands|China|EUV lithography|2024-10-01||LIST NL-DUV
Italy|Libya|UNLISTED|2024-01-01||not known
Taiwan|China|UNLISTED|2025-07-01|party=Huawei Technologies|case by case
Taiwan|Russia|TW-RUS|2023-01-01||refused as policy
Taiwan|USA|LIST|2026-11-28||case by case p
UK|USA|LIST|2024-06-01|general_licence_registered=yes|general licence
UK|China|quantum computer|2024-06-01||PL9013 PL9014
UK|Russia|LIST|2023-06-01||prohibited
UK|China|UNLISTED|2023-06-01|end_use=military|not known
UK|Israel|LIST|2026-02-01||not known
""".strip().splitlines()


@pytest.mark.parametrize("line", QUESTIONS)
def test_a_plain_question(line):
    exporter, destination, item, day, said, expected = line.split("|")
    facts = dict(pair.split("=", 1) for pair in said.split(";") if pair)
    answer = licence(exporter=exporter, destination=destination, item=item, on=day, facts=facts)
    found = f"{answer.verdict} p" if answer.presumed else answer.verdict
    assert (" ".join(sorted(code for code, _, _ in answer.choices)) or found) == expected


PLACES = [
    "CHN",
    "RUS",
    "IRN",
    "PRK",
    "SYR",
    "CUB",
    "BLR",
    "MMR",
    "VEN",
    "SDN",
    "LBY",
    "UKR",
    "TUR",
    "IND",
    "DEU",
    "USA",
]
GOODS = [("USA", "EAR99", "2026-07-01"), ("CHN", "UNLISTED", "2026-07-01"), ("JPN", "UNLISTED", "2026-05-01"),
         ("KOR", "UNLISTED", "2024-05-01"), ("DEU", "UNLISTED", "2024-05-01"), ("GBR", "UNLISTED", "2024-05-01"),
         ("TWN", "UNLISTED", "2025-12-01"), ("NLD", "UNLISTED", "2024-05-01")]  # fmt: skip


@pytest.mark.parametrize(("exporter", "item", "day"), GOODS)
def test_a_notice_of_the_authority_is_never_answered_by_none(exporter, item, day):
    for place in PLACES:
        if place != exporter:
            found = licence(exporter=exporter, destination=place, item=item, on=day, notice_received="yes")
            assert found.kind in ("individual", "prohibited", "unknown"), place


@pytest.mark.parametrize(("exporter", "item", "day"), GOODS)
def test_a_use_in_weapons_is_never_softer_than_no_use(exporter, item, day):
    """More said of a use of concern never lightens the answer; where it stays none a notice could still change it."""
    from geoecon.law import strictness

    for place in PLACES:
        if place == exporter:
            continue
        plain = licence(exporter=exporter, destination=place, item=item, on=day)
        for use in ("nuclear", "missile", "chemical", "military"):
            told = licence(exporter=exporter, destination=place, item=item, on=day, end_use=use)
            if "unknown" not in (plain.kind, told.kind):
                assert strictness(told.kind) >= strictness(plain.kind), (place, use)


@pytest.mark.parametrize(
    "names",
    [("Turkey", "Türkiye", "Turkiye", "TUR", "tr", "Republic of Turkey", "Republic of Türkiye"),
     ("Burma", "Myanmar", "MMR", "mm"),
     ("Swaziland", "Eswatini", "SWZ"), ("Macedonia", "North Macedonia", "MKD", "TFYR of Macedonia",
      "Republic of North Macedonia"),
     ("Ivory Coast", "Côte d'Ivoire", "Cote d’Ivoire", "CIV"), ("Czechia", "Czech Republic", "CZE"),
     ("Cape Verde", "Cabo Verde", "CPV"), ("East Timor", "Timor-Leste", "TLS"), ("Zaire", "DR Congo", "COD"),
     ("Macau", "Macao", "MAC"), ("Russia", "Russian Federation", "ＲＵＳ", "rus"), ("Holland", "Netherlands", "NLD"),
     ("Viet Nam", "Vietnam", "VNM"), ("Iran", "Islamic Republic of Iran", "Persia", "IRN"),
     ("North Korea", "DPRK", "Democratic People's Republic of Korea", "PRK"), ("UK", "Great Britain", "GBR")],
)  # fmt: skip
def test_a_renamed_place_gets_the_same_answer(names):
    asked = (("USA", "3A001", "2026-01-05"), ("Japan", "LIST", "2024-01-05"), ("China", "gallium", "2026-01-05"))
    for exporter, item, day in asked:
        answers = {licence(exporter=exporter, destination=name, item=item, on=day) for name in names}
        assert len(answers) == 1


def test_a_name_of_two_states_is_a_choice_at_every_door():
    two = "Republic of China"
    answer = licence(exporter="Japan", destination=two, item="LIST", on="2019-07-05")
    assert answer.kind == "unknown" and answer.missing == ("destination",)
    assert [code for code, _, _ in answer.choices] == ["CHN", "TWN"]
    card = licence_card("Japan", two, "LIST", "2019-07-05")
    assert [choice["asks"] for choice in card.choices] == ["destination"] * 2 and "may be 2 states" in card.sentence
    assert "destination=Republic+of+China" in card.link
    assert licence_card(two, "Japan", "LIST", "2024-10-05").choices[0]["asks"] == "exporter"
    with pytest.raises(InputError, match=r"CHN .* or TWN"):
        licence_history(exporter="Japan", destination=two, item="LIST")
    import pandas as pd

    rows = pd.DataFrame({"from": ["JPN"], "to": [two], "item": ["LIST"], "date": ["2019-07-05"]})
    with pytest.raises(InputError, match=r"CHN .* or TWN"):
        screen(rows)


def test_a_name_by_common_usage_is_read_alike_at_every_door_and_the_reading_is_said():
    import pandas as pd

    told = "Korea is read as the Republic of Korea; North Korea would be PRK"
    answer = licence(exporter="Japan", destination="Korea", item="HF", on="2019-07-05")
    assert (answer.destination, answer.kind) == ("KOR", "individual") and told in answer.also
    assert told in licence_card("Japan", "Korea", "HF", "2019-07-05").memo
    assert licence(exporter="Korea", destination="Japan", item="LIST", on="2019-10-05").exporter == "KOR"
    rows = pd.DataFrame({"from": ["JPN"], "to": ["Korea"], "item": ["HF"], "date": ["2019-07-05"]})
    found = screen(rows)
    assert found.to_frame()["licence"].tolist() == ["individual"] and told in found.notes


@pytest.mark.parametrize("place", ["EU", "EUU", "WLD", "USSR", "Benelux", "EA", "SCG", "Europe", "Africa"])
def test_a_group_or_a_former_state_is_no_place_and_never_none(place):
    with pytest.raises(InputError, match=r"destination"):
        licence(exporter="USA", destination=place, item="EAR99", on="2026-07-01")


def test_goods_that_a_use_would_catch_are_named_beside_none():
    answer = licence(exporter="Japan", destination="Viet Nam", item="UNLISTED", on="2025-12-01", end_use="military")
    assert any("row 16(1)" in why for why in answer.reasons) and "notice_received" in answer.missing


@pytest.mark.parametrize(("name", "codes"), [("Republic of China", "CHN TWN"), ("Virgin Islands", "VGB VIR")])
def test_no_state_is_guessed(name, codes):
    found = licence(exporter="USA", destination=name, item="3A001", on="2026-01-05")
    assert " ".join(sorted(code for code, _, _ in found.choices)) == codes


def test_a_parts_list_takes_places_and_day_once_for_all_lines(tmp_path):
    parts = tmp_path / "parts.csv"
    parts.write_text("part,item\nring,hydrogen fluoride\nwafer,photoresist\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"(?s)exporter= .*destination= .*on= "):
        screen(parts)
    found = screen(parts, exporter="Japan", destination="South Korea", on="2019-07-10").to_frame()
    assert list(found["licence"]) == ["individual", "individual"]
    with pytest.raises(InputError, match="for every line too"):
        screen(found[["item", "exporter", "destination", "date"]], exporter="China")


def test_a_case_brings_its_own_regimes(tmp_path):
    import csv
    import shutil
    from importlib.resources import files

    from geoecon.capacity import regimes_of_case
    from geoecon.case import load_case
    from geoecon.law import regimes_beside

    folder = tmp_path / "own-case"
    shutil.copytree(load_case("japan-korea-2019").folder, folder)
    before = regimes_of_case(load_case(folder))
    assert regimes_beside(folder)["JPN"] is regimes_beside(tmp_path)["JPN"]
    shutil.copytree(str(files("geoecon") / "law" / "regimes" / "jpn"), folder / "regimes" / "jpn")
    rules = folder / "regimes" / "jpn" / "licence_rule.csv"
    with rules.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        if row["rule_id"] in ("JP-020", "JP-021", "JP-022"):
            row["kind"] = "prohibited"
            row["licence_type"] = ""
    with rules.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    after = regimes_of_case(load_case(folder))
    assert after.keys() == before.keys()
    assert "prohibited" in {kind for states in after.values() for _, _, kind in states.kinds()}
    assert "prohibited" not in {kind for states in before.values() for _, _, kind in states.kinds()}
